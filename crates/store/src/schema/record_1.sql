-- What is kept of each person. Every key of a record table begins with record_id, so that the schema distributes on it.

CREATE TABLE counter (
    name TEXT NOT NULL PRIMARY KEY,
    value BIGINT NOT NULL
) STRICT;

CREATE TABLE record (
    record_id BIGINT NOT NULL PRIMARY KEY,
    created_at BIGINT NOT NULL,
    standing TEXT NOT NULL,
    profile BLOB NOT NULL
) STRICT;

-- The chain of commits of one record: its end, and the commit being staged, if one is. Signed with the installation's key.
CREATE TABLE chain_head (
    record_id BIGINT NOT NULL PRIMARY KEY,
    seq BIGINT NOT NULL,
    hash BLOB NOT NULL,
    n_versions BIGINT NOT NULL,
    n_origins BIGINT NOT NULL,
    next_commit_id BIGINT NOT NULL,
    staged_commit_id BIGINT NOT NULL,
    signature BLOB NOT NULL
) STRICT;

-- Who holds the record's one staging place, and until when unless they renew it.
CREATE TABLE staging (
    record_id BIGINT NOT NULL PRIMARY KEY,
    commit_id BIGINT NOT NULL,
    import_id BIGINT NOT NULL,
    holder TEXT NOT NULL,
    lease_until BIGINT NOT NULL
) STRICT;

-- A row here is what makes the versions and origins of a commit visible.
CREATE TABLE commit_log (
    record_id BIGINT NOT NULL,
    commit_id BIGINT NOT NULL,
    seq BIGINT NOT NULL,
    at BIGINT NOT NULL,
    act TEXT NOT NULL,
    detail BLOB NOT NULL,
    reverts BIGINT NOT NULL,
    n_versions BIGINT NOT NULL,
    n_origins BIGINT NOT NULL,
    versions_digest BLOB NOT NULL,
    origins_digest BLOB NOT NULL,
    hash BLOB NOT NULL,
    PRIMARY KEY (record_id, commit_id)
) WITHOUT ROWID, STRICT;
CREATE UNIQUE INDEX commit_log_by_seq ON commit_log (record_id, seq);
CREATE INDEX commit_log_by_reverts ON commit_log (record_id, seq) WHERE reverts > 0;

CREATE TABLE version (
    record_id BIGINT NOT NULL,
    type_code BIGINT NOT NULL,
    id TEXT NOT NULL,
    version_id BIGINT NOT NULL,
    commit_id BIGINT NOT NULL,
    ordinal BIGINT NOT NULL,
    deleted BIGINT NOT NULL,
    source_id BIGINT,
    origin_digest BLOB,
    labels BIGINT NOT NULL,
    categories BIGINT NOT NULL,
    dated_from BIGINT,
    dated_until BIGINT,
    fact_rules BIGINT NOT NULL,
    body BLOB,
    mac BLOB NOT NULL,
    PRIMARY KEY (record_id, type_code, id, version_id)
) WITHOUT ROWID, STRICT;
CREATE UNIQUE INDEX version_by_commit ON version (record_id, commit_id, ordinal);
-- Holds every column that known lines are looked up by: SQLite, which knows nothing of how large a record is, takes it only then.
CREATE INDEX version_by_origin_digest ON version (record_id, origin_digest, commit_id) WHERE origin_digest IS NOT NULL;

CREATE TABLE source (
    record_id BIGINT NOT NULL,
    source_id BIGINT NOT NULL,
    kind TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    name BLOB NOT NULL,
    PRIMARY KEY (record_id, source_id)
) WITHOUT ROWID, STRICT;

