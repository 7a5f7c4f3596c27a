//! The schemas of the two databases, append-only: a released text never changes, a new one is added behind it.

use crate::db::Migration;

/// What is kept of each person.
pub const RECORD: &[Migration] = &[
    Migration { version: 1, name: "the record", sql: include_str!("record_1.sql") },
    Migration { version: 2, name: "the person directory", sql: include_str!("record_2.sql") },
    Migration { version: 3, name: "the search index", sql: include_str!("record_3.sql") },
    Migration { version: 4, name: "signing in", sql: include_str!("record_4.sql") },
];

/// Who saw what.
pub const ACCESS: &[Migration] = &[Migration { version: 1, name: "the access log", sql: include_str!("access_1.sql") }];

/// The tables of [`RECORD`] and [`ACCESS`] that hold a part of one record each, with the column they distribute on (design §4).
pub const DISTRIBUTED: &[(&str, &str)] = &[
    ("record", "record_id"),
    ("chain_head", "record_id"),
    ("staging", "record_id"),
    ("commit_log", "record_id"),
    ("version", "record_id"),
    ("source", "record_id"),
    ("origin", "record_id"),
    ("entry", "record_id"),
    ("token_index", "record_id"),
    ("string_index", "record_id"),
    ("reference_index", "record_id"),
    ("date_index", "record_id"),
    ("number_index", "record_id"),
    ("quantity_index", "record_id"),
    ("uri_index", "record_id"),
    ("term_index", "record_id"),
    ("term_prefix", "record_id"),
    ("value_record", "digest"),
    ("index_owed", "record_id"),
    ("import_batch", "record_id"),
    ("import_issue", "record_id"),
    ("client_grant", "record_id"),
    ("job", "record_id"),
    ("outbox", "record_id"),
    ("id_directory", "id"),
    ("person", "person_key"),
];

/// The tables of [`ACCESS`] that distribute likewise.
pub const DISTRIBUTED_ACCESS: &[(&str, &str)] = &[("access_head", "record_id"), ("access_log", "record_id")];
