//! Reads what `cargo test` prints, passes it through and counts it.

use std::io::{BufRead, BufReader, PipeReader};
use std::process::{Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::Duration;

/// How long the output may be silent before we look whether cargo has ended.
const PATIENCE: Duration = Duration::from_secs(1);

/// What was counted over all suites.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(crate) struct Tally {
    pub(crate) passed: usize,
    pub(crate) failed: usize,
    pub(crate) ignored: usize,
}

impl Tally {
    /// `812 passed, 0 failed`, and how many were ignored if any were.
    pub(crate) fn text(&self) -> String {
        let ignored = if self.ignored == 0 { String::new() } else { format!(", {} ignored", self.ignored) };
        format!("{} passed, {} failed{ignored}", self.passed, self.failed)
    }

    fn add(&mut self, other: &Tally) {
        self.passed += other.passed;
        self.failed += other.failed;
        self.ignored += other.ignored;
    }
}

/// Runs `cargo test`, prints what it prints with a closing line for each suite, and adds to the tally.
///
/// # Errors
/// It could not be run, or it failed.
pub(crate) fn run(command: &mut Command, tally: &mut Tally) -> Result<(), String> {
    // One pipe for both streams: cargo names a suite on one and the suite answers on the other, and their order matters.
    let (reader, writer) = std::io::pipe().map_err(|error| format!("no pipe: {error}"))?;
    let second = writer.try_clone().map_err(|error| format!("no pipe: {error}"))?;
    let mut child =
        command.stdout(writer).stderr(second).spawn().map_err(|error| format!("cannot run cargo: {error}"))?;
    // The command holds the writing ends too; while it does, the pipe never ends.
    command.stdout(Stdio::null()).stderr(Stdio::null());
    let lines = lines_of(reader);
    let mut suite = Suite::default();
    let mut status = None;
    loop {
        match lines.recv_timeout(PATIENCE) {
            Ok(line) => suite.print_and_count(&line, tally),
            Err(RecvTimeoutError::Disconnected) => break,
            Err(RecvTimeoutError::Timeout) if status.is_some() => {
                return Err("cargo has ended, but something that a test started still runs and holds its output".into());
            }
            Err(RecvTimeoutError::Timeout) => {
                status = child.try_wait().map_err(|error| format!("cannot wait for cargo: {error}"))?;
            }
        }
    }
    let status = child.wait().map_err(|error| format!("cannot wait for cargo: {error}"))?;
    if status.success() { Ok(()) } else { Err(tally.text()) }
}

/// The lines of this pipe as they come.
fn lines_of(reader: PipeReader) -> Receiver<String> {
    let (sender, receiver) = channel();
    std::thread::spawn(move || {
        for line in BufReader::new(reader).split(b'\n').map_while(Result::ok) {
            if sender.send(String::from_utf8_lossy(&line).into_owned()).is_err() {
                break;
            }
        }
    });
    receiver
}

/// The suite whose lines are being read.
#[derive(Debug, Default)]
struct Suite {
    name: String,
}

impl Suite {
    fn print_and_count(&mut self, line: &str, tally: &mut Tally) {
        println!("{line}");
        if let Some(counted) = self.read(line) {
            if counted != Tally::default() {
                println!("-- {}: {}", self.name, counted.text());
            }
            tally.add(&counted);
        }
    }

    /// Reads one line: a suite's name is kept, its result returned.
    fn read(&mut self, line: &str) -> Option<Tally> {
        let line = line.trim_start();
        if let Some(what) = line.strip_prefix("Running ") {
            self.name = suite_name(what);
        } else if let Some(name) = line.strip_prefix("Doc-tests ") {
            self.name = format!("{name}, examples");
        }
        counts(line.strip_prefix("test result: ")?)
    }
}

/// Names a suite from `unittests src/lib.rs (target/debug/deps/mecum_fhir-3f2a)` or `tests/story.rs (…)`.
fn suite_name(what: &str) -> String {
    let (file, binary) = what.rsplit_once(" (").unwrap_or((what, ""));
    let binary = binary.trim_end_matches(')').rsplit('/').next().unwrap_or_default();
    let name = binary.rsplit_once('-').map_or(binary, |(name, _)| name);
    if name.is_empty() { file.to_owned() } else { format!("{name}, {file}") }
}

/// Reads `ok. 5 passed; 0 failed; 1 ignored; 0 measured; 2 filtered out; finished in 0.01s`.
fn counts(text: &str) -> Option<Tally> {
    let (_, counts) = text.split_once(". ")?;
    let count = |word: &str| {
        let part = counts.split("; ").find_map(|part| part.strip_suffix(word))?;
        part.trim().parse().ok()
    };
    Some(Tally { passed: count("passed")?, failed: count("failed")?, ignored: count("ignored")? })
}

#[cfg(test)]
mod tests {
    use super::*;

    const OUTPUT: &str = "\
     Running unittests src/lib.rs (target/debug/deps/mecum_fhir-3f2ab4)
running 2 tests
test date::a_year_is_an_interval ... ok
test result: ok. 2 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.00s
     Running tests/story.rs (target/debug/deps/story-77)
test result: FAILED. 3 passed; 1 failed; 1 ignored; 0 measured; 4 filtered out; finished in 1.20s
   Doc-tests mecum_fhir
test result: ok. 0 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.00s
";

    #[test]
    fn every_suite_is_named_and_counted() {
        let mut suite = Suite::default();
        let mut tally = Tally::default();
        let mut names = Vec::new();
        for line in OUTPUT.lines() {
            if let Some(counted) = suite.read(line) {
                names.push(suite.name.clone());
                tally.add(&counted);
            }
        }
        assert_eq!(names, ["mecum_fhir, unittests src/lib.rs", "story, tests/story.rs", "mecum_fhir, examples"]);
        assert_eq!(tally, Tally { passed: 5, failed: 1, ignored: 1 });
        assert_eq!(tally.text(), "5 passed, 1 failed, 1 ignored");
    }

    #[test]
    fn a_test_that_prints_something_like_a_result_is_not_counted() {
        let mut suite = Suite::default();
        assert_eq!(suite.read("test result: soon"), None);
        assert_eq!(suite.read("test result: ok. many passed; 0 failed; 0 ignored"), None);
    }

    #[test]
    fn a_program_that_a_test_left_running_is_found_and_not_waited_for() {
        let mut command = Command::new("sh");
        command.args(["-c", "sleep 10 & echo \"left $!\""]);
        let start = std::time::Instant::now();
        assert!(run(&mut command, &mut Tally::default()).unwrap_err().contains("still runs"));
        assert!(start.elapsed() < Duration::from_secs(8));
    }

    #[test]
    fn both_streams_are_read_to_their_end_and_a_failure_is_one() {
        let mut tally = Tally::default();
        let mut command = Command::new("sh");
        command.args(["-c", "echo 'test result: ok. 1 passed; 0 failed; 0 ignored' >&2; exit 3"]);
        assert_eq!(run(&mut command, &mut tally), Err("1 passed, 0 failed".into()));
        assert_eq!(tally.passed, 1);
    }
}
