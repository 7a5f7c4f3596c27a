//! Issues and the OperationOutcome they make (R4 operationoutcome.html).

use super::code::{IssueCode, Severity};
use crate::json::{ObjectWriter, Writer};

/// One thing to tell.
///
/// ```
/// use mecum_fhir::outcome::{Issue, IssueCode, Outcome};
/// let outcome = Outcome::of(Issue::error(IssueCode::Required).details("status is missing").expression("Observation.status"));
/// assert!(outcome.is_failure());
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Issue {
    severity: Severity,
    code: IssueCode,
    details: Option<String>,
    diagnostics: Option<String>,
    expressions: Vec<String>,
}

impl Issue {
    /// An issue without words.
    pub fn new(severity: Severity, code: IssueCode) -> Self {
        Self { severity, code, details: None, diagnostics: None, expressions: Vec::new() }
    }

    /// An issue that stopped everything.
    pub fn fatal(code: IssueCode) -> Self {
        Self::new(Severity::Fatal, code)
    }

    /// An issue that made the action fail.
    pub fn error(code: IssueCode) -> Self {
        Self::new(Severity::Error, code)
    }

    /// An issue that the action survived.
    pub fn warning(code: IssueCode) -> Self {
        Self::new(Severity::Warning, code)
    }

    /// A message.
    pub fn information(code: IssueCode) -> Self {
        Self::new(Severity::Information, code)
    }

    /// With words for a person: `details.text`.
    pub fn details(mut self, text: impl Into<String>) -> Self {
        self.details = Some(text.into());
        self
    }

    /// With words for a developer: `diagnostics`.
    pub fn diagnostics(mut self, text: impl Into<String>) -> Self {
        self.diagnostics = Some(text.into());
        self
    }

    /// With a place, as a simple FHIRPath; may be called again for another.
    pub fn expression(mut self, path: impl Into<String>) -> Self {
        self.expressions.push(path.into());
        self
    }

    /// How bad it is.
    pub fn severity(&self) -> Severity {
        self.severity
    }

    /// What kind it is.
    pub fn code(&self) -> IssueCode {
        self.code
    }

    /// The words for a person, if any.
    pub fn details_text(&self) -> Option<&str> {
        self.details.as_deref()
    }

    /// The words for a developer, if any.
    pub fn diagnostics_text(&self) -> Option<&str> {
        self.diagnostics.as_deref()
    }

    /// The places, as simple FHIRPaths.
    pub fn expressions(&self) -> &[String] {
        &self.expressions
    }

    fn write(&self, issue: &mut ObjectWriter<'_>) {
        issue.str("severity", self.severity.code()).str("code", self.code.code());
        issue.obj_some("details", |details| {
            details.str_some("text", self.details.as_deref());
        });
        issue.str_some("diagnostics", self.diagnostics.as_deref());
        issue.arr_some("expression", |expressions| {
            for path in &self.expressions {
                expressions.str(path);
            }
        });
    }
}

impl std::fmt::Debug for Issue {
    /// Severity and kind only: the words may quote what was sent.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Issue").field(&self.severity).field(&self.code).finish()
    }
}

/// The issues of one action.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Outcome {
    issues: Vec<Issue>,
}

impl Outcome {
    /// No issues yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// The outcome of one issue.
    pub fn of(issue: Issue) -> Self {
        Self { issues: vec![issue] }
    }

    /// Adds an issue.
    pub fn push(&mut self, issue: Issue) {
        self.issues.push(issue);
    }

    /// The issues in order.
    pub fn issues(&self) -> &[Issue] {
        &self.issues
    }

    /// Whether any issue is fatal or an error.
    pub fn is_failure(&self) -> bool {
        self.issues.iter().any(|issue| issue.severity <= Severity::Error)
    }

    /// The text of the OperationOutcome. FHIR wants one issue at least: without any it says that all is well.
    pub fn to_json(&self) -> String {
        let all_well = Issue::information(IssueCode::Informational).details("All OK");
        let issues = if self.issues.is_empty() { std::slice::from_ref(&all_well) } else { &self.issues };
        Writer::object(|outcome| {
            outcome.str("resourceType", "OperationOutcome").arr("issue", |list| {
                for issue in issues {
                    list.obj(|object| issue.write(object));
                }
            });
        })
    }
}

impl FromIterator<Issue> for Outcome {
    fn from_iter<I: IntoIterator<Item = Issue>>(issues: I) -> Self {
        Self { issues: issues.into_iter().collect() }
    }
}

impl Extend<Issue> for Outcome {
    fn extend<I: IntoIterator<Item = Issue>>(&mut self, issues: I) {
        self.issues.extend(issues);
    }
}
