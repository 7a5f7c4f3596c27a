//! Why something was not done: about nine kinds, which every door maps once to its own language (status, exit code, sentence).

use mecum_fhir::json::JsonError;
use mecum_record::access::Denied;
use mecum_store::StoreError;
use mecum_store::db::DbError;

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
    /// A fault of this installation: disk full, database lost, a damaged row.
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
        match error {
            StoreError::UnknownRecord(record) => Failure::NotFound(format!("record {record}")),
            StoreError::VersionConflict { .. } => Failure::Precondition(error.to_string()),
            StoreError::IdTaken | StoreError::ImportRunning | StoreError::StagingLost => {
                Failure::Conflict(error.to_string())
            }
            StoreError::Db(DbError::Busy) => Failure::Busy(chain(&error)),
            StoreError::NotCovered => Failure::Forbidden(Denied::OutOfScope),
            _ => Failure::Broken(chain(&error)),
        }
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
