//! What an operator may set about a database; the defaults suit one person's computer.

/// Settings of the embedded database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SqliteOptions {
    /// How many reads go on at once; a connection each, opened when first needed.
    pub n_readers: usize,
    /// How long a call waits for another writer, or for a free reader, before it says `Busy`. Milliseconds.
    pub busy_timeout_ms: u32,
    /// Decrypted pages kept by each connection, at most. KiB.
    pub cache_kib: u32,
    /// Whether to make the database when there is none.
    pub create: bool,
}

impl Default for SqliteOptions {
    fn default() -> Self {
        SqliteOptions { n_readers: 4, busy_timeout_ms: 5_000, cache_kib: 16 * 1024, create: true }
    }
}

/// Settings of a PostgreSQL connection pool.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PgOptions {
    /// How many connections are open at most; a transaction takes one.
    pub n_connections: usize,
    /// How long opening a connection may take. Milliseconds.
    pub connect_timeout_ms: u32,
    /// How long a statement waits for another transaction's lock, and a call for a free connection. Milliseconds.
    pub lock_timeout_ms: u32,
    /// How long one statement may run. Milliseconds.
    pub statement_timeout_ms: u32,
    /// Whether to speak to a server on another machine although the connection is not encrypted. Off: refused.
    pub plain_network: bool,
}

impl Default for PgOptions {
    fn default() -> Self {
        PgOptions {
            n_connections: 8,
            connect_timeout_ms: 5_000,
            lock_timeout_ms: 5_000,
            statement_timeout_ms: 60_000,
            plain_network: false,
        }
    }
}
