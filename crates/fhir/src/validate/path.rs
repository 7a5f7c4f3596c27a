//! Where the walk stands, written out only when an issue needs it.

use std::fmt::Write;

/// A longer name of an unknown element is not repeated in an issue.
const LONGEST_NAME: usize = 64;

/// The walk calls itself for every level; JSON of the usual limits is never as deep.
const DEEPEST: usize = 256;

/// The names from the outermost resource down to the element at hand.
pub(super) struct Path {
    steps: Vec<Step>,
}

struct Step {
    name: &'static str,
    index: Option<usize>,
}

impl Path {
    pub(super) fn new() -> Self {
        Self { steps: Vec::with_capacity(16) }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.steps.is_empty()
    }

    pub(super) fn is_too_deep(&self) -> bool {
        self.steps.len() > DEEPEST
    }

    pub(super) fn enter(&mut self, name: &'static str) {
        self.steps.push(Step { name, index: None });
    }

    /// Says which of the current element's repetitions is meant.
    pub(super) fn at(&mut self, index: usize) {
        if let Some(step) = self.steps.last_mut() {
            step.index = Some(index);
        }
    }

    pub(super) fn leave(&mut self) {
        self.steps.pop();
    }

    /// `Patient.name[0].given[1]`
    pub(super) fn expression(&self) -> String {
        let mut text = String::new();
        for step in &self.steps {
            if !text.is_empty() {
                text.push('.');
            }
            text.push_str(step.name);
            if let Some(index) = step.index {
                let _ = write!(text, "[{index}]");
            }
        }
        text
    }

    /// The expression of a member that may have any name; of its parent, if the name is not fit to be repeated.
    pub(super) fn expression_of(&self, name: &str) -> String {
        let mut text = self.expression();
        let is_plain = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
        if is_plain && (1..=LONGEST_NAME).contains(&name.len()) {
            text.push('.');
            text.push_str(name);
        }
        text
    }
}
