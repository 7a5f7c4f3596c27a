//! Rows and transactions: the record kept in SQLite or PostgreSQL.

pub mod blobs;
pub mod codec;
pub mod keys;
pub mod seal;
