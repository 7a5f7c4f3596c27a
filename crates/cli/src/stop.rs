//! Why a command stopped: one line that says what to do, and one of five exit codes.

use std::io::Write;
use std::process::ExitCode;

use clap::error::ErrorKind;
use mecum_phr::Failure;

/// What each exit code means, as every `--help` says it.
pub(crate) const EXIT_CODES: &str = "Exit codes: 0 done; 1 failed (disk, database, network; trying again may help); 2 wrong usage; \
3 not found; 4 refused; 5 damaged, or verify found something.";

/// A command that ends without having done what was asked.
#[derive(Debug)]
pub(crate) enum Stop {
    /// Code 1.
    Failed(String),
    /// Code 2.
    Usage(String),
    /// Code 3.
    NotFound(String),
    /// Code 4.
    Refused(String),
    /// Code 5.
    Damaged(String),
    /// Help or version was asked for: printed as it is, code 0.
    Help(clap::Error),
}

impl Stop {
    /// What clap says, in one line.
    pub(crate) fn usage(error: clap::Error) -> Stop {
        if matches!(error.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion) {
            return Stop::Help(error);
        }
        if error.kind() == ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand {
            return Stop::Usage("a command is missing; see `mecum --help`".to_owned());
        }
        let text = error.to_string();
        let first: Vec<&str> = text.lines().map(str::trim).take_while(|line| !line.is_empty()).collect();
        let line = first.join(" ");
        Stop::Usage(format!("{}; see `mecum --help`", line.trim_start_matches("error: ")))
    }

    /// A file that cannot be read or written.
    pub(crate) fn file(path: &std::path::Path, error: &std::io::Error) -> Stop {
        let text = format!("{}: {error}", path.display());
        if error.kind() == std::io::ErrorKind::NotFound { Stop::NotFound(text) } else { Stop::Failed(text) }
    }

    /// Says it on stderr and gives the exit code.
    pub(crate) fn report(self) -> ExitCode {
        let (code, text) = match self {
            Stop::Help(error) => {
                // A reader that closed the pipe has read enough.
                let _ = error.print();
                return ExitCode::SUCCESS;
            }
            Stop::Failed(text) => (1, text),
            Stop::Usage(text) => (2, text),
            Stop::NotFound(text) => (3, text),
            Stop::Refused(text) => (4, text),
            Stop::Damaged(text) => (5, text),
        };
        let line: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
        let _ = writeln!(std::io::stderr(), "mecum: {line}");
        ExitCode::from(code)
    }
}

impl From<Failure> for Stop {
    fn from(failure: Failure) -> Self {
        let text = failure.to_string();
        match failure {
            Failure::NotFound(_) | Failure::Gone(_) => Stop::NotFound(text),
            Failure::Busy(_) => Stop::Failed(text),
            Failure::Damaged(_) => Stop::Damaged(text),
            Failure::Full(_) | Failure::Broken(_) => Stop::Failed(text),
            _ => Stop::Refused(text),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failure_has_the_code_of_its_kind() {
        let code = |failure: Failure| match Stop::from(failure) {
            Stop::Failed(_) => 1,
            Stop::NotFound(_) => 3,
            Stop::Refused(_) => 4,
            Stop::Damaged(_) => 5,
            Stop::Usage(_) | Stop::Help(_) => 2,
        };
        assert_eq!(code(Failure::NotFound("record 9".into())), 3);
        assert_eq!(code(Failure::Busy("later".into())), 1);
        assert_eq!(code(Failure::Conflict("taken".into())), 4);
        assert_eq!(code(Failure::Damaged("the database file is damaged: restore a backup".into())), 5);
        assert_eq!(code(Failure::Full("the disk of the database is full".into())), 1);
    }
}
