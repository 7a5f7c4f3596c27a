//! What validation found: a bounded list of issues in the terms of OperationOutcome (R4 operationoutcome.html).

use std::borrow::Cow;
use std::ops::Range;

/// How bad an issue is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// The standard allows it, but it is probably a mistake.
    Warning,
    /// The resource breaks a rule of the standard.
    Error,
}

/// The codes of IssueType (R4 valueset-issue-type.html) that validation uses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum IssueKind {
    /// Not the shape the standard gives it: unknown element, wrong kind of JSON value, too many.
    Structure,
    /// A required element is missing.
    Required,
    /// A primitive value is not written the way its type is.
    Value,
    /// A value is longer than its type allows.
    TooLong,
    /// A code is not from the set it must be from.
    CodeInvalid,
    /// A rule over several elements does not hold.
    Invariant,
}

impl IssueKind {
    /// The code in `OperationOutcome.issue.code`.
    pub fn code(self) -> &'static str {
        match self {
            Self::Structure => "structure",
            Self::Required => "required",
            Self::Value => "value",
            Self::TooLong => "too-long",
            Self::CodeInvalid => "code-invalid",
            Self::Invariant => "invariant",
        }
    }
}

/// One thing that is wrong with a resource. It never quotes values: they may be health data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Issue {
    /// How bad it is.
    pub severity: Severity,
    /// What sort of rule is broken.
    pub kind: IssueKind,
    /// Where, as a path of JSON names: `Observation.component[1].valueQuantity.value`.
    pub expression: String,
    /// Where in [`crate::json::Json::text`].
    pub span: Range<usize>,
    /// What is wrong, for a person. Starts with the rule's key if it has one: `obs-7: …`.
    pub message: Cow<'static, str>,
}

/// Issues up to a bound; the rest is dropped.
pub(super) struct Issues {
    list: Vec<Issue>,
    most: usize,
}

impl Issues {
    pub(super) fn new(most: usize) -> Self {
        Self { list: Vec::new(), most }
    }

    pub(super) fn is_full(&self) -> bool {
        self.list.len() >= self.most
    }

    pub(super) fn push(&mut self, issue: Issue) {
        if !self.is_full() {
            self.list.push(issue);
        }
    }

    pub(super) fn into_list(self) -> Vec<Issue> {
        self.list
    }
}
