//! What is wrong with a query: which parameter, and in one sentence what would be right (REST-33). Values are never
//! quoted: what is searched for is health data.

use crate::outcome::IssueCode;

/// The longest name that is quoted, in characters.
const MAX_NAME: usize = 100;

/// Why a query cannot be answered.
#[derive(Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{parameter}`: {says}")]
pub struct QueryFault {
    parameter: String,
    kind: FaultKind,
    says: String,
}

/// What sort of fault it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FaultKind {
    /// It is not written as the standard says.
    Invalid,
    /// It is of the standard but not to be had here.
    NotSupported,
    /// It asks for more than one query may.
    TooCostly,
}

impl QueryFault {
    /// The parameter's name as it came, cut if it is long.
    pub fn parameter(&self) -> &str {
        &self.parameter
    }

    /// What sort of fault it is.
    pub fn kind(&self) -> FaultKind {
        self.kind
    }

    /// The code of the issue it makes.
    pub fn code(&self) -> IssueCode {
        match self.kind {
            FaultKind::Invalid => IssueCode::Invalid,
            FaultKind::NotSupported => IssueCode::NotSupported,
            FaultKind::TooCostly => IssueCode::TooCostly,
        }
    }

    /// What is wrong and what would be right, without a value of the query.
    pub fn says(&self) -> &str {
        &self.says
    }
}

impl std::fmt::Debug for QueryFault {
    /// The kind only: a name comes from outside like a value.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("QueryFault").field("kind", &self.kind).finish_non_exhaustive()
    }
}

/// A fault before it is known which parameter it is of.
pub(super) struct Trouble {
    kind: FaultKind,
    says: String,
    /// Whether it is the parameter that is not known or not supported: then lenient handling goes on without it.
    pub(super) is_unknown: bool,
    /// Whether it is that references lead elsewhere: then a chain goes on with the other types it may lead to.
    pub(super) leads_elsewhere: bool,
}

impl Trouble {
    /// Something is not written as it should be.
    pub(super) fn invalid(says: impl Into<String>) -> Self {
        Self { kind: FaultKind::Invalid, says: says.into(), is_unknown: false, leads_elsewhere: false }
    }

    /// A value or modifier of the standard that cannot be had here.
    pub(super) fn not_supported(says: impl Into<String>) -> Self {
        Self { kind: FaultKind::NotSupported, says: says.into(), is_unknown: false, leads_elsewhere: false }
    }

    /// References of one type do not lead to the other.
    pub(super) fn elsewhere(says: impl Into<String>) -> Self {
        Self { leads_elsewhere: true, ..Self::invalid(says) }
    }

    /// More than one query may ask for.
    pub(super) fn too_costly(says: impl Into<String>) -> Self {
        Self { kind: FaultKind::TooCostly, says: says.into(), is_unknown: false, leads_elsewhere: false }
    }

    /// A parameter that there is not, or not here.
    pub(super) fn unknown(says: impl Into<String>) -> Self {
        Self { kind: FaultKind::NotSupported, says: says.into(), is_unknown: true, leads_elsewhere: false }
    }

    /// The same, where it is in the value that a parameter is named: that is a fault always.
    pub(super) fn in_value(self) -> Self {
        Self { is_unknown: false, ..self }
    }

    /// The fault of that parameter.
    pub(super) fn at(self, parameter: &str) -> QueryFault {
        QueryFault { parameter: parameter.chars().take(MAX_NAME).collect(), kind: self.kind, says: self.says }
    }
}
