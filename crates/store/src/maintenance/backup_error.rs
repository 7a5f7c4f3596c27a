//! Why a backup was not made, proven or restored. No message holds health data, a key or an address.

use std::io;
use std::path::{Path, PathBuf};

use super::verify::Finding;
use crate::error::StoreError;

/// Why a backup was not made, proven or restored.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// The store refused or failed, or the key is the wrong one.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A file or folder could not be read or written.
    #[error("{}: {source}", path.display())]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// There is something where the backup, or what is restored, would go.
    #[error("{} is there already and is not empty: nothing was changed", .0.display())]
    InTheWay(PathBuf),
    /// The folder holds no finished backup: its manifest is missing or cannot be read.
    #[error("{} holds no finished backup: its manifest is missing or damaged", .0.display())]
    NotABackup(PathBuf),
    /// The backup is of the other kind of database than the place it should go to.
    #[error("this backup is of {0}: restore it to such a place")]
    OtherKind(&'static str),
    /// What was restored is not what was backed up; it was removed again.
    #[error("the backup is damaged ({}): nothing was restored", told(.0))]
    Unsound(Vec<Finding>),
    /// A program of PostgreSQL's is not installed.
    #[error("{0} is not installed: install PostgreSQL's client programs, at least of the server's version")]
    NoProgram(&'static str),
    /// A program of PostgreSQL's failed.
    #[error("{program} failed: {why}")]
    Program {
        /// Which one.
        program: &'static str,
        /// The first line it said.
        why: String,
    },
}

fn told(findings: &[Finding]) -> String {
    match findings {
        [] => "without a finding".to_owned(),
        [only] => only.what.clone(),
        [first, rest @ ..] => format!("{}, and {} more", first.what, rest.len()),
    }
}

/// Names the file an error of the system is about.
pub(super) fn at(path: &Path) -> impl FnOnce(io::Error) -> BackupError + use<> {
    let path = path.to_owned();
    |source| BackupError::Io { path, source }
}