-- Which resource a source's own id stands for (the id mapping).
CREATE TABLE origin (
    record_id BIGINT NOT NULL,
    source_id BIGINT NOT NULL,
    type_code BIGINT NOT NULL,
    origin_id TEXT NOT NULL,
    id TEXT NOT NULL,
    commit_id BIGINT NOT NULL,
    ordinal BIGINT NOT NULL,
    mac BLOB NOT NULL,
    PRIMARY KEY (record_id, source_id, type_code, origin_id)
) WITHOUT ROWID, STRICT;
CREATE UNIQUE INDEX origin_by_commit ON origin (record_id, commit_id, ordinal);
-- Likewise for the ids that an export gives back.
CREATE INDEX origin_by_resource ON origin (record_id, type_code, id, commit_id, ordinal);

CREATE TABLE identifier (
    record_id BIGINT NOT NULL,
    type_code BIGINT NOT NULL,
    value TEXT NOT NULL,
    system TEXT NOT NULL,
    id TEXT NOT NULL,
    version_id BIGINT NOT NULL,
    PRIMARY KEY (record_id, type_code, value, system, id, version_id)
) WITHOUT ROWID, STRICT;

CREATE TABLE reference (
    record_id BIGINT NOT NULL,
    target_type_code BIGINT NOT NULL,
    target_id TEXT NOT NULL,
    type_code BIGINT NOT NULL,
    id TEXT NOT NULL,
    version_id BIGINT NOT NULL,
    PRIMARY KEY (record_id, target_type_code, target_id, type_code, id, version_id)
) WITHOUT ROWID, STRICT;

CREATE TABLE import_batch (
    record_id BIGINT NOT NULL,
    import_id BIGINT NOT NULL,
    commit_id BIGINT NOT NULL,
    source_id BIGINT NOT NULL,
    started_at BIGINT NOT NULL,
    finished_at BIGINT,
    state TEXT NOT NULL,
    originals TEXT NOT NULL,
    report BLOB NOT NULL,
    PRIMARY KEY (record_id, import_id)
) WITHOUT ROWID, STRICT;

-- What one import has to say of single lines: repaired, quarantined, not understood.
CREATE TABLE import_issue (
    record_id BIGINT NOT NULL,
    import_id BIGINT NOT NULL,
    ordinal BIGINT NOT NULL,
    kind TEXT NOT NULL,
    detail BLOB NOT NULL,
    PRIMARY KEY (record_id, import_id, ordinal)
) WITHOUT ROWID, STRICT;

CREATE TABLE client_grant (
    record_id BIGINT NOT NULL,
    grant_id BIGINT NOT NULL,
    client TEXT NOT NULL,
    scopes TEXT NOT NULL,
    starts_at BIGINT NOT NULL,
    ends_at BIGINT,
    revoked_at BIGINT,
    PRIMARY KEY (record_id, grant_id)
) STRICT;

-- Which record holds a resource, for callers bound to no record. Distributed by (type, id); inserted first.
CREATE TABLE id_directory (
    type_code BIGINT NOT NULL,
    id TEXT NOT NULL,
    record_id BIGINT NOT NULL,
    PRIMARY KEY (type_code, id)
) WITHOUT ROWID, STRICT;

CREATE TABLE token (
    token_hash BLOB NOT NULL PRIMARY KEY,
    token_id TEXT NOT NULL,
    client TEXT NOT NULL,
    record_id BIGINT,
    scopes TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    revoked_at BIGINT
) STRICT;

CREATE TABLE job (
    record_id BIGINT NOT NULL,
    job_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    state TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    run_at BIGINT NOT NULL,
    lease_until BIGINT NOT NULL,
    n_attempts BIGINT NOT NULL,
    owner TEXT NOT NULL,
    detail BLOB NOT NULL,
    PRIMARY KEY (record_id, job_id)
) STRICT;
CREATE INDEX job_by_time ON job (state, run_at);

CREATE TABLE outbox (
    record_id BIGINT NOT NULL,
    outbox_id TEXT NOT NULL,
    topic TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    lease_until BIGINT NOT NULL,
    n_attempts BIGINT NOT NULL,
    detail BLOB NOT NULL,
    PRIMARY KEY (record_id, outbox_id)
) STRICT;
