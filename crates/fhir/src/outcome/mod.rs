//! OperationOutcome (R4 operationoutcome.html): what went wrong, and where, in FHIR's own words.
//!
//! - [`Outcome`]: issues, and their text.
//! - [`Issue`]: one of them, with its [`Severity`] and [`IssueCode`].

mod code;
mod issue;

pub use code::{IssueCode, Severity};
pub use issue::{Issue, Outcome};
