//! Opening a connection: the right library, the right key, the settings that durability and secrecy need.

use std::fs::{File, OpenOptions};
use std::io::Read as _;
use std::path::Path;
use std::time::{Duration, Instant};

use rusqlite::OpenFlags;
use rusqlite::config::DbConfig;

use super::Place;
use super::connection::Connection;
use crate::db::{DbError, PageKey};

/// How every plain SQLite file begins.
const PLAIN: &[u8; 16] = b"SQLite format 3\0";

/// Refuses a plain SQLite file; makes an empty file that only its owner can read when there is none.
pub(super) fn refuse_or_make_file(path: &Path, create: bool) -> Result<(), DbError> {
    match std::fs::metadata(path) {
        Ok(found) if found.len() > 0 => return refuse_plain(path),
        Ok(found) if !found.is_file() => return Err(DbError::Missing),
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(DbError::from_io(&error)),
        _ if !create => return Err(DbError::Missing),
        _ => {}
    }
    let mut options = OpenOptions::new();
    options.append(true).create(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path).map(drop).map_err(|error| DbError::from_io(&error))
}

/// Refuses a file whose first bytes are those of a plain database.
pub(super) fn refuse_plain(path: &Path) -> Result<(), DbError> {
    let mut head = Vec::with_capacity(PLAIN.len());
    let file = File::open(path).map_err(|error| DbError::from_io(&error))?;
    file.take(PLAIN.len() as u64).read_to_end(&mut head).map_err(|error| DbError::from_io(&error))?;
    if head == PLAIN { Err(DbError::NotEncrypted) } else { Ok(()) }
}

/// The connection that writes.
pub(super) fn writer(place: &Place) -> Result<Connection, DbError> {
    let (raw, mode) = patiently(place.patience(), || {
        let raw = unlocked(&place.path, &place.key, place.patience())?;
        let mode: String = raw.query_row("PRAGMA journal_mode = WAL", [], |row| row.get(0))?;
        Ok((raw, mode))
    })?;
    if mode != "wal" {
        return Err(DbError::Other(format!("the database cannot keep a write-ahead log here ({mode})")));
    }
    refuse_plain(&place.path)?;
    // The writer checkpoints by itself, after its members were told; a log that a long reader held back is cut again.
    raw.execute_batch(
        "PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 0; PRAGMA journal_size_limit = 67108864; \
         PRAGMA fullfsync = ON; PRAGMA checkpoint_fullfsync = ON;",
    )?;
    set_cache(&raw, place)?;
    Ok(Connection::new(raw))
}

/// Opens again while others make the same new file: SQLite does not wait by itself for whoever switches to the write-ahead log.
fn patiently<T>(patience: Duration, open: impl Fn() -> Result<T, DbError>) -> Result<T, DbError> {
    let deadline = Instant::now() + patience;
    loop {
        match open() {
            Err(DbError::Busy) if Instant::now() < deadline => std::thread::sleep(Duration::from_millis(2)),
            opened => return opened,
        }
    }
}

/// A connection that only reads.
pub(super) fn reader(place: &Place) -> Result<Connection, DbError> {
    let raw = unlocked(&place.path, &place.key, place.patience())?;
    raw.execute_batch("PRAGMA query_only = ON; PRAGMA wal_autocheckpoint = 0;")?;
    set_cache(&raw, place)?;
    Ok(Connection::new(raw))
}

fn set_cache(raw: &rusqlite::Connection, place: &Place) -> Result<(), DbError> {
    Ok(raw.pragma_update(None, "cache_size", -i64::from(place.options.cache_kib))?)
}

/// A connection to a sealed file, its key accepted. An empty file is sealed from its first page on.
pub(super) fn unlocked(path: &Path, key: &PageKey, patience: Duration) -> Result<rusqlite::Connection, DbError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let mut raw = rusqlite::Connection::open_with_flags(path, flags)?;
    wait_when_busy(&mut raw, patience)?;
    raw.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
    // Without it a statement whose parameters meet a partial index is planned anew each time it is run, which costs more than the run.
    raw.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    raw.execute_batch("PRAGMA cipher = 'aegis'")?;
    raw.execute_batch(&key.pragma())?;
    // The first read is where a wrong key shows.
    match raw.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get::<_, i64>(0)).map_err(DbError::from) {
        Ok(_) => {}
        Err(DbError::Corrupt) => return Err(DbError::WrongKey),
        Err(error) => return Err(error),
    }
    refuse_plain_library(&raw)?;
    raw.execute_batch(
        "PRAGMA foreign_keys = ON; PRAGMA temp_store = MEMORY; PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON;",
    )?;
    Ok(raw)
}

/// Nothing was written yet. The function is there only when the encrypting library is the one behind this very connection.
fn refuse_plain_library(raw: &rusqlite::Connection) -> Result<(), DbError> {
    let version: Result<String, _> = raw.query_row("SELECT sqlite3mc_version()", [], |row| row.get(0));
    match version {
        Ok(version) if version == mecum_sqlite::cipher_version() => Ok(()),
        _ => Err(DbError::NotEncrypted),
    }
}

/// Looks again every millisecond or two; SQLite's own waits grow to a tenth of a second, too long behind a busy writer.
fn wait_when_busy(raw: &mut rusqlite::Connection, patience: Duration) -> Result<(), DbError> {
    let mut since = Instant::now();
    raw.busy_handler(Some(move |count: i32| {
        if count == 0 {
            since = Instant::now();
        }
        let again = since.elapsed() < patience;
        if again {
            std::thread::sleep(Duration::from_micros(if count < 8 { 250 } else { 2_000 }));
        }
        again
    }))?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::ops::ControlFlow;

    use rusqlite::StatementStatus;

    use super::reader;
    use crate::db::sqlite::Place;
    use crate::db::{Db, PageKey, SqliteOptions, dialect};
    use crate::{read, schema};

    #[test]
    fn a_statement_is_planned_once_however_often_it_is_run_with_other_parameters() {
        let folder = tempfile::tempdir().expect("there is room for a folder");
        let (path, key) = (folder.path().join("record.db"), PageKey::new([7; 32]));
        let db = Db::open_sqlite(&path, &key, SqliteOptions::default()).expect("a new database opens");
        db.migrate(schema::RECORD).expect("the schema is sound");
        let place = Place { path, key, options: SqliteOptions::default() };
        let mut connection = reader(&place).expect("it opens again");
        for n in 0..3_i64 {
            let params = [n.into(), n.into(), "a".into()];
            let visited = connection.visit(&read::read_sql(), &params, &mut |_| ControlFlow::Continue(()));
            visited.expect("the statement is one that SQLite knows");
        }
        let statement = connection.raw().prepare_cached(&dialect::for_sqlite(&read::read_sql()));
        let statement = statement.expect("it is kept");
        assert_eq!(statement.get_status(StatementStatus::Run), 3, "it is not the one that was run");
        assert_eq!(statement.get_status(StatementStatus::RePrepare), 0);
    }
}
