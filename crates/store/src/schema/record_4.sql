-- Signing in at the portal: links that work once, and the sessions they became. Kept as hashes, read by their hash.

CREATE TABLE sign_in_link (
    link_hash BLOB NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    records TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    used_at BIGINT
) STRICT;

CREATE TABLE session (
    session_hash BLOB NOT NULL PRIMARY KEY,
    session_id TEXT NOT NULL,
    name TEXT NOT NULL,
    records TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    seen_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    ended_at BIGINT
) STRICT;
CREATE INDEX entry_by_date ON entry (record_id, dated_from, entry_no);
