//! Throw-away databases, one set for each test: a folder for SQLite, and a fresh database on a PostgreSQL server if one is named.

use std::path::Path;

use tempfile::TempDir;

use super::postgres::Fresh;

/// A database of a test's own; gone when dropped.
pub struct TestDatabase(Kind);

enum Kind {
    Sqlite(TempDir),
    Postgres(Fresh),
}

/// Where a test's database is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place<'a> {
    /// An empty folder for SQLite files.
    Sqlite(&'a Path),
    /// The address of an empty PostgreSQL database.
    Postgres(&'a str),
}

impl TestDatabase {
    /// Where it is.
    #[must_use]
    pub fn place(&self) -> Place<'_> {
        match &self.0 {
            Kind::Sqlite(folder) => Place::Sqlite(folder.path()),
            Kind::Postgres(fresh) => Place::Postgres(fresh.url()),
        }
    }

    /// Its kind, for the text of a failed assertion.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match &self.0 {
            Kind::Sqlite(_) => "sqlite",
            Kind::Postgres(_) => "postgres",
        }
    }
}

/// A fresh database of each kind. PostgreSQL is passed over, with a printed line, when `MECUM_TEST_POSTGRES` is not set.
///
/// # Panics
/// When a database cannot be made; when `MECUM_TEST_POSTGRES` is not set and `CI=true`.
#[must_use]
pub fn databases() -> Vec<TestDatabase> {
    std::iter::once(sqlite()).chain(postgres()).collect()
}

/// A fresh folder for SQLite.
///
/// # Panics
/// When it cannot be made.
#[must_use]
pub fn sqlite() -> TestDatabase {
    let folder = tempfile::Builder::new().prefix("mecum-test-").tempdir();
    TestDatabase(Kind::Sqlite(folder.expect("a folder can be made among the temporary files")))
}

/// A fresh PostgreSQL database, unless `MECUM_TEST_POSTGRES` is not set.
///
/// # Panics
/// When it cannot be made; when `MECUM_TEST_POSTGRES` is not set and `CI=true`.
#[must_use]
pub fn postgres() -> Option<TestDatabase> {
    if let Ok(server) = std::env::var("MECUM_TEST_POSTGRES") {
        return Some(TestDatabase(Kind::Postgres(Fresh::on(&server))));
    }
    assert!(
        !super::is_ci(),
        "MECUM_TEST_POSTGRES is not set: give the address of a server where databases may be created, \
         such as postgres://postgres@127.0.0.1:5432/postgres"
    );
    println!("passing over PostgreSQL: MECUM_TEST_POSTGRES is not set");
    None
}
