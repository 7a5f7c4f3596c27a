//! Crash trials: the tests of `crates/cli/tests/crash`, many times over.

use super::Outcome;
use crate::cluster::Cluster;
use crate::workspace;
use std::io::{BufRead, BufReader};
use std::process::Stdio;

/// A kind of trial.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Kind {
    pub(super) name: &'static str,
    /// What the names of its tests begin with.
    filter: &'static str,
}

/// Every kind.
pub(super) const KINDS: &[Kind] = &[
    Kind { name: "imports", filter: "imports::" },
    Kind { name: "writes", filter: "writes::" },
    Kind { name: "backups", filter: "backups::" },
    Kind { name: "stops", filter: "postgres_stopped::" },
];

/// What the trials have in common: a PostgreSQL, started when first needed.
#[derive(Default)]
pub(super) struct Trials {
    cluster: Option<Cluster>,
}

impl Trials {
    /// Runs so many trials of a kind on each database, and says what they counted.
    pub(super) fn run(&mut self, kind: &Kind, n_trials: u64) -> Outcome {
        let url = self.postgres()?;
        // A line of its own for each test: without it, what a test prints begins behind its name.
        let mut command =
            workspace::cargo(&["test", "--quiet", "--locked", "--package", "mecum", "--test", "crash", "--"]);
        command.args(["--nocapture", kind.filter]);
        command.env("MECUM_TRIALS", n_trials.to_string()).env("MECUM_TEST_POSTGRES", url);
        let mut child = command.stdout(Stdio::piped()).spawn().map_err(|error| format!("cannot run cargo: {error}"))?;
        let Some(output) = child.stdout.take() else { return Err("cargo has no output".into()) };
        let mut counted = Vec::new();
        for line in BufReader::new(output).lines().map_while(Result::ok) {
            println!("{line}");
            counted.extend(figures(&line));
        }
        let status = child.wait().map_err(|error| format!("cannot wait for cargo: {error}"))?;
        match (status.success(), counted.is_empty()) {
            (true, false) => Ok(counted.join("\n")),
            (true, true) => Err("no trial ran".into()),
            (false, _) => {
                Err(["see its output above".to_owned()].into_iter().chain(counted).collect::<Vec<_>>().join("\n"))
            }
        }
    }

    fn postgres(&mut self) -> Result<String, String> {
        if let Some(url) = std::env::var("MECUM_TEST_POSTGRES").ok().filter(|url| !url.is_empty()) {
            return Ok(url);
        }
        if self.cluster.is_none() {
            self.cluster = Some(Cluster::start()?);
        }
        self.cluster.as_ref().map(|cluster| cluster.url().to_owned()).ok_or_else(|| "PostgreSQL is gone".into())
    }
}

/// What a line counts, if it is one that does.
fn figures(line: &str) -> Option<String> {
    let is_count = line.contains(" trials in ") || line.contains("was refused as a backup");
    // The harness may have begun the line with its own signs.
    is_count.then(|| line.trim_start_matches('.').trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_that_count_are_told_from_others() {
        assert_eq!(
            figures(".imports on SQLite: 10 trials in 3.1s, 9 struck in the middle").unwrap(),
            "imports on SQLite: 10 trials in 3.1s, 9 struck in the middle"
        );
        assert_eq!(figures("running 2 tests"), None);
    }

    #[test]
    fn every_kind_has_a_file_of_trials() {
        for kind in KINDS {
            let module = kind.filter.trim_end_matches(':');
            let file = workspace::root().join(format!("crates/cli/tests/crash/{module}.rs"));
            assert!(std::fs::read_to_string(file).unwrap().contains("trials("), "{}", kind.name);
        }
    }
}
