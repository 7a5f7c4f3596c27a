//! A throw-away installation on one of the databases: gone when dropped.

use std::path::{Path, PathBuf};
use std::process::Command;

use mecum_phr::Phr;
use mecum_phr::import::{ImportJob, ImportReport, OtherPeople, keep, run};
use mecum_phr::installation::{Installation, KeyPlace, Site, Workload};
use mecum_phr::{record, token};
use mecum_record::access::ScopeSet;
use mecum_record::caller::Caller;
use mecum_record::ids::RecordId;
use mecum_record::source::SourceKind;
use mecum_testkit::harness::{self, Place, TestDatabase};
use tempfile::TempDir;

use crate::arguments::Arguments;
use crate::child::Child;
use crate::error::BenchError;

/// How long a token holds, microseconds.
const DAY_US: i64 = 86_400_000_000;

/// The variable that names the server on which databases may be made.
const POSTGRES: &str = "MECUM_TEST_POSTGRES";

/// A throw-away installation.
pub(crate) struct House {
    /// Room for files of the measurement.
    pub(crate) folder: TempDir,
    url: Option<String>,
    // Dropped after the servers that use it: whoever holds a house makes its servers later.
    _database: Option<TestDatabase>,
}

/// Who does things at the command line.
pub(crate) fn operator() -> Caller {
    Caller::Operator { name: "bench".to_owned() }
}

impl House {
    /// A new one on the database of this name.
    pub(crate) fn new(database: &str, scratch: &Path) -> Result<House, BenchError> {
        let folder = tempfile::Builder::new().prefix("mecum-bench-").tempdir_in(scratch)?;
        let database = if database == "postgres" { Some(fresh_postgres()?) } else { None };
        let url = database.as_ref().and_then(|database| match database.place() {
            Place::Postgres(url) => Some(url.to_owned()),
            Place::Sqlite(_) => None,
        });
        let house = House { folder, url, _database: database };
        Installation::name_new(house.site())?.create(house.key())?;
        Ok(house)
    }

    fn site(&self) -> Site {
        Site { data_folder: self.data_folder(), database_url: self.url.clone() }
    }

    fn data_folder(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    fn key_file(&self) -> PathBuf {
        self.folder.path().join("bench.key")
    }

    fn key(&self) -> KeyPlace {
        KeyPlace::File(self.key_file())
    }

    /// The database's address, where it is a server's.
    pub(crate) fn url(&self) -> Option<&str> {
        self.url.as_deref()
    }

    /// The records, opened in this process as a command would.
    pub(crate) fn open(&self) -> Result<Phr, BenchError> {
        let found = Installation::find(self.site())?.ok_or_else(|| BenchError::said("the installation is gone"))?;
        Ok(found.open(self.key(), Workload::COMMAND)?)
    }

    /// `mecum serve` over the installation, in a process of its own.
    pub(crate) fn serve(&self, arguments: &Arguments) -> Result<Child, BenchError> {
        let program = match &arguments.mecum {
            Some(mecum) => mecum.clone(),
            None => std::env::current_exe()?,
        };
        let mut command = Command::new(program);
        command.arg("serve").env("MECUM_DATA", self.data_folder()).env("MECUM_KEY_FILE", self.key_file());
        match &self.url {
            Some(url) => command.env("MECUM_DATABASE", url),
            None => command.env_remove("MECUM_DATABASE"),
        };
        Child::start(command, arguments.server_log)
    }
}

fn fresh_postgres() -> Result<TestDatabase, BenchError> {
    let is_named = std::env::var_os(POSTGRES).is_some_and(|url| !url.is_empty());
    let made = if is_named { harness::postgres() } else { None };
    made.ok_or_else(|| BenchError::said(format!("{POSTGRES} names no server: `cargo xtask bench` starts one")))
}

/// Opens a record and gives it a token that may do everything with it.
pub(crate) fn open_record(phr: &Phr, name: &str) -> Result<(RecordId, String), BenchError> {
    let record = record::open(phr, &operator(), name)?;
    let scopes = ScopeSet::parse("patient/*.cruds").map_err(|error| BenchError::said(error.to_string()))?;
    let issued = token::issue(phr, &operator(), "bench", Some(record), &scopes, DAY_US)?;
    Ok((record, issued.token.to_string()))
}

/// Imports a file into a record, as `mecum import` does.
pub(crate) fn import(phr: &Phr, record: RecordId, file: &Path) -> Result<ImportReport, BenchError> {
    let mut content = std::fs::File::open(file)?;
    let original = keep(phr, &operator(), record, "bench.phr", &mut content)?;
    let job = ImportJob {
        record,
        originals: vec![original],
        source_kind: SourceKind::Organization,
        source_name: "bench".to_owned(),
        key: None,
        other_people: OtherPeople::Keep,
        message: "bench".to_owned(),
    };
    Ok(run(phr, &operator(), &job, &mut |_| ())?)
}
