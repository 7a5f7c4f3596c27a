//! Schema versions: forward only, append only, each in its own transaction, safe when two processes start at once.

use std::fmt::Write as _;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use super::{Db, DbError, Tx, dialect};

/// How long a migration waits for another process that is migrating.
const PATIENCE: Duration = Duration::from_secs(600);

const TABLE: &str = "CREATE TABLE IF NOT EXISTS schema_version (version BIGINT NOT NULL PRIMARY KEY, name TEXT NOT NULL, \
                     checksum TEXT NOT NULL, applied_at BIGINT NOT NULL)";

/// One step of the schema; never changed once it was released.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Migration {
    /// Its number; each is higher than the one before.
    pub version: u32,
    /// What it does, in a few words.
    pub name: &'static str,
    /// Its statements, separated by `;`, in the words that [`dialect`] translates.
    pub sql: &'static str,
}

/// Which versions a schema went through; 0 is an empty database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Migrated {
    /// The version found.
    pub from: u32,
    /// The version left.
    pub to: u32,
}

/// What a database still lacks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pending {
    /// The version it has; 0 is an empty database.
    pub version: u32,
    /// The versions that would be applied, lowest first.
    pub missing: Vec<u32>,
}

impl Db {
    /// Brings the schema up to the last of these migrations. Those that are applied must be the same as then.
    ///
    /// # Errors
    /// `SchemaNewer` if the database knows more than these, `SchemaChanged` if one is not what was applied, `Migration` if one fails:
    /// the ones before it stay, nothing of it does.
    pub fn migrate(&self, migrations: &[Migration]) -> Result<Migrated, DbError> {
        refuse_disorder(migrations)?;
        let from = patiently(|| self.write(|tx| prepare(tx, self, migrations)))?;
        let mut to = from;
        for migration in migrations {
            let applied = patiently(|| self.write(|tx| apply(tx, migration, migrations)));
            applied.map_err(|cause| because(migration, cause))?;
            to = to.max(migration.version);
        }
        if let Db::Postgres(postgres) = self {
            patiently(|| postgres.plan_for_large_records())?;
        }
        Ok(Migrated { from, to })
    }

    /// What [`Db::migrate`] would do, without doing it.
    ///
    /// # Errors
    /// As of [`Db::migrate`], without `Migration`.
    pub fn pending(&self, migrations: &[Migration]) -> Result<Pending, DbError> {
        refuse_disorder(migrations)?;
        self.read(|tx| {
            let version = if tx.has_table("schema_version")? { applied_version(tx, migrations)? } else { 0 };
            let missing = migrations.iter().map(|migration| migration.version).filter(|it| *it > version).collect();
            Ok(Pending { version, missing })
        })
    }
}

/// Makes the place and the table, and looks what is there.
fn prepare(tx: &mut Tx<'_>, db: &Db, migrations: &[Migration]) -> Result<u32, DbError> {
    tx.lock_schema()?;
    if let Db::Postgres(postgres) = db {
        // The name was checked to be plain when the database was opened.
        tx.schema(&format!("CREATE SCHEMA IF NOT EXISTS \"{}\"", postgres.schema()))?;
    }
    tx.schema(TABLE)?;
    applied_version(tx, migrations)
}

/// Applies one migration, unless it, or another process, already was there.
fn apply(tx: &mut Tx<'_>, migration: &Migration, migrations: &[Migration]) -> Result<(), DbError> {
    tx.lock_schema()?;
    if applied_version(tx, migrations)? >= migration.version {
        return Ok(());
    }
    tx.schema(migration.sql)?;
    tx.execute(
        "INSERT INTO schema_version (version, name, checksum, applied_at) VALUES ($1, $2, $3, $4)",
        &[migration.version.into(), migration.name.into(), checksum(migration.sql).into(), now_us().into()],
    )?;
    Ok(())
}

/// The version the database has, once everything applied was found to be the same as here.
fn applied_version(tx: &mut Tx<'_>, migrations: &[Migration]) -> Result<u32, DbError> {
    let known = migrations.last().map_or(0, |last| last.version);
    let mut found = 0;
    for row in tx.query("SELECT version, checksum FROM schema_version ORDER BY version", &[])? {
        let version = u32::try_from(row.int(0)?).map_err(|_| DbError::Corrupt)?;
        found = version;
        match migrations.iter().find(|migration| migration.version == version) {
            None if version > known => {}
            Some(migration) if checksum(migration.sql) == row.text(1)? => {}
            _ => return Err(DbError::SchemaChanged { version }),
        }
    }
    if found > known { Err(DbError::SchemaNewer { found, known }) } else { Ok(found) }
}

fn refuse_disorder(migrations: &[Migration]) -> Result<(), DbError> {
    let mut last = 0;
    for migration in migrations {
        if migration.version <= last {
            return Err(DbError::Other("migrations are numbered upwards from 1".to_owned()));
        }
        // A rule looked at only by COMMIT would fail a whole group of writes for the fault of one.
        if dialect::has_word(migration.sql, "DEFERRABLE") {
            return Err(because(migration, DbError::Unsupported("rules are checked at once: DEFERRABLE is not used")));
        }
        last = migration.version;
    }
    Ok(())
}

fn because(migration: &Migration, cause: DbError) -> DbError {
    match cause {
        DbError::SchemaNewer { .. } | DbError::SchemaChanged { .. } | DbError::Busy => cause,
        cause => DbError::Migration { version: migration.version, name: migration.name, cause: Box::new(cause) },
    }
}

/// Again while another process holds the database, within reason.
fn patiently<T>(work: impl Fn() -> Result<T, DbError>) -> Result<T, DbError> {
    let deadline = Instant::now() + PATIENCE;
    loop {
        match work() {
            Err(DbError::Busy) if Instant::now() < deadline => {}
            result => return result,
        }
    }
}

fn checksum(sql: &str) -> String {
    let digest = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, sql.as_bytes());
    digest.as_ref().iter().fold(String::with_capacity(64), |mut hex, byte| {
        // Writing to a String cannot fail.
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

fn now_us() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_micros()).unwrap_or(i64::MAX)
}
