//! The steps of `cargo xtask test`, cheapest first.

use super::{Run, oracles, suites};
use crate::cluster::Cluster;
use crate::{deny, tidy, workspace};
use std::process::Command;

/// One step: a name, what it runs, and how it is run. It answers a short note, or why it failed.
pub(crate) struct Step {
    pub(crate) name: &'static str,
    pub(crate) what: &'static str,
    pub(crate) run: fn(&mut Run) -> Result<String, String>,
}

const ORACLES: Step = Step { name: "oracles", what: "the independent programs that some tests ask", run: oracles };
const POSTGRES: Step = Step { name: "postgres", what: "the second database", run: postgres };
const FMT: Step = Step { name: "fmt", what: "cargo fmt --all --check", run: fmt };
const TIDY: Step = Step { name: "tidy", what: "our own rules", run: tidy };
const DENY: Step = Step { name: "deny", what: "licences, sources and bans of what we depend on", run: deny };
const CLIPPY: Step =
    Step { name: "clippy", what: "cargo clippy --workspace --all-targets -- -D warnings", run: clippy };
const DOCS: Step = Step { name: "docs", what: "cargo doc --workspace --no-deps --document-private-items", run: docs };
const BUILD: Step = Step { name: "build", what: "cargo test --workspace --no-run", run: build };
const TESTS: Step = Step { name: "tests", what: "cargo test --workspace --no-fail-fast", run: tests };

/// The steps of a full run, of a quick one, or of one for chosen tests.
pub(crate) fn chosen(is_quick: bool, is_filtered: bool) -> Vec<Step> {
    match (is_quick, is_filtered) {
        (true, true) => vec![BUILD, TESTS],
        (true, false) => vec![FMT, TIDY, DENY, BUILD, TESTS],
        (false, true) => vec![POSTGRES, BUILD, TESTS],
        (false, false) => vec![ORACLES, POSTGRES, FMT, TIDY, DENY, CLIPPY, DOCS, BUILD, TESTS],
    }
}

fn oracles(run: &mut Run) -> Result<String, String> {
    oracles::provide(run.is_ci)
}

fn postgres(run: &mut Run) -> Result<String, String> {
    if run.postgres.is_some() {
        return Ok("the one MECUM_TEST_POSTGRES names".into());
    }
    let cluster = Cluster::start()?;
    let note = format!("PostgreSQL {}, fsync on, at {}", cluster.version(), cluster.url());
    run.postgres = Some(cluster.url().to_owned());
    run.cluster = Some(cluster);
    Ok(note)
}

fn fmt(_: &mut Run) -> Result<String, String> {
    succeed(&mut workspace::cargo(&["fmt", "--all", "--check"]), "`cargo fmt --all` puts it right")
}

fn tidy(_: &mut Run) -> Result<String, String> {
    tidy::check(&workspace::root())
}

fn deny(_: &mut Run) -> Result<String, String> {
    deny::check()
}

// The warnings are refused by an argument that reaches our crates alone, never by RUSTFLAGS: with other flags everything we
// depend on would be built a second time.
fn clippy(_: &mut Run) -> Result<String, String> {
    let args = ["clippy", "--workspace", "--all-targets", "--locked", "--quiet", "--", "-D", "warnings"];
    succeed(&mut workspace::cargo(&args), "see the warnings above")
}

fn docs(_: &mut Run) -> Result<String, String> {
    let args = ["doc", "--workspace", "--no-deps", "--document-private-items", "--locked", "--quiet"];
    succeed(workspace::cargo(&args).env("RUSTDOCFLAGS", "-D warnings"), "see the warnings above")
}

fn build(_: &mut Run) -> Result<String, String> {
    let args = ["test", "--workspace", "--locked", "--no-run", "--quiet"];
    succeed(&mut workspace::cargo(&args), "see the errors above")
}

fn tests(run: &mut Run) -> Result<String, String> {
    let mut command = workspace::cargo(&["test", "--workspace", "--locked", "--no-fail-fast"]);
    command.arg("--").args(&run.filter);
    if std::env::var_os("RUST_TEST_THREADS").is_none() {
        command.env("RUST_TEST_THREADS", test_threads().to_string());
    }
    match &run.postgres {
        Some(url) => command.env("MECUM_TEST_POSTGRES", url),
        None => command.env_remove("MECUM_TEST_POSTGRES"),
    };
    suites::run(&mut command, &mut run.tally)?;
    if run.tally.passed == 0 {
        return Err("no test ran".into());
    }
    Ok(run.tally.text())
}

/// Many tests wait for a disk that syncs: two of them for each core keep two cores busy.
fn test_threads() -> usize {
    std::thread::available_parallelism().map_or(2, std::num::NonZero::get) * 2
}

fn succeed(command: &mut Command, otherwise: &str) -> Result<String, String> {
    let status = command.status().map_err(|error| format!("cannot run cargo: {error}"))?;
    if status.success() { Ok(String::new()) } else { Err(otherwise.to_owned()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_run_leaves_nothing_out_and_the_tests_come_last() {
        let names: Vec<_> = chosen(false, false).iter().map(|step| step.name).collect();
        assert_eq!(names, ["oracles", "postgres", "fmt", "tidy", "deny", "clippy", "docs", "build", "tests"]);
    }

    #[test]
    fn a_filtered_run_has_both_databases_and_a_quick_one_has_no_second() {
        assert!(chosen(false, true).iter().any(|step| step.name == "postgres"));
        assert!(chosen(true, false).iter().all(|step| step.name != "postgres"));
    }
}
