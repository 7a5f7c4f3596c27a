//! Looking after the file: its size, its log, its soundness, whether somebody else wrote.

use std::path::PathBuf;
use std::sync::PoisonError;

use super::{Sqlite, open};
use crate::db::DbError;

impl Sqlite {
    /// Bytes on the disk: the database and its log.
    pub(in crate::db) fn size_bytes(&self) -> Result<u64, DbError> {
        let path = &self.0.file.path;
        let mut log = path.as_os_str().to_owned();
        log.push("-wal");
        let database = std::fs::metadata(path).map_err(|error| DbError::from_io(&error))?.len();
        // The log is not there while nobody has written since the last close.
        Ok(database + std::fs::metadata(PathBuf::from(log)).map_or(0, |found| found.len()))
    }

    /// Moves the whole log into the database file and empties it. Waits for readers of old pages, as long as for a writer.
    pub(in crate::db) fn checkpoint(&self) -> Result<(), DbError> {
        self.0.writer.alone(|connection| {
            let held_back =
                connection.raw().query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get::<_, i64>(0))?;
            if held_back == 0 { Ok(()) } else { Err(DbError::Busy) }
        })
    }

    /// Writes the file anew without what was deleted. Takes as much memory as the database is large.
    pub(in crate::db) fn vacuum(&self) -> Result<(), DbError> {
        self.0.writer.alone(|connection| {
            connection.run("VACUUM")?;
            Ok(())
        })?;
        self.checkpoint()
    }

    /// A number that changes whenever anybody commits, this process included.
    pub(in crate::db) fn data_version(&self) -> Result<u64, DbError> {
        let mut watcher = self.0.watcher.lock().unwrap_or_else(PoisonError::into_inner);
        let connection = match watcher.take() {
            Some(connection) => connection,
            None => open::reader(&self.0.file)?,
        };
        let version: i64 = connection.raw().prepare_cached("PRAGMA data_version")?.query_row([], |row| row.get(0))?;
        *watcher = Some(connection);
        Ok(version.unsigned_abs())
    }

    /// Reads every page, which also proves that each is as it was sealed. Returns what is wrong, in SQLite's words.
    pub(in crate::db) fn check(&self) -> Result<Vec<String>, DbError> {
        let connection = open::reader(&self.0.file)?;
        let mut statement = connection.raw().prepare("PRAGMA integrity_check(100)")?;
        let found = statement.query_map([], |row| row.get::<_, String>(0))?.collect::<Result<Vec<_>, _>>()?;
        Ok(found.into_iter().filter(|line| line != "ok").collect())
    }
}
