//! The closed code sets of an issue (R4 valueset-issue-severity.html, valueset-issue-type.html).

/// How bad an issue is, the worst first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// The action failed and nothing more was looked at.
    Fatal,
    /// The action failed.
    Error,
    /// The action did not fail, but the result may not be what was meant.
    Warning,
    /// Nothing is wrong.
    Information,
}

impl Severity {
    /// All of them, the worst first.
    pub const ALL: [Severity; 4] = [Self::Fatal, Self::Error, Self::Warning, Self::Information];

    /// The code.
    pub fn code(self) -> &'static str {
        match self {
            Self::Fatal => "fatal",
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Information => "information",
        }
    }

    /// The severity with that code.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|severity| severity.code() == code)
    }
}

/// What kind of issue it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum IssueCode {
    /// Content is against the specification or a profile.
    Invalid,
    /// The structure is against the specification.
    Structure,
    /// A required element is missing.
    Required,
    /// An element's value is not of its type.
    Value,
    /// A rule about the content fails.
    Invariant,
    /// A problem of authorization.
    Security,
    /// The caller must sign in first.
    Login,
    /// The caller could not be recognized.
    Unknown,
    /// The session or grant has ended.
    Expired,
    /// The caller may not do this.
    Forbidden,
    /// Something was left out because the caller may not see it.
    Suppressed,
    /// A problem in processing.
    Processing,
    /// This is not supported.
    NotSupported,
    /// The same exists already.
    Duplicate,
    /// More than one match was found where one was needed.
    MultipleMatches,
    /// What was named does not exist.
    NotFound,
    /// What was named is deleted.
    Deleted,
    /// Content is too long.
    TooLong,
    /// A code or system is not known or not allowed here.
    CodeInvalid,
    /// An extension is not accepted here.
    Extension,
    /// The action would take too much.
    TooCostly,
    /// A rule of the business forbids it.
    BusinessRule,
    /// Someone else changed it meanwhile.
    Conflict,
    /// A passing problem.
    Transient,
    /// A lock could not be had.
    LockError,
    /// No room to store it.
    NoStore,
    /// An unexpected fault inside.
    Exception,
    /// It took too long.
    Timeout,
    /// Not all results could be had.
    Incomplete,
    /// Too many requests.
    Throttled,
    /// A message, not a problem.
    Informational,
}

impl IssueCode {
    /// All of them, in the order of the standard.
    pub const ALL: [IssueCode; 31] = [
        Self::Invalid,
        Self::Structure,
        Self::Required,
        Self::Value,
        Self::Invariant,
        Self::Security,
        Self::Login,
        Self::Unknown,
        Self::Expired,
        Self::Forbidden,
        Self::Suppressed,
        Self::Processing,
        Self::NotSupported,
        Self::Duplicate,
        Self::MultipleMatches,
        Self::NotFound,
        Self::Deleted,
        Self::TooLong,
        Self::CodeInvalid,
        Self::Extension,
        Self::TooCostly,
        Self::BusinessRule,
        Self::Conflict,
        Self::Transient,
        Self::LockError,
        Self::NoStore,
        Self::Exception,
        Self::Timeout,
        Self::Incomplete,
        Self::Throttled,
        Self::Informational,
    ];

    /// The code.
    pub fn code(self) -> &'static str {
        match self {
            Self::Invalid => "invalid",
            Self::Structure => "structure",
            Self::Required => "required",
            Self::Value => "value",
            Self::Invariant => "invariant",
            Self::Security => "security",
            Self::Login => "login",
            Self::Unknown => "unknown",
            Self::Expired => "expired",
            Self::Forbidden => "forbidden",
            Self::Suppressed => "suppressed",
            Self::Processing => "processing",
            Self::NotSupported => "not-supported",
            Self::Duplicate => "duplicate",
            Self::MultipleMatches => "multiple-matches",
            Self::NotFound => "not-found",
            Self::Deleted => "deleted",
            Self::TooLong => "too-long",
            Self::CodeInvalid => "code-invalid",
            Self::Extension => "extension",
            Self::TooCostly => "too-costly",
            Self::BusinessRule => "business-rule",
            Self::Conflict => "conflict",
            Self::Transient => "transient",
            Self::LockError => "lock-error",
            Self::NoStore => "no-store",
            Self::Exception => "exception",
            Self::Timeout => "timeout",
            Self::Incomplete => "incomplete",
            Self::Throttled => "throttled",
            Self::Informational => "informational",
        }
    }

    /// The kind with that code.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }
}
