//! Rows and transactions: the record kept in SQLite or PostgreSQL.
