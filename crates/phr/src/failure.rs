//! Why something was not done: about nine kinds, which every door maps once to its own language (status, exit code, sentence).

use std::io::ErrorKind;

use mecum_fhir::json::JsonError;
use mecum_record::access::Denied;
use mecum_store::StoreError;
use mecum_store::blobs::BlobError;
use mecum_store::db::DbError;
use mecum_store::keys::KeyError;

/// One thing that is wrong with what was sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The R4 issue type code, e.g. `value`, `required`, `structure`.
    pub code: &'static str,
    /// Where, as a FHIRPath expression or a line; empty when it is about the whole.
    pub expression: String,
    /// What is wrong, in words without health data.
    pub message: String,
}

/// Why something was not done.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// What was sent cannot be read: malformed.
    #[error("{}", first(.0))]
    Malformed(Vec<Fault>),
    /// What was sent can be read and breaks a rule.
    #[error("{}", first(.0))]
    Invalid(Vec<Fault>),
    /// It asks for something this program does not do.
    #[error("{0}")]
    Unsupported(String),
    /// There is no such thing, or the caller may not know that there is.
    #[error("{0} was not found")]
    NotFound(String),
    /// It was deleted.
    #[error("{0} was deleted")]
    Gone(String),
    /// It has been changed meanwhile, or a condition matched more than one.
    #[error("{0}")]
    Precondition(String),
    /// It stands against something else: a running import, a taken id.
    #[error("{0}")]
    Conflict(String),
    /// The caller may not.
    #[error("{0}")]
    Forbidden(Denied),
    /// It is larger than is taken.
    #[error("{0}")]
    TooLarge(String),
    /// It cannot be done now; trying again later may do.
    #[error("{0}")]
    Busy(String),
    /// There is no room left to write it.
    #[error("{0}")]
    Full(String),
    /// What is kept is not what was written: `mecum verify` says what else is.
    #[error("{0}")]
    Damaged(String),
    /// Another fault of this installation: the database is lost, a rule of ours is broken.
    #[error("{0}")]
    Broken(String),
}

fn first(faults: &[Fault]) -> String {
    match faults {
        [] => "not valid".to_owned(),
        [only] => located(only),
        [one, rest @ ..] => format!("{} (and {} more)", located(one), rest.len()),
    }
}

fn located(fault: &Fault) -> String {
    if fault.expression.is_empty() { fault.message.clone() } else { format!("{}: {}", fault.expression, fault.message) }
}

impl Failure {
    /// A malformed input with one fault.
    #[must_use]
    pub fn malformed(code: &'static str, expression: &str, message: impl Into<String>) -> Failure {
        Failure::Malformed(vec![Fault { code, expression: expression.to_owned(), message: message.into() }])
    }

    /// An invalid input with one fault.
    #[must_use]
    pub fn invalid(code: &'static str, expression: &str, message: impl Into<String>) -> Failure {
        Failure::Invalid(vec![Fault { code, expression: expression.to_owned(), message: message.into() }])
    }
}

impl From<JsonError> for Failure {
    fn from(error: JsonError) -> Self {
        Failure::malformed("structure", "", error.to_string())
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        match &error {
            StoreError::UnknownRecord(record) => Failure::NotFound(format!("record {record}")),
            StoreError::VersionConflict { .. } => Failure::Precondition(error.to_string()),
            StoreError::ChainMoved | StoreError::IndexOwed => Failure::Busy(error.to_string()),
            StoreError::TooManyChanges => Failure::TooLarge(error.to_string()),
            StoreError::TooCostly => Failure::malformed("too-costly", "", error.to_string()),
            StoreError::UnknownCursor => Failure::malformed("value", "", error.to_string()),
            StoreError::IdTaken | StoreError::ImportRunning | StoreError::StagingLost => {
                Failure::Conflict(error.to_string())
            }
            StoreError::Db(cause) => of_database(cause, chain(&error)),
            StoreError::Keys(KeyError::Db(cause)) => of_database(cause, chain(&error)),
            StoreError::NotCovered => Failure::Forbidden(Denied::OutOfScope),
            StoreError::Damaged(_)
            | StoreError::Blob(BlobError::Missing(_) | BlobError::Damaged { .. })
            | StoreError::Keys(KeyError::Damaged { .. }) => Failure::Damaged(chain(&error)),
            StoreError::Io { source, .. } | StoreError::Blob(BlobError::Io(source)) => of_files(source, chain(&error)),
            StoreError::Keys(_) | StoreError::Blob(_) => Failure::Broken(chain(&error)),
        }
    }
}

/// What a fault of the database means.
fn of_database(cause: &DbError, text: String) -> Failure {
    match cause {
        // Nothing was kept: whoever comes again may be served.
        DbError::Busy | DbError::TooCostly | DbError::ConnectionLost => Failure::Busy(text),
        DbError::DiskFull => Failure::Full(text),
        DbError::Corrupt => Failure::Damaged(text),
        _ => Failure::Broken(text),
    }
}

/// Why a key does not do: what a person can put right is a conflict, the rest a fault of the installation.
pub(crate) fn of_key(error: &KeyError) -> Failure {
    let text = chain(error);
    match error {
        KeyError::Db(cause) => of_database(cause, text),
        KeyError::Damaged { .. } => Failure::Damaged(text),
        KeyError::Io { source, .. } => of_files(source, text),
        _ => Failure::Conflict(text),
    }
}

/// What a fault of the file system means.
fn of_files(cause: &std::io::Error, text: String) -> Failure {
    match cause.kind() {
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => Failure::Full(text),
        _ => Failure::Broken(text),
    }
}

/// An error and what caused it, in one line.
pub(crate) fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        let cause_text = cause.to_string();
        if !text.ends_with(&cause_text) {
            text.push_str(": ");
            text.push_str(&cause_text);
        }
        source = cause.source();
    }
    text
}
