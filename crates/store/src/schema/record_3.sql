-- What can be searched, and by what. Rows here are made of bodies: they can be made again, and verify compares them.

DROP TABLE identifier;
DROP TABLE reference;

-- One row per version that is no deletion. entry_no is commit_id * 2^24 + ordinal. superseded_by is the commit that first put another
-- version of the resource in its place, 0 for none; of a staged commit only while no commit in the chain did.
CREATE TABLE entry (
    record_id BIGINT NOT NULL,
    entry_no BIGINT NOT NULL,
    type_code BIGINT NOT NULL,
    id TEXT NOT NULL,
    version_id BIGINT NOT NULL,
    superseded_by BIGINT NOT NULL,
    source_id BIGINT,
    labels BIGINT NOT NULL,
    categories BIGINT NOT NULL,
    dated_from BIGINT,
    dated_until BIGINT,
    PRIMARY KEY (record_id, entry_no)
) WITHOUT ROWID, STRICT;
CREATE INDEX entry_by_resource ON entry (record_id, type_code, id, superseded_by);

-- param: the search parameter. grp: the element that the value is of, as far as composite parameters tell elements apart.
-- ends: 1 for the lowest value of the parameter in the version, 2 for the highest, 3 for both: what is sorted by.
CREATE TABLE token_index (
    record_id BIGINT NOT NULL,
    param BIGINT NOT NULL,
    value TEXT NOT NULL,
    system_code BIGINT NOT NULL,
    entry_no BIGINT NOT NULL,
    grp BIGINT NOT NULL,
    ends BIGINT NOT NULL,
    PRIMARY KEY (record_id, param, value, system_code, entry_no, grp)
) WITHOUT ROWID, STRICT;

CREATE TABLE string_index (
    record_id BIGINT NOT NULL,
    param BIGINT NOT NULL,
    norm TEXT NOT NULL,
    exact_code BIGINT NOT NULL,
    entry_no BIGINT NOT NULL,
    grp BIGINT NOT NULL,
    ends BIGINT NOT NULL,
    PRIMARY KEY (record_id, param, norm, exact_code, entry_no, grp)
) WITHOUT ROWID, STRICT;

CREATE TABLE reference_index (
    record_id BIGINT NOT NULL,
    param BIGINT NOT NULL,
    target_type_code BIGINT NOT NULL,
    target_id TEXT NOT NULL,
    entry_no BIGINT NOT NULL,
    grp BIGINT NOT NULL,
    ends BIGINT NOT NULL,
    PRIMARY KEY (record_id, param, target_type_code, target_id, entry_no, grp)
) WITHOUT ROWID, STRICT;

CREATE TABLE date_index (
    record_id BIGINT NOT NULL,
    param BIGINT NOT NULL,
    start_us BIGINT NOT NULL,
    end_us BIGINT NOT NULL,
    entry_no BIGINT NOT NULL,
    grp BIGINT NOT NULL,
    ends BIGINT NOT NULL,
    PRIMARY KEY (record_id, param, start_us, end_us, entry_no, grp)
) WITHOUT ROWID, STRICT;

CREATE TABLE number_index (
    record_id BIGINT NOT NULL,
    param BIGINT NOT NULL,
    number BLOB NOT NULL,
    entry_no BIGINT NOT NULL,
    grp BIGINT NOT NULL,
    ends BIGINT NOT NULL,
    PRIMARY KEY (record_id, param, number, entry_no, grp)
) WITHOUT ROWID, STRICT;

CREATE TABLE quantity_index (
    record_id BIGINT NOT NULL,
    param BIGINT NOT NULL,
    number BLOB NOT NULL,
    unit TEXT NOT NULL,
    system_code BIGINT NOT NULL,
    entry_no BIGINT NOT NULL,
    grp BIGINT NOT NULL,
    ends BIGINT NOT NULL,
    canonical_unit TEXT NOT NULL,
    canonical_number BLOB NOT NULL,
    PRIMARY KEY (record_id, param, number, unit, system_code, entry_no, grp)
) WITHOUT ROWID, STRICT;
CREATE INDEX quantity_index_canonical ON quantity_index (record_id, param, canonical_unit, canonical_number, entry_no, grp)
    WHERE canonical_unit <> '';

CREATE TABLE uri_index (
    record_id BIGINT NOT NULL,
    param BIGINT NOT NULL,
    uri TEXT NOT NULL,
    entry_no BIGINT NOT NULL,
    grp BIGINT NOT NULL,
    ends BIGINT NOT NULL,
    PRIMARY KEY (record_id, param, uri, entry_no, grp)
) WITHOUT ROWID, STRICT;

-- Words, and the beginnings of words, as HMACs under the record's key.
CREATE TABLE term_index (
    record_id BIGINT NOT NULL,
    term BIGINT NOT NULL,
    entry_no BIGINT NOT NULL,
    narrative BIGINT NOT NULL,
    PRIMARY KEY (record_id, term, entry_no)
) WITHOUT ROWID, STRICT;

CREATE TABLE term_prefix (
    record_id BIGINT NOT NULL,
    prefix BIGINT NOT NULL,
    term BIGINT NOT NULL,
    PRIMARY KEY (record_id, prefix, term)
) WITHOUT ROWID, STRICT;

-- Which records may hold a value: more than do, never fewer. For callers bound to no record. Distributed by the value.
CREATE TABLE value_record (
    digest BIGINT NOT NULL,
    record_id BIGINT NOT NULL,
    PRIMARY KEY (digest, record_id)
) WITHOUT ROWID, STRICT;

-- Records whose rows here are still to be made: of the commits before until_commit, those behind done_entry.
CREATE TABLE index_owed (
    record_id BIGINT NOT NULL PRIMARY KEY,
    until_commit BIGINT NOT NULL,
    done_entry BIGINT NOT NULL,
    is_cleared BIGINT NOT NULL
) STRICT;
INSERT INTO index_owed (record_id, until_commit, done_entry, is_cleared)
    SELECT record_id, next_commit_id, 0, 1 FROM chain_head WHERE n_versions > 0 OR staged_commit_id > 0;
