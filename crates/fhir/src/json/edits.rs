//! Changes to a text by place, applied in one copy: everything untouched stays byte for byte.

use std::borrow::Cow;
use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::ops::Range;

use super::element::{Element, Member};
use super::escape::quote;

/// Replacements, insertions and removals to be made in one text, collected in any order.
///
/// Insertions at one place keep the order of their calls and stand before a replacement that begins there. An edit inside a
/// wider one gives way to it, so an object can be removed whatever was changed in it.
#[derive(Clone, Default)]
pub struct Edits<'w> {
    edits: Vec<(Range<usize>, Cow<'w, str>)>,
    /// Objects and arrays that lose or gain members, by where they begin.
    containers: BTreeMap<usize, Container<'w>>,
}

impl<'w> Edits<'w> {
    /// No edits.
    pub fn new() -> Self {
        Self::default()
    }

    /// Puts `with` where `span` stands.
    pub fn replace(&mut self, span: Range<usize>, with: impl Into<Cow<'w, str>>) {
        self.edits.push((span, with.into()));
    }

    /// Puts `text` before the byte `at`.
    pub fn insert(&mut self, at: usize, text: impl Into<Cow<'w, str>>) {
        self.replace(at..at, text);
    }

    /// Takes `span` out.
    pub fn remove(&mut self, span: Range<usize>) {
        self.replace(span, "");
    }

    /// Takes the members out that `keep` refuses, with their commas.
    pub fn retain_members(&mut self, object: Element<'_>, mut keep: impl FnMut(&Member<'_>) -> bool) {
        let container = self.container(object);
        for (child, member) in container.children.iter_mut().zip(object.members()) {
            child.is_kept &= keep(&member);
        }
    }

    /// Takes the elements out that `keep` refuses, with their commas.
    pub fn retain_items(&mut self, array: Element<'_>, mut keep: impl FnMut(Element<'_>) -> bool) {
        let container = self.container(array);
        for (child, item) in container.children.iter_mut().zip(array.items()) {
            child.is_kept &= keep(item);
        }
    }

    /// Gives the first member named `key` the value `json`, or adds the member at the end of `object`.
    pub fn set_member(&mut self, object: Element<'_>, key: &str, json: impl Into<Cow<'w, str>>) {
        match object.get(key) {
            Some(value) => self.replace(value.span(), json),
            None => {
                let member = format!("{}:{}", quote(key), json.into());
                self.container(object).added.push(member.into());
            }
        }
    }

    /// Adds the element `json` at the end of `array`.
    pub fn push_item(&mut self, array: Element<'_>, json: impl Into<Cow<'w, str>>) {
        self.container(array).added.push(json.into());
    }

    /// Whether there is nothing to change.
    pub fn is_empty(&self) -> bool {
        self.edits.is_empty() && self.containers.values().all(Container::is_unchanged)
    }

    /// The text with all edits made. The places must be within `text` and between characters, as spans of
    /// [`super::Element`] are.
    pub fn apply(mut self, text: &str) -> String {
        for container in std::mem::take(&mut self.containers).into_values() {
            container.add_edits(&mut self.edits);
        }
        self.edits.sort_by_key(|(span, _)| (span.start, !span.is_empty(), Reverse(span.end)));
        let n_added: usize = self.edits.iter().map(|(_, with)| with.len()).sum();
        let mut out = String::with_capacity(text.len() + n_added);
        let mut done_to = 0;
        for (span, with) in &self.edits {
            if span.start < done_to {
                debug_assert!(span.end <= done_to, "edits that cross each other");
                continue;
            }
            out.push_str(&text[done_to..span.start]);
            out.push_str(with);
            done_to = span.end;
        }
        out.push_str(&text[done_to..]);
        out
    }

    fn container(&mut self, element: Element<'_>) -> &mut Container<'w> {
        self.containers.entry(element.span().start).or_insert_with(|| Container::of(element))
    }
}

impl std::fmt::Debug for Edits<'_> {
    /// Numbers only: the texts may be health data.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let numbers = (self.edits.len(), self.containers.len());
        f.debug_tuple("Edits").field(&numbers).finish()
    }
}

/// What becomes of the members of an object or the elements of an array.
#[derive(Clone)]
struct Container<'w> {
    children: Vec<Child>,
    added: Vec<Cow<'w, str>>,
    /// Where the closing bracket is.
    end: usize,
}

#[derive(Clone)]
struct Child {
    is_kept: bool,
    span: Range<usize>,
}

impl<'w> Container<'w> {
    fn of(element: Element<'_>) -> Self {
        let members = element.members().map(|member| member.key_span.start..member.value.span().end);
        let spans = members.chain(element.items().map(Element::span));
        let children = spans.map(|span| Child { is_kept: true, span }).collect();
        Self { children, added: Vec::new(), end: element.span().end - 1 }
    }

    fn is_unchanged(&self) -> bool {
        self.added.is_empty() && self.children.iter().all(|child| child.is_kept)
    }

    /// Each child that is not kept goes with the comma before it, and those at the front with the comma behind.
    fn add_edits(self, edits: &mut Vec<(Range<usize>, Cow<'w, str>)>) {
        let any_kept = self.children.iter().any(|child| child.is_kept);
        if let (false, Some(first), Some(last)) = (any_kept, self.children.first(), self.children.last()) {
            edits.push((first.span.start..last.span.end, Cow::Borrowed("")));
        }
        let mut kept_before = false;
        for Child { is_kept, span } in self.children.into_iter().filter(|_| any_kept) {
            match (is_kept, kept_before) {
                (true, _) => kept_before = true,
                (false, true) => edits.push((span.start - 1..span.end, Cow::Borrowed(""))),
                (false, false) => edits.push((span.start..span.end + 1, Cow::Borrowed(""))),
            }
        }
        for (n_before, json) in self.added.into_iter().enumerate() {
            let json = if any_kept || n_before > 0 { format!(",{json}").into() } else { json };
            edits.push((self.end..self.end, json));
        }
    }
}
