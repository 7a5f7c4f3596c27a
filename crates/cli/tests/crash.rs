//! Killed in the middle: what was acknowledged is there, nothing half-done is seen, and the record verifies (I8).

#![expect(clippy::unwrap_used, reason = "a test stops at the first thing that is not as expected")]

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use mecum_testkit::people::population;

/// Kills, spread over the time that an import takes.
const KILLS: u64 = 10;

fn mecum(home: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_mecum"));
    for name in ["DATABASE", "DATABASE_FILE", "KEY_FILE", "PASSPHRASE_FILE", "LISTEN"] {
        command.env_remove(format!("MECUM_{name}"));
    }
    command.env("MECUM_DATA", home.join("data")).env("XDG_CONFIG_HOME", home.join("config"));
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).args(arguments);
    command
}

fn says(home: &Path, arguments: &[&str]) -> String {
    let output = mecum(home, arguments).output().unwrap();
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn an_import_killed_at_any_moment_leaves_records_that_verify_and_keeps_what_was_acknowledged() {
    let folder = tempfile::tempdir().unwrap();
    let home = folder.path();
    let (large, small) = (home.join("large.phr"), home.join("small.phr"));
    let mut people = population(5, 2).with_resources(1_500);
    std::fs::write(&large, people.next().unwrap().phr()).unwrap();
    std::fs::write(&small, population(6, 1).with_resources(20).next().unwrap().phr()).unwrap();
    let file = |path: &Path| path.to_str().unwrap().to_owned();
    says(home, &["record", "new", "kept"]);
    let mut n_finished = 0;
    for round in 0..KILLS {
        let name = format!("round {round}");
        says(home, &["record", "new", &name]);
        // What ends before the kill is acknowledged; it must be there afterwards.
        says(home, &["import", &file(&small), "--record", &name]);
        let before = says(home, &["export", "--record", &name, "--format", "phr"]);
        let mut import = mecum(home, &["import", &file(&large), "--record", &name, "--other-people"]).spawn().unwrap();
        std::thread::sleep(Duration::from_millis(20 + round * 60));
        let ended = import.try_wait().unwrap().is_some();
        import.kill().unwrap();
        import.wait().unwrap();
        says(home, &["verify", "--record", &name]);
        let after = says(home, &["export", "--record", &name, "--format", "phr"]);
        let resources = |text: &str| text.lines().filter(|line| !line.contains("urn:mecum:generated")).count();
        let grown = resources(&after) - resources(&before);
        assert!(grown == 0 || grown > 1_000, "round {round}: {grown} resources of an import that was killed are seen");
        n_finished += u32::from(ended);
    }
    assert!(n_finished < 10, "no import was killed in the middle: make the file larger");
    says(home, &["verify", "--record", "kept"]);
}
