//! The edits and repairs found so far, some of which are taken back when what they are in turns out to be void.

use std::borrow::Cow;
use std::collections::HashSet;
use std::fmt::Write;
use std::ops::Range;

use mecum_fhir::json::{Edits, Element, Member};

use super::kind::{Repair, RepairKind};

/// More repairs than this are not made.
const MAX_REPAIRS: usize = 100_000;
/// Nor are repairs whose paths are longer together.
const MAX_EXPRESSION_BYTES: usize = 16 << 20;

/// Edits to make in one text, with the path to where the walk is.
pub(super) struct Plan<'j> {
    root_name: &'static str,
    path: Vec<Step<'j>>,
    replacements: Vec<(Range<usize>, Cow<'static, str>)>,
    /// Where a member or item begins that goes, and what it goes from.
    dropped: Vec<(Element<'j>, usize)>,
    repairs: Vec<Repair>,
    n_expression_bytes: usize,
    is_overfull: bool,
}

/// One level of a path.
#[derive(Clone)]
pub(super) enum Step<'j> {
    /// Into a member.
    Key(Cow<'j, str>),
    /// Into an item.
    Item(usize),
}

/// A state to return to.
#[derive(Clone, Copy)]
pub(super) struct Checkpoint {
    n_replacements: usize,
    n_dropped: usize,
    n_repairs: usize,
}

impl<'j> Plan<'j> {
    /// Nothing to do yet, at the root of a resource of that type.
    pub(super) fn new(root_name: &'static str) -> Self {
        Self {
            root_name,
            path: Vec::with_capacity(16),
            replacements: Vec::new(),
            dropped: Vec::new(),
            repairs: Vec::new(),
            n_expression_bytes: 0,
            is_overfull: false,
        }
    }

    /// Goes a level down; [`Self::leave`] comes back.
    pub(super) fn enter(&mut self, step: Step<'j>) {
        self.path.push(step);
    }

    /// Comes a level up.
    pub(super) fn leave(&mut self) {
        self.path.pop();
    }

    /// The state now.
    pub(super) fn checkpoint(&self) -> Checkpoint {
        Checkpoint {
            n_replacements: self.replacements.len(),
            n_dropped: self.dropped.len(),
            n_repairs: self.repairs.len(),
        }
    }

    /// Takes everything back since `to`.
    pub(super) fn return_to(&mut self, to: Checkpoint) {
        self.replacements.truncate(to.n_replacements);
        self.dropped.truncate(to.n_dropped);
        self.repairs.truncate(to.n_repairs);
    }

    /// Notes a repair at the place where the walk is.
    pub(super) fn note(&mut self, kind: RepairKind) {
        self.is_overfull |= self.repairs.len() >= MAX_REPAIRS || self.n_expression_bytes > MAX_EXPRESSION_BYTES;
        if !self.is_overfull {
            let expression = self.expression();
            self.n_expression_bytes += expression.len();
            self.repairs.push(Repair { kind, expression });
        }
    }

    /// Puts `text` where `span` stands.
    pub(super) fn replace(&mut self, span: Range<usize>, text: impl Into<Cow<'static, str>>) {
        if !self.is_overfull {
            self.replacements.push((span, text.into()));
        }
    }

    /// Puts `text` before the byte `at`.
    pub(super) fn insert(&mut self, at: usize, text: &'static str) {
        self.replace(at..at, text);
    }

    /// Takes the member or item that begins at `child` out of `container`.
    pub(super) fn drop_child(&mut self, container: Element<'j>, child: usize) {
        if !self.is_overfull {
            self.dropped.push((container, child));
        }
    }

    /// The edits and the repairs. None if there is nothing to do, or too much.
    pub(super) fn finish(self) -> Option<(Edits<'static>, Vec<Repair>)> {
        if self.repairs.is_empty() || self.is_overfull {
            return None;
        }
        let mut edits = Edits::new();
        for (span, text) in self.replacements {
            edits.replace(span, text);
        }
        let children: HashSet<usize> = self.dropped.iter().map(|(_, child)| *child).collect();
        let mut done = HashSet::new();
        for (container, _) in self.dropped {
            if done.insert(container.span().start) {
                edits.retain_members(container, |member: &Member<'_>| !children.contains(&member.key_span.start));
                edits.retain_items(container, |item| !children.contains(&item.span().start));
            }
        }
        Some((edits, self.repairs))
    }

    /// The simple FHIRPath to where the walk is; a name that is no FHIR name is given as `?`.
    fn expression(&self) -> String {
        let mut text = self.root_name.to_owned();
        for step in &self.path {
            // Writing into a String cannot fail.
            let _ = match step {
                Step::Key(key) if is_name(key) => write!(text, ".{key}"),
                Step::Key(_) => write!(text, ".?"),
                Step::Item(index) => write!(text, "[{index}]"),
            };
        }
        text
    }
}

fn is_name(key: &str) -> bool {
    (1..=64).contains(&key.len()) && key.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}
