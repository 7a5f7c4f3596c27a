//! What validation found: a bounded list of issues in the terms of OperationOutcome (R4 operationoutcome.html).

use std::borrow::Cow;
use std::ops::Range;

use crate::outcome::{self, IssueCode, Severity};

/// One thing that is wrong with a resource. It never quotes values: they may be health data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Issue {
    /// Error, or warning where the standard allows what is probably a mistake.
    pub severity: Severity,
    /// What sort of rule is broken: `structure`, `required`, `value`, `too-long`, `code-invalid` or `invariant`.
    pub code: IssueCode,
    /// Where, as a path of JSON names: `Observation.component[1].valueQuantity.value`.
    pub expression: String,
    /// Where in [`crate::json::Json::text`].
    pub span: Range<usize>,
    /// What is wrong, for a person. Starts with the rule's key if it has one: `obs-7: …`.
    pub message: Cow<'static, str>,
}

impl From<Issue> for outcome::Issue {
    fn from(issue: Issue) -> Self {
        let this = Self::new(issue.severity, issue.code).diagnostics(issue.message);
        if issue.expression.is_empty() { this } else { this.expression(issue.expression) }
    }
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
