//! Changes to a text by place, applied in one copy: everything untouched stays byte for byte.

use std::borrow::Cow;
use std::cmp::Reverse;
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

    /// Takes the members out that `keep` refuses, each with one comma. At most one call for an object, and no
    /// [`Edits::set_member`] on an object that loses all its members.
    pub fn retain_members(&mut self, object: Element<'_>, mut keep: impl FnMut(&Member<'_>) -> bool) {
        let spans = object.members().map(|member| {
            let span = member.key_span.start..member.value.span().end;
            (keep(&member), span)
        });
        self.retain(spans.collect());
    }

    /// Takes the elements out that `keep` refuses, each with one comma. At most one call for an array.
    pub fn retain_items(&mut self, array: Element<'_>, mut keep: impl FnMut(Element<'_>) -> bool) {
        self.retain(array.items().map(|item| (keep(item), item.span())).collect());
    }

    /// Gives the first member named `key` the value `json`, or adds the member at the end of `object`, which must have
    /// another member already.
    pub fn set_member(&mut self, object: Element<'_>, key: &str, json: impl Into<Cow<'w, str>>) {
        match object.get(key) {
            Some(value) => self.replace(value.span(), json),
            None => self.insert(object.span().end - 1, format!(",{}:{}", quote(key), json.into())),
        }
    }

    /// Whether there is nothing to change.
    pub fn is_empty(&self) -> bool {
        self.edits.is_empty()
    }

    /// The text with all edits made. The places must be within `text` and between characters, as spans of
    /// [`super::Element`] are.
    pub fn apply(mut self, text: &str) -> String {
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

    /// Removes the spans not kept. Each goes with the comma before it, and those at the front with the comma behind.
    fn retain(&mut self, spans: Vec<(bool, Range<usize>)>) {
        let (Some((_, first)), Some((_, last))) = (spans.first(), spans.last()) else { return };
        if !spans.iter().any(|(keep, _)| *keep) {
            return self.remove(first.start..last.end);
        }
        let mut kept_before = false;
        for (keep, span) in spans {
            match (keep, kept_before) {
                (true, _) => kept_before = true,
                (false, true) => self.remove(span.start - 1..span.end),
                (false, false) => self.remove(span.start..span.end + 1),
            }
        }
    }
}

impl std::fmt::Debug for Edits<'_> {
    /// Their number only: the texts may be health data.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Edits").field("n_edits", &self.edits.len()).finish()
    }
}
