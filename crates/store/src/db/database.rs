//! The database itself: which of the two it is, and what can be asked of either.

use std::path::Path;

use super::{DbError, PageKey, PgOptions, Postgres, Sqlite, SqliteOptions, Tx};

/// An open database. Cheap to clone, used by many threads at once; calls block.
#[derive(Clone)]
pub enum Db {
    /// One encrypted file.
    Sqlite(Sqlite),
    /// A schema on a PostgreSQL server.
    Postgres(Postgres),
}

/// How many writes were made durable by how many commits, since the database was opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WriteCounts {
    /// Calls of [`Db::write`] that ran, kept or not.
    pub n_writes: u64,
    /// Transactions that were committed for them.
    pub n_commits: u64,
}

impl Db {
    /// Opens, or makes, an encrypted SQLite database.
    ///
    /// # Errors
    /// `NotEncrypted` for a plain SQLite file, `WrongKey`, `Missing` if there is none and `create` is off.
    pub fn open_sqlite(path: &Path, key: &PageKey, options: SqliteOptions) -> Result<Db, DbError> {
        Sqlite::open(path, key, options).map(Db::Sqlite)
    }

    /// Connects to a PostgreSQL server of version 15 or later. All tables are in `schema`, which [`Db::migrate`] makes.
    ///
    /// # Errors
    /// `ConnectionLost` if the server does not answer, `Missing` if it has no such database, `Unsupported` if it is too old or the
    /// connection would cross a network unencrypted.
    pub fn open_postgres(url: &str, schema: &str, options: PgOptions) -> Result<Db, DbError> {
        Postgres::open(url, schema, options).map(Db::Postgres)
    }

    /// Runs a closure over one snapshot of the database; it may only read.
    ///
    /// # Errors
    /// The closure's own; `Busy` if no connection became free; whatever the database says.
    pub fn read<T, E: From<DbError>>(&self, work: impl FnOnce(&mut Tx<'_>) -> Result<T, E>) -> Result<T, E> {
        match self {
            Self::Sqlite(db) => db.read(work),
            Self::Postgres(db) => db.read(work),
        }
    }

    /// As [`Db::read`], with all its statements together bound to a time.
    ///
    /// # Errors
    /// `TooCostly` when the time is over.
    pub fn read_within<T, E: From<DbError>>(
        &self,
        limit: std::time::Duration,
        work: impl FnOnce(&mut Tx<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        match self {
            Self::Sqlite(db) => db.read_within(limit, work),
            Self::Postgres(db) => db.read_within(limit, work),
        }
    }

    /// Runs a closure in a transaction and returns once it is on the disk. If the closure fails or panics nothing of it is kept.
    ///
    /// The closure runs once, on the calling thread, and must be short: on SQLite all writers of a process share one transaction at a
    /// time. It must not call `write` of the same database.
    ///
    /// # Errors
    /// The closure's own; `Busy`, `DiskFull`, `ConnectionLost` (nothing was kept), `CommitUnknown`; whatever the database says.
    pub fn write<T, E: From<DbError>>(&self, work: impl FnOnce(&mut Tx<'_>) -> Result<T, E>) -> Result<T, E> {
        match self {
            Self::Sqlite(db) => db.write(work),
            Self::Postgres(db) => db.write(work),
        }
    }

    /// Whether a read is answered by this process alone; otherwise it waits for another one, which an asynchronous thread must not.
    #[must_use]
    pub fn is_in_process(&self) -> bool {
        match self {
            Self::Sqlite(_) => true,
            Self::Postgres(_) => false,
        }
    }

    /// How many writes and commits there were since the database was opened.
    #[must_use]
    pub fn write_counts(&self) -> WriteCounts {
        match self {
            Self::Sqlite(db) => db.write_counts(),
            Self::Postgres(db) => db.write_counts(),
        }
    }

    /// Copies one state of the database to a new file, sealed with the same key, while others go on reading and writing. Reports the
    /// bytes copied and the bytes in all. When it returns, the file is whole and on the disk.
    ///
    /// # Errors
    /// `Unsupported` on PostgreSQL, `DiskFull`, `Other` if the file is there already.
    pub fn backup_to(&self, path: &Path, progress: &mut dyn FnMut(u64, u64)) -> Result<(), DbError> {
        match self {
            Self::Sqlite(db) => db.backup_to(path, progress),
            Self::Postgres(_) => {
                Err(DbError::Unsupported("PostgreSQL is backed up with its own tools, such as pg_dump"))
            }
        }
    }

    /// Bytes the database takes on the disk, about.
    ///
    /// # Errors
    /// Whatever the database says.
    pub fn size_bytes(&self) -> Result<u64, DbError> {
        match self {
            Self::Sqlite(db) => db.size_bytes(),
            Self::Postgres(db) => db.size_bytes(),
        }
    }

    /// Empties SQLite's write-ahead log into the database file. PostgreSQL sees to that itself.
    ///
    /// # Errors
    /// `Busy` if a reader held the log for too long.
    pub fn checkpoint(&self) -> Result<(), DbError> {
        match self {
            Self::Sqlite(db) => db.checkpoint(),
            Self::Postgres(_) => Ok(()),
        }
    }

    /// Gives the space of deleted rows back. SQLite writes its file anew and needs as much memory as the database is large; no other
    /// write goes on meanwhile.
    ///
    /// # Errors
    /// `Busy`, `DiskFull`; whatever the database says.
    pub fn vacuum(&self) -> Result<(), DbError> {
        match self {
            Self::Sqlite(db) => db.vacuum(),
            Self::Postgres(db) => db.vacuum(),
        }
    }

    /// A number that differs from an earlier one whenever anybody, in any process, committed in between; it may also differ when
    /// nobody did. `None` where it cannot be known (several servers): then nothing may be cached.
    ///
    /// # Errors
    /// Whatever the database says.
    pub fn data_version(&self) -> Result<Option<u64>, DbError> {
        match self {
            Self::Sqlite(db) => db.data_version().map(Some),
            Self::Postgres(db) => db.data_version(),
        }
    }

    /// Reads all of an SQLite file and returns what is wrong with it, nothing if it is sound. PostgreSQL has its own checksums.
    ///
    /// # Errors
    /// `Corrupt` if a page does not open under the key.
    pub fn check(&self) -> Result<Vec<String>, DbError> {
        match self {
            Self::Sqlite(db) => db.check(),
            Self::Postgres(_) => Ok(Vec::new()),
        }
    }
}
