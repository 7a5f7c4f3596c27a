//! Dumps of the three schemas by PostgreSQL's own programs, one file each, so that the keys can be kept apart (design §5).
//!
//! Address and password reach them by their environment, which other users cannot read, never as arguments, which everybody can.

use std::io::ErrorKind;
use std::path::Path;
use std::process::{Command, Stdio};

use tokio_postgres::Config;
use tokio_postgres::config::Host;

use super::backup::{BackupListener, BackupProgress};
use super::backup_error::BackupError;
use super::backup_files::{BackedUp, describe, sync_file};
use crate::db::DbError;
use crate::error::StoreError;
use crate::open::{ACCESS_SCHEMA, KEYS_SCHEMA, RECORD_SCHEMA};

/// Schema and file, in the order they are dumped: see [`super::backup`].
const DUMPS: [(&str, &str); 3] =
    [(RECORD_SCHEMA, "record.dump"), (ACCESS_SCHEMA, "access.dump"), (KEYS_SCHEMA, "keys.dump")];

/// Dumps each schema to a file of its own.
pub(super) fn save(url: &str, folder: &Path, progress: BackupListener<'_>) -> Result<Vec<BackedUp>, BackupError> {
    let mut files = Vec::with_capacity(DUMPS.len());
    for (at, (schema, name)) in DUMPS.iter().enumerate() {
        progress(BackupProgress { part: name, n_done: at as u64, n_total: DUMPS.len() as u64 });
        let mut command = connected("pg_dump", url)?;
        command.args(["--format=custom", "--no-owner", "--no-privileges", "--schema", schema, "--file"]);
        run("pg_dump", command.arg(folder.join(name)))?;
        sync_file(&folder.join(name))?;
        files.push(describe(folder, name)?);
    }
    Ok(files)
}

/// Loads the dumps into a database that has none of our schemas; each is there whole or not at all.
pub(super) fn load(url: &str, folder: &Path, progress: BackupListener<'_>) -> Result<(), BackupError> {
    for (at, (_, name)) in DUMPS.iter().enumerate() {
        progress(BackupProgress { part: name, n_done: at as u64, n_total: DUMPS.len() as u64 });
        let mut command = connected("pg_restore", url)?;
        let database = config(url)?.get_dbname().unwrap_or("postgres").to_owned();
        command.args(["--exit-on-error", "--single-transaction", "--no-owner", "--no-privileges", "--dbname"]);
        run("pg_restore", command.arg(database).arg(folder.join(name)))?;
    }
    Ok(())
}

fn config(url: &str) -> Result<Config, BackupError> {
    // The parser's own text could repeat a part of the address, and with it the password.
    let unreadable = DbError::Other("the database's address cannot be read".to_owned());
    url.parse().map_err(|_| BackupError::Store(StoreError::Db(unreadable)))
}

/// One of the programs with the address in its environment.
fn connected(program: &'static str, url: &str) -> Result<Command, BackupError> {
    let config = config(url)?;
    let hosts = config.get_hosts().iter().map(|host| match host {
        Host::Tcp(name) => name.clone(),
        #[cfg(unix)]
        Host::Unix(path) => path.to_string_lossy().into_owned(),
    });
    let ports = config.get_ports().iter().map(ToString::to_string);
    let mut command = Command::new(program);
    command.arg("--no-password").stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped());
    let mut set = |name: &str, value: Option<&str>| {
        if let Some(value) = value.filter(|value| !value.is_empty()) {
            command.env(name, value);
        }
    };
    set("PGHOST", Some(&hosts.collect::<Vec<_>>().join(",")));
    set("PGPORT", Some(&ports.collect::<Vec<_>>().join(",")));
    set("PGUSER", config.get_user());
    set("PGDATABASE", config.get_dbname());
    set("PGPASSWORD", config.get_password().and_then(|password| std::str::from_utf8(password).ok()));
    Ok(command)
}

fn run(program: &'static str, command: &mut Command) -> Result<(), BackupError> {
    let output = match command.output() {
        Err(error) if error.kind() == ErrorKind::NotFound => return Err(BackupError::NoProgram(program)),
        Err(error) => return Err(BackupError::Program { program, why: error.to_string() }),
        Ok(output) => output,
    };
    if output.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&output.stderr);
    // The first line says what failed; a row that could not be loaded is quoted in the lines behind it.
    let why = said.lines().next().unwrap_or("without a word").chars().take(300).collect();
    Err(BackupError::Program { program, why })
}
