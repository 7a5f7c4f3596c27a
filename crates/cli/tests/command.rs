//! The command as a person or a script meets it: what it answers, its exit codes, its one-line errors.

#![expect(clippy::unwrap_used, reason = "a test stops at the first thing that is not as expected")]

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

use mecum_testkit::people::{Content, family};
use serde_json::Value;
use tempfile::TempDir;

/// A home for one test: data and key apart from everybody else's.
struct House {
    folder: TempDir,
}

impl House {
    fn new() -> House {
        House { folder: tempfile::tempdir().unwrap() }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_mecum"));
        for name in ["DATABASE", "DATABASE_FILE", "KEY_FILE", "PASSPHRASE_FILE", "LISTEN"] {
            command.env_remove(format!("MECUM_{name}"));
        }
        command.env("MECUM_DATA", self.path("data")).env("XDG_CONFIG_HOME", self.path("config"));
        command.current_dir(self.folder.path()).stdin(Stdio::null()).args(arguments);
        command
    }

    fn run(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().unwrap()
    }

    /// Stdout of a command that must succeed.
    fn says(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    }

    fn json(&self, arguments: &[&str]) -> Value {
        let mut all = arguments.to_vec();
        all.push("--json");
        serde_json::from_str(&self.says(&all)).unwrap()
    }

    /// The one line on stderr of a command that must end with this code, and that says nothing else.
    fn refuses(&self, code: i32, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        let text = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(code), "{arguments:?}: {text}");
        assert_eq!(text.lines().count(), 1, "{arguments:?}: {text}");
        assert!(text.starts_with("mecum: "), "{text}");
        text
    }

    fn key_file(&self) -> PathBuf {
        let mut files = std::fs::read_dir(self.path("config/mecum")).unwrap();
        files.next().unwrap().unwrap().path()
    }

    /// The first `.phr` of the invented family.
    fn write_phr(&self) -> PathBuf {
        let family = family(3);
        let text = family.files.iter().find_map(|file| match &file.content {
            Content::Phr(text) => Some(text.clone()),
            _ => None,
        });
        let path = self.path("visit.phr");
        std::fs::write(&path, text.unwrap()).unwrap();
        path
    }
}

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

#[test]
fn the_first_command_makes_the_installation_and_keeps_its_key_outside_the_data_folder() {
    let house = House::new();
    let output = house.run(&["record", "list"]);
    assert!(output.status.success());
    let said = String::from_utf8(output.stderr).unwrap();
    let key = std::fs::read_to_string(house.key_file()).unwrap();
    let code = key.trim().rsplit(' ').next().unwrap();
    assert!(said.contains(code), "the recovery code is not said");
    assert!(!house.key_file().starts_with(house.path("data")));
    assert_eq!(house.says(&["key", "show-recovery"]).trim(), code);
    house.refuses(4, &["init"]);
}

#[test]
fn a_key_file_in_the_data_folder_is_refused() {
    let house = House::new();
    let inside = house.path("data/mecum.key");
    let said = house.refuses(4, &["init", "--key-file", text(&inside)]);
    assert!(said.contains("outside the data folder"), "{said}");
    assert!(!inside.exists());
}

#[test]
fn a_lost_key_file_is_restored_from_the_recovery_code_and_a_rotated_one_from_its_new_code() {
    let house = House::new();
    house.says(&["init"]);
    house.says(&["record", "new", "Ada"]);
    let old = house.says(&["key", "show-recovery"]);
    house.says(&["key", "rotate"]);
    let new = house.says(&["key", "show-recovery"]);
    assert_ne!(old, new);
    std::fs::remove_file(house.key_file()).unwrap();
    house.refuses(4, &["record", "list"]);
    std::fs::write(house.path("old.txt"), old).unwrap();
    std::fs::write(house.path("new.txt"), new).unwrap();
    house.refuses(4, &["key", "restore", "--code-file", "old.txt"]);
    house.says(&["key", "restore", "--code-file", "new.txt"]);
    assert!(house.says(&["record", "list"]).contains("Ada"));
}

