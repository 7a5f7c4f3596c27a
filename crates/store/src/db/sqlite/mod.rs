//! The embedded database: one file, its pages sealed, one writer with group commit, many readers.

mod backup;
mod connection;
mod error;
mod group;
mod lane;
mod open;
mod readers;
mod turnstile;
mod upkeep;
mod writer;

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

pub(super) use connection::Connection;

use self::readers::Readers;
use self::writer::Writer;
use super::tx::Session;
use super::{DbError, PageKey, SqliteOptions, Tx, WriteCounts};

/// An open encrypted SQLite database; cheap to clone.
#[derive(Clone)]
pub struct Sqlite(Arc<Inner>);

struct Inner {
    file: Place,
    writer: Writer,
    readers: Readers,
    /// Looks at the database's version only: the number is comparable on one connection alone.
    watcher: Mutex<Option<Connection>>,
}

/// Where the database is and how its connections are opened.
struct Place {
    path: PathBuf,
    key: PageKey,
    options: SqliteOptions,
}

impl Place {
    fn patience(&self) -> Duration {
        Duration::from_millis(u64::from(self.options.busy_timeout_ms))
    }
}

impl Sqlite {
    pub(super) fn open(path: &Path, key: &PageKey, options: SqliteOptions) -> Result<Sqlite, DbError> {
        open::refuse_or_make_file(path, options.create)?;
        let file = Place { path: path.to_owned(), key: key.copy(), options };
        let writer = Writer::open(&file)?;
        Ok(Sqlite(Arc::new(Inner { file, writer, readers: Readers::new(), watcher: Mutex::new(None) })))
    }

    pub(super) fn read<T, E: From<DbError>>(&self, work: impl FnOnce(&mut Tx<'_>) -> Result<T, E>) -> Result<T, E> {
        self.read_until(None, work)
    }

    pub(super) fn read_within<T, E: From<DbError>>(
        &self,
        limit: Duration,
        work: impl FnOnce(&mut Tx<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        self.read_until(Instant::now().checked_add(limit), work)
    }

    fn read_until<T, E: From<DbError>>(
        &self,
        deadline: Option<Instant>,
        work: impl FnOnce(&mut Tx<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        let mut reader = self.0.readers.take(&self.0.file)?;
        // Every loan sets it: a loan whose closure panicked leaves nothing behind.
        reader.connection().bound(deadline)?;
        reader.begin()?;
        let mut tx = Tx::new(Session::Sqlite(reader.connection()));
        let outcome = work(&mut tx);
        let (failure, _) = tx.end();
        reader.connection().bound(None)?;
        match (outcome, failure) {
            (Ok(_), Some(failure)) => Err(failure.into()),
            (outcome, _) => outcome,
        }
    }

    pub(super) fn write<T, E: From<DbError>>(&self, work: impl FnOnce(&mut Tx<'_>) -> Result<T, E>) -> Result<T, E> {
        self.0.writer.write(work)
    }

    pub(super) fn write_counts(&self) -> WriteCounts {
        self.0.writer.counts()
    }
}
