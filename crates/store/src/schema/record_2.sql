-- Which record the person is in whom a source calls by some name: an HMAC of source and name, and an HMAC that binds the row.
-- Distributed by its own key. What a record's people are called stands, sealed, in its profile too, from which rows can be proved.

CREATE TABLE person (
    person_key BLOB NOT NULL PRIMARY KEY,
    record_id BIGINT NOT NULL,
    mac BLOB NOT NULL
) WITHOUT ROWID, STRICT;
CREATE INDEX person_by_record ON person (record_id);