#[test]
fn a_passphrase_can_be_the_key_and_a_wrong_one_opens_nothing() {
    let house = House::new();
    std::fs::write(house.path("right.txt"), "correct horse battery staple\n").unwrap();
    std::fs::write(house.path("wrong.txt"), "incorrect horse battery staple\n").unwrap();
    std::fs::write(house.path("short.txt"), "short\n").unwrap();
    house.refuses(4, &["init", "--passphrase", "--passphrase-file", "short.txt"]);
    house.says(&["init", "--passphrase", "--passphrase-file", "right.txt"]);
    house.says(&["record", "new", "Ada", "--passphrase-file", "right.txt"]);
    house.refuses(4, &["record", "list", "--passphrase-file", "wrong.txt"]);
    house.refuses(2, &["record", "list"]);
}

#[test]
fn what_is_imported_comes_out_again_and_comes_back_as_known() {
    let house = House::new();
    let file = house.write_phr();
    house.says(&["record", "new", "Ada"]);
    let preview = house.json(&["import", text(&file), "--record", "Ada", "--source", "House", "--dry-run"]);
    let report = house.json(&["import", text(&file), "--record", "Ada", "--source", "House"]);
    assert!(report["created"].as_u64().unwrap() > 0);
    for count in ["created", "lines", "unresolved", "faulty", "quarantined"] {
        assert_eq!(preview[count], report[count], "{count}");
    }
    let again = house.json(&["import", text(&file), "--record", "Ada", "--source", "House"]);
    assert_eq!((again["created"].as_u64(), again["updated"].as_u64()), (Some(0), Some(0)));

    let export = house.json(&["export", "--record", "Ada", "--format", "sphr", "-o", "ada.sphr"]);
    assert_eq!(export["resources"], report["created"]);
    house.refuses(4, &["export", "--record", "Ada", "-o", "ada.sphr"]);
    let passphrase = house.says(&["record", "passphrase", "Ada"]);
    let sealed = std::fs::read(house.path("ada.sphr")).unwrap();
    assert!(!sealed.windows(12).any(|window| window == b"resourceType"), "the archive is readable");
    std::fs::write(house.path("pass.txt"), &passphrase).unwrap();
    house.says(&["record", "new", "Copy"]);
    house.refuses(4, &["import", "ada.sphr", "--record", "Copy"]);
    let copy = house.json(&["import", "ada.sphr", "--record", "Copy", "--file-passphrase-file", "pass.txt"]);
    assert_eq!(copy["created"], report["created"]);
    let back = house.json(&["import", "ada.sphr", "--record", "Ada", "--source", "Back"]);
    assert_eq!((back["created"].as_u64(), back["unchanged"].as_u64()), (Some(0), report["created"].as_u64()));
    assert!(house.json(&["verify", "--record", "Ada"])["findings"].as_array().unwrap().is_empty());
    house.says(&["check"]);
}

#[test]
fn an_import_is_listed_logged_undone_and_the_undo_reverted() {
    let house = House::new();
    let file = house.write_phr();
    house.says(&["record", "new", "Ada"]);
    let report = house.json(&["import", text(&file), "--record", "Ada"]);
    let import = report["import"].to_string();
    assert_eq!(house.json(&["import", "list", "--record", "Ada"]).as_array().unwrap().len(), 1);
    let undone = house.json(&["import", "undo", &import, "--record", "Ada"]);
    assert_eq!(undone["deleted"], report["created"]);
    let commit = undone["commit"].to_string();
    house.says(&["revert", &commit, "--record", "Ada"]);
    let log = house.json(&["log", "--record", "Ada"]);
    let acts: Vec<&str> = log.as_array().unwrap().iter().map(|commit| commit["act"].as_str().unwrap()).collect();
    assert_eq!(acts, ["revert", "revert", "import"]);
    let n_changes = house.json(&["diff", &commit, "--record", "Ada"]).as_array().unwrap().len();
    // A diff lists the first 1000 resources.
    assert_eq!(n_changes as u64, report["created"].as_u64().unwrap().min(1000));
}

