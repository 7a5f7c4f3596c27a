//! `cargo xtask test`: everything that must hold before a change goes in.

mod oracles;
mod steps;
mod suites;

use crate::cluster::Cluster;
use crate::command::{Command, Failure, Options};
use crate::workspace;
use std::time::Instant;
use steps::Step;
use suites::Tally;

/// The command.
pub(crate) const COMMAND: Command =
    Command { name: "test", summary: "check and test everything, on both databases", help: HELP, run };

const HELP: &str = "\
Runs, in this order and up to the first that fails: the oracles' presence, PostgreSQL, cargo fmt, tidy, deny, clippy, the
documentation, and every test on SQLite and PostgreSQL.

  --quick       what is done in a few minutes: fmt, tidy, deny, and the tests on SQLite alone
  --filter X    only the tests whose names contain X, on both databases
  --keep-going  go on after a step that failed, to see everything that is wrong in one run

PostgreSQL 15 or newer is started for the run in a temporary folder and removed after it, unless MECUM_TEST_POSTGRES holds the
URL of one to use. As root, what is missing is installed with apt-get. With CI=true nothing may be missing.

Examples:
  cargo xtask test
  cargo xtask test --quick
  cargo xtask test --filter phr_8
";

/// What one run was asked for, what it has at hand, and what it has counted.
pub(crate) struct Run {
    pub(crate) is_ci: bool,
    /// Whether the steps after one that failed are run too.
    pub(crate) keeps_going: bool,
    pub(crate) filter: Option<String>,
    /// The throw-away cluster, if we started one.
    pub(crate) cluster: Option<Cluster>,
    /// The URL the tests are given; none in a quick run.
    pub(crate) postgres: Option<String>,
    pub(crate) tally: Tally,
}

fn run(args: &[String]) -> Result<(), Failure> {
    let options = Options::parse(args, &["--quick", "--keep-going"], &["--filter"])?;
    let filter = options.value("--filter").map(str::to_owned);
    let steps = steps::chosen(options.has("--quick"), filter.is_some());
    // A database that the caller names is used in a quick run too.
    let postgres = std::env::var("MECUM_TEST_POSTGRES").ok().filter(|url| !url.is_empty());
    let (is_ci, keeps_going) = (workspace::is_ci(), options.has("--keep-going"));
    let mut run = Run { is_ci, keeps_going, filter, cluster: None, postgres, tally: Tally::default() };
    let report = run_all(&steps, &mut run);
    // Stopped before the last word, so that it is the last word.
    drop(run.cluster.take());
    println!("{}", report.text(&run.tally));
    if report.failed.is_empty() {
        return Ok(());
    }
    let names: Vec<_> = report.failed.iter().map(|(name, _)| *name).collect();
    Err(Failure::Failed(format!("failed: {}", names.join(", "))))
}

/// How the steps went.
struct Report {
    passed: Vec<(&'static str, f64)>,
    failed: Vec<(&'static str, f64)>,
    not_run: Vec<&'static str>,
}

fn run_all(steps: &[Step], run: &mut Run) -> Report {
    let mut report = Report { passed: Vec::new(), failed: Vec::new(), not_run: Vec::new() };
    for step in steps {
        if !report.failed.is_empty() && !run.keeps_going {
            report.not_run.push(step.name);
            continue;
        }
        println!("== {}: {}", step.name, step.what);
        let start = Instant::now();
        let outcome = (step.run)(run);
        let seconds = start.elapsed().as_secs_f64();
        match outcome {
            Ok(note) => {
                println!(
                    "== {}: ok in {seconds:.1} s{}",
                    step.name,
                    if note.is_empty() { note } else { format!(" ({note})") }
                );
                report.passed.push((step.name, seconds));
            }
            Err(why) => {
                println!("== {}: FAILED after {seconds:.1} s: {why}", step.name);
                report.failed.push((step.name, seconds));
            }
        }
    }
    report
}

impl Report {
    fn text(&self, tally: &Tally) -> String {
        let mut text = String::from("\n");
        for (name, seconds) in &self.passed {
            text.push_str(&format!("   {name:<10} passed   {seconds:>7.1} s\n"));
        }
        for (name, seconds) in &self.failed {
            text.push_str(&format!("   {name:<10} FAILED   {seconds:>7.1} s\n"));
        }
        for name in &self.not_run {
            text.push_str(&format!("   {name:<10} not run\n"));
        }
        let failed = self.failed.len();
        text.push_str(&format!(
            "steps: {} passed, {failed} failed, {} not run\n",
            self.passed.len(),
            self.not_run.len()
        ));
        text.push_str(&format!("tests: {}", tally.text()));
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bare() -> Run {
        Run { is_ci: false, keeps_going: false, filter: None, cluster: None, postgres: None, tally: Tally::default() }
    }

    #[test]
    fn the_first_failing_step_stops_the_run_and_the_report_names_what_passed_failed_and_did_not_run() {
        let steps = [
            Step { name: "one", what: "", run: |_| Ok(String::new()) },
            Step { name: "two", what: "", run: |_| Err("broken".into()) },
            Step { name: "three", what: "", run: |_| panic!("must not run") },
        ];
        let mut run = bare();
        let report = run_all(&steps, &mut run);
        let text = report.text(&run.tally);
        assert_eq!(report.failed.iter().map(|(name, _)| *name).collect::<Vec<_>>(), ["two"]);
        assert!(
            text.contains("one        passed")
                && text.contains("two        FAILED")
                && text.contains("three      not run")
        );
        assert!(text.contains("steps: 1 passed, 1 failed, 1 not run"));
        assert!(text.ends_with("tests: 0 passed, 0 failed"), "{text}");
    }

    #[test]
    fn keeping_going_runs_every_step_and_names_all_that_failed() {
        let fail = |name| Step { name, what: "", run: |_| Err("broken".into()) };
        let steps = [fail("one"), Step { name: "two", what: "", run: |_| Ok(String::new()) }, fail("three")];
        let mut run = Run { keeps_going: true, ..bare() };
        let report = run_all(&steps, &mut run);
        assert!(report.text(&run.tally).contains("steps: 1 passed, 2 failed, 0 not run"));
    }
}
