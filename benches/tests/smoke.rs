//! Every row is measured at a tiny size, to see that it gives figures. How fast anything is, is no matter here.

#![expect(clippy::unwrap_used, reason = "a test that cannot set its scene up has failed")]

use std::process::{Child, Command, Stdio};

use serde_json::Value;

/// The program.
fn bench() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_mecum-bench"));
    command.arg("--tiny");
    command
}

/// Runs it and reads its figures.
fn figures(arguments: &[&str]) -> Vec<Value> {
    let output = bench().arg("--json").args(arguments).output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{arguments:?}: {said}");
    let json: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert!(json["machine"]["syncsASecond"].as_f64().unwrap() > 0.0);
    json["figures"].as_array().unwrap().clone()
}

/// What every row must have measured: its name, how many figures, and how many of them beside a floor.
const ROWS: [(&str, usize, usize); 14] = [
    ("read", 1, 1),
    ("page-history", 1, 1),
    ("observations", 1, 1),
    ("coded", 1, 1),
    ("conditions", 1, 1),
    ("count", 1, 1),
    ("everything", 1, 1),
    ("create", 2, 2),
    ("mixed", 4, 1),
    ("import", 2, 1),
    ("export", 2, 1),
    ("others", 2, 2),
    ("start", 2, 0),
    ("growth", 2, 2),
];

fn check(database: &str, figures: &[Value]) {
    for (row, n_figures, n_floors) in ROWS {
        let of_row: Vec<&Value> =
            figures.iter().filter(|figure| figure["row"] == row && figure["database"] == database).collect();
        assert_eq!(of_row.len(), n_figures, "{row} on {database}: {of_row:?}");
        assert!(of_row.iter().all(|figure| figure["ours"].as_f64().unwrap() >= 0.0), "{of_row:?}");
        let with_floor = of_row.iter().filter(|figure| figure["ratio"].as_f64().is_some_and(|ratio| ratio > 0.0));
        assert_eq!(with_floor.count(), n_floors, "{row} on {database}: {of_row:?}");
    }
}

#[test]
fn every_row_gives_figures_on_sqlite() {
    let figures = figures(&["--database", "sqlite"]);
    check("sqlite", &figures);
    assert_eq!(figures.iter().filter(|figure| figure["row"] == "validate").count(), 1);
}

#[test]
fn every_row_gives_figures_on_postgres() {
    if mecum_testkit::harness::postgres().is_some() {
        check("postgres", &figures(&["--database", "postgres"]));
    }
}

#[test]
fn a_table_is_printed_for_people() {
    let output = bench().args(["--only", "validate"]).output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(text.contains("| row ") && text.contains("| validate: "), "{text}");
    assert!(text.contains("share the cores"), "{text}");
}

#[test]
fn a_row_that_is_not_there_is_refused_with_the_names_of_those_that_are() {
    let output = bench().args(["--only", "nonsense"]).output().unwrap();
    assert!(!output.status.success() && output.stdout.is_empty());
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(ROWS.iter().all(|(row, ..)| said.contains(row)), "{said}");
}

#[test]
fn another_server_is_given_the_same_people_and_asked_the_same() {
    let other = Other::start();
    let base = format!("http://{}/fhir", other.address);
    let figures = figures(&["--against", &base, "--token", &other.token, "--database", "sqlite"]);
    let names: Vec<&str> = figures.iter().map(|figure| figure["row"].as_str().unwrap()).collect();
    let shapes =
        ["read", "page-history", "observations", "coded", "conditions", "count", "everything", "create", "mixed"];
    assert_eq!(names, shapes);
    assert!(figures.iter().all(|figure| figure["ratio"].as_f64().unwrap() > 0.0 && figure["met"].is_null()));
}

#[test]
fn an_address_that_is_encrypted_or_wrong_is_refused() {
    let output = bench().args(["--against", "https://example.org/fhir"]).output().unwrap();
    assert!(!output.status.success());
    assert!(String::from_utf8(output.stderr).unwrap().contains("must begin with http://"));
}

/// Another server, which is one of ours again.
struct Other {
    _folder: tempfile::TempDir,
    process: Child,
    address: String,
    token: String,
}

impl Other {
    fn start() -> Other {
        use mecum_phr::installation::{Installation, KeyPlace, Site, Workload};
        let folder = tempfile::tempdir().unwrap();
        let data_folder = folder.path().join("data");
        let key_file = folder.path().join("other.key");
        let key = || KeyPlace::File(key_file.clone());
        let installation =
            Installation::name_new(Site { data_folder: data_folder.clone(), database_url: None }).unwrap();
        installation.create(key()).unwrap();
        let phr = installation.open(key(), Workload::COMMAND).unwrap();
        let operator = mecum_record::caller::Caller::Operator { name: "test".to_owned() };
        let record = mecum_phr::record::open(&phr, &operator, "everybody").unwrap();
        let scopes = mecum_record::access::ScopeSet::parse("patient/*.cruds").unwrap();
        let issued = mecum_phr::token::issue(&phr, &operator, "test", Some(record), &scopes, 3_600_000_000).unwrap();
        phr.close().unwrap();
        let address = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string();
        let mut command = Command::new(env!("CARGO_BIN_EXE_mecum-bench"));
        command.args(["serve", "--listen", &address]).arg("--data").arg(&data_folder).arg("--key-file").arg(&key_file);
        let process = command.env_remove("MECUM_DATABASE").stderr(Stdio::null()).spawn().unwrap();
        let other = Other { _folder: folder, process, address, token: issued.token.to_string() };
        let started = std::time::Instant::now();
        while std::net::TcpStream::connect(&other.address).is_err() {
            assert!(started.elapsed().as_secs() < 30, "the other server does not answer");
            std::thread::sleep(std::time::Duration::from_millis(10));
        }
        other
    }
}

impl Drop for Other {
    fn drop(&mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }
}