#[test]
fn a_backup_is_proven_and_restored_with_the_recovery_code() {
    let house = House::new();
    let file = house.write_phr();
    house.says(&["record", "new", "Ada"]);
    house.says(&["import", text(&file), "--record", "Ada"]);
    std::fs::write(house.path("code.txt"), house.says(&["key", "show-recovery"])).unwrap();
    let made = house.json(&["backup", "create", "backups"]);
    let backup = made["backup"].as_str().unwrap();
    let proven = house.json(&["backup", "verify", backup, "--code-file", "code.txt"]);
    assert!(proven["findings"].as_array().unwrap().is_empty());
    house.refuses(2, &["backup", "verify", backup]);
    house.refuses(4, &["backup", "restore", backup, "--code-file", "code.txt"]);
    house.says(&["backup", "restore", backup, "--code-file", "code.txt", "--data", "restored"]);
    assert!(house.says(&["record", "list", "--data", "restored"]).contains("Ada"));
    assert_eq!(house.json(&["log", "--record", "Ada", "--data", "restored"]), house.json(&["log", "--record", "Ada"]));
}

#[test]
fn verify_ends_with_5_against_a_head_of_another_chain() {
    let house = House::new();
    let file = house.write_phr();
    house.says(&["record", "new", "Ada"]);
    house.says(&["import", text(&file), "--record", "Ada"]);
    let head = house.json(&["verify", "--record", "Ada"])["head"].as_str().unwrap().to_owned();
    house.says(&["verify", "--record", "Ada", "--head", &head]);
    let other = format!("1:{}", "0".repeat(64));
    house.refuses(5, &["verify", "--record", "Ada", "--head", &other]);
    house.refuses(5, &["verify", "--record", "Ada", "--head", &format!("9:{}", "0".repeat(64))]);
    house.refuses(2, &["verify", "--record", "Ada", "--head", "nonsense"]);
}

#[test]
fn every_refusal_is_one_line_with_the_code_of_its_kind() {
    let house = House::new();
    house.refuses(3, &["key", "show-recovery"]);
    house.refuses(3, &["check"]);
    house.says(&["init"]);
    house.says(&["record", "new", "Ada"]);
    std::fs::write(house.path("none.bin"), [0, 159, 146, 150]).unwrap();
    for (code, arguments) in [
        (2, &["nonsense"][..]),
        (2, &["import", "--record", "Ada"]),
        (2, &["export", "--record", "Ada", "--format", "pdf"]),
        (2, &["export", "--record", "Ada", "--format", "phr", "--unsealed"]),
        (2, &["token", "issue", "--client", "x", "--record", "Ada", "--scope", "everything"]),
        (3, &["record", "show", "Nobody"]),
        (3, &["record", "show", "99"]),
        (3, &["import", "missing.phr", "--record", "Ada"]),
        (3, &["export", "--record", "Nobody"]),
        (3, &["revert", "7", "--record", "Ada"]),
        (3, &["diff", "7", "--record", "Ada"]),
        (3, &["token", "revoke", "nothing"]),
        (4, &["record", "new", "Ada"]),
        (4, &["record", "new", "7"]),
        (4, &["import", "none.bin", "--record", "Ada"]),
        (4, &["token", "issue", "--client", "x", "--record", "Ada", "--scope", "system/*.rs"]),
        (4, &["serve", "--listen", "0.0.0.0:0"]),
        (4, &["export", "--record", "Ada", "--format", "phr", "--start", "sometime"]),
    ] {
        house.refuses(code, arguments);
    }
}

#[test]
fn help_has_examples_for_every_command_and_names_the_exit_codes() {
    let house = House::new();
    assert!(house.says(&["--help"]).contains("Exit codes:"));
    for command in [
        "init", "record", "import", "export", "find", "get", "log", "diff", "revert", "verify", "token", "serve",
        "demo", "backup", "key", "migrate", "check",
    ] {
        assert!(house.says(&[command, "--help"]).contains("Examples:"), "{command}");
    }
}

/// A server that is ended with its test.
struct Serving {
    child: Child,
    address: String,
}

