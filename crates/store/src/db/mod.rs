//! The low waist: one synchronous door to SQLite and PostgreSQL that knows nothing of FHIR (design §4).
//!
//! Everything above is written once, in SQL that both accept:
//!
//! - Parameters are `$1`, `$2`, …; a value is an integer of 64 bits, text, or bytes. Times are integer microseconds, truth is 0 or 1.
//! - A parameter that stands alone (`SELECT $1`, `$1 IS NULL`) needs `CAST($1 AS BIGINT)`, because PostgreSQL asks for its type.
//! - `NULL` sorts first on one and last on the other: say `NULLS FIRST`. `LIKE` needs an `ESCAPE`. Text compares byte by byte on both.
//! - `FOR UPDATE` may be written wherever PostgreSQL wants it; SQLite's one writer needs none. [`dialect`] lists what else is changed.
//! - After an error the transaction is over: every later statement in it fails, and nothing of it is kept.
//!
//! Calls block. From asynchronous code they belong on a thread that may block (`spawn_blocking`, `block_in_place`).

mod citus;
mod database;
pub mod dialect;
mod error;
mod migrate;
mod options;
mod page_key;
mod postgres;
mod row;
mod sqlite;
mod tx;
mod value;

pub use citus::Distributed;
pub use database::{Db, WriteCounts};
pub use error::DbError;
pub use migrate::{Migrated, Migration, Pending};
pub use options::{PgOptions, SqliteOptions};
pub use page_key::PageKey;
pub use postgres::Postgres;
pub use row::Row;
pub use sqlite::Sqlite;
pub use tx::{OnConflict, Tx};
pub use value::Value;
