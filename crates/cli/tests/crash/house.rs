//! An installation of a test's own, on either database, and the program run on it.

use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use mecum_testkit::harness::{self, Place, TestDatabase};
use mecum_testkit::people::population;
use serde_json::Value;
use tempfile::TempDir;

/// Data, key and database of a test; gone when dropped.
pub(crate) struct House {
    folder: TempDir,
    data: PathBuf,
    database_url: Option<String>,
    _database: Option<TestDatabase>,
}

impl House {
    pub(crate) fn on_sqlite() -> House {
        House::on(None)
    }

    /// On a fresh database of the server that the tests have; `None`, with a word about it, where they have none.
    pub(crate) fn on_postgres() -> Option<House> {
        let database = harness::postgres()?;
        let Place::Postgres(url) = database.place() else { unreachable!("it is PostgreSQL") };
        let url = url.to_owned();
        Some(House { _database: Some(database), ..House::on(Some(url)) })
    }

    /// On the PostgreSQL database at this address, or on SQLite.
    pub(crate) fn on(database_url: Option<String>) -> House {
        let folder = tempfile::Builder::new().prefix("mecum-crash-").tempdir().unwrap();
        let data = folder.path().join("data");
        House { folder, data, database_url, _database: None }
    }

    /// The same, with its data in another folder.
    pub(crate) fn with_data(self, data: PathBuf) -> House {
        House { data, ..self }
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn data(&self) -> &Path {
        &self.data
    }

    /// The program, not yet started.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        self.command_by(Command::new(env!("CARGO_BIN_EXE_mecum")), arguments)
    }

    /// The same as `runner mecum arguments`.
    pub(crate) fn command_under(&self, mut runner: Command, arguments: &[&str]) -> Command {
        runner.arg(env!("CARGO_BIN_EXE_mecum"));
        self.command_by(runner, arguments)
    }

    fn command_by(&self, mut command: Command, arguments: &[&str]) -> Command {
        for name in ["DATABASE", "DATABASE_FILE", "KEY_FILE", "PASSPHRASE_FILE", "LISTEN"] {
            command.env_remove(format!("MECUM_{name}"));
        }
        if let Some(url) = &self.database_url {
            command.env("MECUM_DATABASE", url);
        }
        command.env("MECUM_DATA", &self.data).env("XDG_CONFIG_HOME", self.path("config"));
        command.current_dir(self.folder.path()).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command.args(arguments);
        command
    }

    pub(crate) fn run(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().unwrap()
    }

    /// Stdout of a command that must succeed.
    pub(crate) fn says(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{arguments:?} ended with {:?}: {said}", output.status.code());
        String::from_utf8(output.stdout).unwrap()
    }

    pub(crate) fn json(&self, arguments: &[&str]) -> Value {
        let mut all = arguments.to_vec();
        all.push("--json");
        serde_json::from_str(&self.says(&all)).unwrap()
    }

    /// Exit code and stderr of a command that must fail with one line.
    pub(crate) fn fails(&self, arguments: &[&str]) -> (i32, String) {
        one_line(&self.run(arguments))
    }

    /// Opens a record and issues a token that may do everything with it.
    pub(crate) fn record_with_token(&self, name: &str) -> String {
        self.says(&["record", "new", name]);
        let scope = "patient/*.cruds";
        let issued = self.json(&["token", "issue", "--client", "crash", "--record", name, "--scope", scope]);
        issued["token"].as_str().unwrap().to_owned()
    }

    /// Fails unless everything kept of the record is as it was written.
    pub(crate) fn verify(&self, record: &str) {
        self.says(&["verify", "--record", record]);
    }

    /// The resources that a reader of the record sees, without what an export adds.
    pub(crate) fn visible(&self, record: &str) -> Vec<Value> {
        let text = self.says(&["export", "--record", record, "--format", "ndjson"]);
        let lines = text.lines().filter(|line| !line.contains("urn:mecum:generated"));
        lines.map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    /// Writes the `.phr` of an invented person with so many resources.
    pub(crate) fn write_phr(&self, name: &str, seed: u64, n_resources: usize) -> String {
        let person = population(seed, 1).with_resources(n_resources).next().unwrap();
        let path = self.path(name);
        std::fs::write(&path, person.phr()).unwrap();
        path.to_str().unwrap().to_owned()
    }

    pub(crate) fn serve(&self) -> Serving {
        self.serve_by(&mut |arguments| self.command(arguments))
    }

    /// Serves with the program started in a way of the caller's.
    pub(crate) fn serve_by(&self, command: &mut dyn FnMut(&[&str]) -> Command) -> Serving {
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let address = format!("127.0.0.1:{port}");
        let mut child = command(&["serve", "--listen", &address]).spawn().unwrap();
        let mut lines = BufReader::new(child.stderr.take().unwrap()).lines().map_while(Result::ok);
        let said: Vec<String> = lines.by_ref().take_while(|line| !line.contains("listening on")).collect();
        assert!(child.try_wait().unwrap().is_none(), "it does not serve: {said:?}");
        std::thread::spawn(move || lines.for_each(drop));
        Serving { child, address }
    }
}

/// Exit code and the one line of a program that must have failed.
pub(crate) fn one_line(output: &Output) -> (i32, String) {
    let said = String::from_utf8(output.stderr.clone()).unwrap();
    assert!(!output.status.success() && said.lines().count() == 1 && said.starts_with("mecum: "), "{said}");
    (output.status.code().unwrap(), said)
}

/// How long something takes.
pub(crate) fn timed(work: impl FnOnce()) -> Duration {
    let began = Instant::now();
    work();
    began.elapsed()
}

/// A server; killed with its test.
pub(crate) struct Serving {
    pub(crate) child: Child,
    pub(crate) address: String,
}

impl Drop for Serving {
    fn drop(&mut self) {
        // It may have ended; then there is nothing left to do.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