impl Drop for Serving {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn serve(house: &House) -> Serving {
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let address = format!("127.0.0.1:{port}");
    let mut child = house.command(&["serve", "--listen", &address]).stderr(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
    assert!(lines.any(|line| line.unwrap().contains("listening on")), "it did not listen");
    std::thread::spawn(move || lines.for_each(drop));
    Serving { child, address }
}

fn get(address: &str, path: &str, token: &str) -> String {
    let mut stream = TcpStream::connect(address).unwrap();
    let request =
        format!("GET {path} HTTP/1.1\r\nHost: {address}\r\nAuthorization: Bearer {token}\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

#[test]
fn what_one_process_imports_another_serves_and_a_revoked_token_reads_nothing() {
    let house = House::new();
    let file = house.write_phr();
    house.says(&["record", "new", "Ada"]);
    let serving = serve(&house);
    house.says(&["import", text(&file), "--record", "Ada"]);
    let issued = house.json(&["token", "issue", "--client", "test", "--record", "Ada", "--scope", "patient/*.rs"]);
    let token = issued["token"].as_str().unwrap();
    let patient = house.json(&["record", "show", "Ada"])["patient"].as_str().unwrap().to_owned();
    let answer = get(&serving.address, &format!("/fhir/{patient}"), token);
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    assert!(answer.contains("\"resourceType\":\"Patient\""));
    house.says(&["token", "revoke", issued["tokenId"].as_str().unwrap()]);
    assert!(get(&serving.address, &format!("/fhir/{patient}"), token).starts_with("HTTP/1.1 401"));
    house.refuses(4, &["key", "rotate"]);
}

#[test]
fn the_demo_makes_the_family_once_and_finds_it_again() {
    let house = House::new();
    let folder = house.path("family");
    let first = house.run(&["demo", "--data", text(&folder), "--no-serve"]);
    assert!(first.status.success(), "{}", String::from_utf8_lossy(&first.stderr));
    let data = folder.join("data");
    let list = |house: &House| house.json(&["import", "list", "--record", "2", "--data", text(&data)]);
    let before = list(&house);
    assert!(before.as_array().unwrap().len() > 1);
    let second = house.run(&["demo", "--data", text(&folder), "--no-serve"]);
    assert!(second.status.success());
    assert_eq!(list(&house), before);
    house.refuses(4, &["demo", "--data", text(house.folder.path()), "--no-serve"]);
}

#[test]
fn the_access_log_names_the_export_and_who_took_it() {
    let house = House::new();
    house.says(&["record", "new", "Ada"]);
    house.says(&["import", text(&house.write_phr()), "--record", "Ada", "--other-people"]);
    house.says(&["export", "--record", "Ada", "--format", "phr"]);
    let said = house.says(&["access-log", "--record", "Ada"]);
    assert!(said.contains("opened") && said.contains("closed") && said.contains("operator"), "{said}");
    let lines = house.json(&["access-log", "--record", "Ada"]);
    let kinds: Vec<&str> = lines.as_array().unwrap().iter().filter_map(|line| line["kind"].as_str()).collect();
    assert!(kinds.contains(&"opened") && kinds.contains(&"closed"), "{kinds:?}");
    house.refuses(3, &["access-log", "--record", "nobody"]);
}

/// Three resources of a person, as NDJSON.
const FOUND: &str = r#"{"resourceType":"Patient","id":"p","name":[{"given":["Zo\u00eb"],"family":"M\u00fcller"}]}
{"resourceType":"Observation","id":"o","status":"final","code":{"text":"Thyrotropin"},"valueQuantity":{"value":4.10,"unit":"mU/L"},"effectiveDateTime":"2024-05","subject":{"reference":"Patient/p"}}
{"resourceType":"Condition","id":"c","code":{"text":"Hypothyroidism"},"verificationStatus":{"coding":[{"code":"entered-in-error"}]},"subject":{"reference":"Patient/p"}}
"#;

#[test]
fn what_is_found_by_words_or_query_reads_as_lines_and_is_got_by_its_name() {
    let house = House::new();
    std::fs::write(house.path("some.ndjson"), FOUND).unwrap();
    house.says(&["record", "new", "Ada"]);
    house.says(&["import", "some.ndjson", "--record", "Ada"]);
    let lines = house.says(&["find", "thyro", "--record", "Ada"]);
    assert!(lines.contains("Observation\n  2024-05     Thyrotropin: 4.10 mU/L"), "{lines}");
    let none = house.says(&["find", "muller nobody", "--record", "Ada"]);
    assert_eq!(none.trim(), "Nothing was found.");
    let found = house.json(&["find", "MULLER", "--record", "Ada"]);
    assert_eq!((found["total"].as_u64(), found["hits"][0]["kind"].as_str()), (Some(1), Some("Patient")));
    let wrong = house.says(&["find", "?_type=Condition", "--record", "Ada"]);
    assert!(wrong.contains("Hypothyroidism (entered in error)"), "{wrong}");
    let first = house.json(&["find", "?", "--record", "Ada", "--limit", "2"]);
    let page = first["next"].as_str().unwrap();
    let rest = house.json(&["find", "?", "--record", "Ada", "--limit", "2", "--page", page]);
    assert_eq!((rest["hits"].as_array().unwrap().len(), rest["next"].as_str()), (1, None));
    house.refuses(4, &["find", "Observation?cdoe=1", "--record", "Ada"]);
    house.refuses(4, &["find", "a", "--record", "Ada"]);
    house.refuses(3, &["find", "thyro", "--record", "Nobody"]);

    let query = house.json(&["find", "Observation?date=2024", "--record", "Ada"]);
    let name = query["hits"][0]["resource"].as_str().unwrap();
    let raw = house.says(&["get", name, "--record", "Ada", "--raw"]);
    assert!(raw.contains(r#""value":4.10,"#) && raw.ends_with('}'), "{raw}");
    assert_eq!(house.says(&["get", name, "--record", "Ada", "--version", "1"]), format!("{raw}\n"));
    house.refuses(3, &["get", name, "--record", "Ada", "--version", "2"]);
    house.refuses(3, &["get", "Observation/nobody", "--record", "Ada"]);
    for wrong in ["Observation", "Nonsense/1", "Observation/a b"] {
        house.refuses(2, &["get", wrong, "--record", "Ada"]);
    }
    // What another record holds is not there.
    house.says(&["record", "new", "Ben"]);
    house.refuses(3, &["get", name, "--record", "Ben"]);
}

const WARD: &str = concat!(
    r#"{"resourceType":"Patient","id":"1","name":[{"family":"One","given":["Ada"]}],"birthDate":"1980-01-01","gender":"female"}"#,
    "\n",
    r#"{"resourceType":"Observation","id":"o","status":"final","code":{"text":"a"},"subject":{"reference":"Patient/1"}}"#,
    "\n",
    r#"{"resourceType":"Patient","id":"2","name":[{"family":"Two"}],"birthDate":"1990-01-01","gender":"male"}"#,
    "\n",
);

#[test]
fn a_folder_of_many_people_becomes_a_record_for_each_and_is_undone_as_a_whole() {
    let house = House::new();
    std::fs::create_dir(house.path("clinic")).unwrap();
    std::fs::write(house.path("clinic").join("ward.ndjson"), WARD).unwrap();
    let load = ["import", "clinic", "--record-per-patient", "--source", "Clinic"];
    let seen = house.json(&[&load[..], &["--dry-run"]].concat());
    assert_eq!((&seen["opened"], &seen["load"]), (&2.into(), &Value::Null));
    assert_eq!(house.json(&["record", "list"]).as_array().unwrap().len(), 0);
    let said = house.says(&load);
    assert!(said.starts_with("Load 1 is in 2 records, 2 of them opened now.") && said.contains("Ada One"), "{said}");
    let again = house.json(&load);
    assert_eq!((&again["opened"], &again["created"], &again["unchanged"]), (&0.into(), &0.into(), &3.into()));
    assert_eq!(house.json(&["record", "list"]).as_array().unwrap().len(), 2);
    assert_eq!(house.json(&["import", "list", "--loads"]).as_array().unwrap().len(), 2);
    let undone = house.json(&["import", "undo", "1", "--load"]);
    assert_eq!(undone["records"].as_array().unwrap().len(), 2);
    house.refuses(3, &["import", "undo", "9", "--load"]);
    house.refuses(2, &["import", "clinic", "--record-per-patient", "--record", "1"]);
    house.refuses(2, &["import", "clinic", "--record-per-patient", "--other-people"]);
    house.refuses(2, &["import", "clinic"]);
}
