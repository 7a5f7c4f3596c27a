-- Who saw what: one chain of lines per record, apart from the record so that neither waits for the other.

CREATE TABLE access_head (
    record_id BIGINT NOT NULL PRIMARY KEY,
    seq BIGINT NOT NULL,
    hash BLOB NOT NULL,
    signature BLOB NOT NULL
) STRICT;

CREATE TABLE access_log (
    record_id BIGINT NOT NULL,
    seq BIGINT NOT NULL,
    at BIGINT NOT NULL,
    kind TEXT NOT NULL,
    disclosure_id TEXT NOT NULL,
    detail BLOB NOT NULL,
    hash BLOB NOT NULL,
    PRIMARY KEY (record_id, seq)
) WITHOUT ROWID, STRICT;
CREATE INDEX access_log_by_disclosure ON access_log (record_id, disclosure_id, seq);
