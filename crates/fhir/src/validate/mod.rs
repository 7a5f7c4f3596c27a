//! Validation against the base standard (R4 validation.html): structure, cardinality, primitive values, required
//! bindings, references within the resource, narrative, and the rules (invariants) that need no terminology. Profiles
//! are not looked at.

mod binding;
mod issue;
mod narrative;
mod object;
mod path;
mod primitive;
mod reference;
mod resource;
mod rules;
mod scope;
mod sibling;

pub use issue::Issue;

use std::borrow::Cow;
use std::ops::Range;

use crate::json::Json;
use crate::outcome::{IssueCode, Severity};

/// How many issues [`validate`] lists.
pub const MOST_ISSUES: usize = 100;

/// Everything wrong with the resource in `json`, and with those contained in it or in its entries, in order of text as
/// far as it goes; at most [`MOST_ISSUES`]. Nothing wrong, nothing listed.
pub fn validate(json: &Json) -> Vec<Issue> {
    validate_up_to(json, MOST_ISSUES)
}

/// [`validate`] with another bound.
pub fn validate_up_to(json: &Json, most: usize) -> Vec<Issue> {
    let mut walk = Walk {
        duplicates: json.duplicate_keys(),
        path: path::Path::new(),
        issues: issue::Issues::new(most),
        scope: scope::Scope::default(),
    };
    walk.resource(json.root());
    walk.issues.into_list()
}

/// A walk over a resource's tree beside the tree of its type.
struct Walk<'a> {
    /// Where keys repeat, in order of text.
    duplicates: &'a [Range<usize>],
    path: path::Path,
    issues: issue::Issues,
    scope: scope::Scope<'a>,
}

impl Walk<'_> {
    /// Notes an error at the current path.
    fn error(&mut self, code: IssueCode, span: Range<usize>, message: impl Into<Cow<'static, str>>) {
        self.note(Severity::Error, code, span, message.into());
    }

    /// Notes an error at the element `name` of the one at the current path.
    fn error_at(&mut self, name: &str, code: IssueCode, span: Range<usize>, message: &'static str) {
        self.note_at(name, Severity::Error, (code, span, message));
    }

    /// Notes a warning at the current path.
    fn warning(&mut self, code: IssueCode, span: Range<usize>, message: &'static str) {
        self.note(Severity::Warning, code, span, message.into());
    }

    /// Notes a warning at the element `name` of the one at the current path.
    fn warning_at(&mut self, name: &str, code: IssueCode, span: Range<usize>, message: &'static str) {
        self.note_at(name, Severity::Warning, (code, span, message));
    }

    fn note_at(&mut self, name: &str, severity: Severity, what: (IssueCode, Range<usize>, &'static str)) {
        if !self.issues.is_full() {
            let (code, span, message) = what;
            let expression = self.path.expression_of(name);
            self.issues.push(Issue { severity, code, expression, span, message: message.into() });
        }
    }

    fn note(&mut self, severity: Severity, code: IssueCode, span: Range<usize>, message: Cow<'static, str>) {
        if !self.issues.is_full() {
            self.issues.push(Issue { severity, code, expression: self.path.expression(), span, message });
        }
    }
}
