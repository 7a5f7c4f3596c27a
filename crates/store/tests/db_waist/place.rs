//! Opening the databases that the tests run on.

use std::path::{Path, PathBuf};
use std::sync::mpsc::channel;

use mecum_store::db::{Db, DbError, Migration, PageKey, PgOptions, SqliteOptions, Tx};
use mecum_testkit::harness::{self, Place, TestDatabase};

/// A table with a column of each kind.
pub(crate) const TABLES: &[Migration] = &[Migration {
    version: 1,
    name: "a thing",
    sql: "CREATE TABLE thing (id BIGINT NOT NULL PRIMARY KEY, name TEXT, body BLOB);
          CREATE UNIQUE INDEX thing_by_name ON thing (name);",
}];

/// The key all tests seal their files with.
pub(crate) fn key() -> PageKey {
    PageKey::new([7; 32])
}

/// The SQLite file in a test's folder.
pub(crate) fn file(database: &TestDatabase) -> PathBuf {
    match database.place() {
        Place::Sqlite(folder) => folder.join("mecum.db"),
        Place::Postgres(_) => panic!("this test is about SQLite"),
    }
}

/// Opens a test's database; a second call opens it a second time.
pub(crate) fn open(database: &TestDatabase) -> Db {
    match database.place() {
        Place::Sqlite(folder) => open_file(&folder.join("mecum.db")).unwrap(),
        Place::Postgres(url) => Db::open_postgres(url, "mecum", PgOptions::default()).unwrap(),
    }
}

pub(crate) fn open_file(path: &Path) -> Result<Db, DbError> {
    Db::open_sqlite(path, &key(), SqliteOptions { busy_timeout_ms: 20_000, ..SqliteOptions::default() })
}

/// Runs a test on a fresh database of each kind, with [`TABLES`] in it.
pub(crate) fn on_both(test: impl Fn(&Db, &str)) {
    for database in harness::databases() {
        let db = open(&database);
        db.migrate(TABLES).unwrap();
        test(&db, database.name());
    }
}

/// A fresh SQLite database with [`TABLES`] in it.
pub(crate) fn sqlite() -> (TestDatabase, Db) {
    let database = harness::sqlite();
    let db = open(&database);
    db.migrate(TABLES).unwrap();
    (database, db)
}

pub(crate) fn add(tx: &mut Tx<'_>, id: i64) -> Result<(), DbError> {
    tx.execute("INSERT INTO thing (id, name) VALUES ($1, $2)", &[id.into(), format!("n{id}").into()])?;
    Ok(())
}

pub(crate) fn ids(db: &Db) -> Vec<i64> {
    db.read(ids_in).unwrap()
}

pub(crate) fn ids_in(tx: &mut Tx<'_>) -> Result<Vec<i64>, DbError> {
    tx.query("SELECT id FROM thing ORDER BY id", &[])?.iter().map(|row| row.int(0)).collect()
}

/// Runs `body` while another thread stands in the middle of a write, having done `inside`.
pub(crate) fn while_writing(
    db: &Db,
    inside: impl FnOnce(&mut Tx<'_>) -> Result<(), DbError> + Send,
    body: impl FnOnce(),
) {
    let (begun, is_begun) = channel();
    let (end, is_ended) = channel::<()>();
    std::thread::scope(|scope| {
        let writer = scope.spawn(move || {
            db.write(|tx| {
                inside(tx)?;
                begun.send(()).unwrap();
                // Also when the body panics and drops its end.
                let _ = is_ended.recv();
                Ok::<_, DbError>(())
            })
        });
        is_begun.recv().unwrap();
        body();
        drop(end);
        writer.join().unwrap().unwrap();
    });
}
