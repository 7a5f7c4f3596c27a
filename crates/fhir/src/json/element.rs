//! A value inside a parsed text: its kind, exact spelling, place, members and items.

use std::borrow::Cow;
use std::ops::Range;

use super::escape;
use super::parse::Json;
use super::tape::{Node, NodeKind};

/// The six kinds of JSON value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// `null`
    Null,
    /// `true` or `false`
    Bool,
    /// A number, its digits as written.
    Number,
    /// A string.
    String,
    /// An array.
    Array,
    /// An object.
    Object,
}

/// A value inside a [`Json`]; cheap to copy.
#[derive(Clone, Copy)]
pub struct Element<'a> {
    json: &'a Json,
    index: u32,
}

/// A name and its value in an object.
#[derive(Clone, Debug)]
pub struct Member<'a> {
    /// The name, unescaped.
    pub key: Cow<'a, str>,
    /// The place of the name in [`Json::text`], quotes included.
    pub key_span: Range<usize>,
    /// The value.
    pub value: Element<'a>,
}

impl<'a> Element<'a> {
    pub(super) fn new(json: &'a Json, index: u32) -> Self {
        Self { json, index }
    }

    fn node(self) -> Node {
        self.json.tape[self.index as usize]
    }

    /// Which of the six kinds of value this is.
    pub fn kind(self) -> Kind {
        match self.node().kind {
            NodeKind::Null => Kind::Null,
            NodeKind::True | NodeKind::False => Kind::Bool,
            NodeKind::Number => Kind::Number,
            NodeKind::String | NodeKind::EscapedString | NodeKind::Key | NodeKind::EscapedKey => Kind::String,
            NodeKind::Array => Kind::Array,
            NodeKind::Object => Kind::Object,
        }
    }

    /// The exact minified text of the value: strings with their quotes, arrays and objects whole.
    pub fn raw(self) -> &'a str {
        &self.json.text[self.span()]
    }

    /// The place of the value in [`Json::text`].
    pub fn span(self) -> Range<usize> {
        self.node().span()
    }

    /// A string's value; borrowed when it has no escapes. None for other kinds.
    pub fn as_str(self) -> Option<Cow<'a, str>> {
        let node = self.node();
        match node.kind {
            NodeKind::String => Some(Cow::Borrowed(&self.json.text[node.inside()])),
            NodeKind::EscapedString => Some(escape::unescape(&self.json.text[node.inside()])),
            _ => None,
        }
    }

    /// A number's text as written. None for other kinds.
    pub fn as_number(self) -> Option<&'a str> {
        (self.node().kind == NodeKind::Number).then(|| self.raw())
    }

    /// A boolean's value. None for other kinds.
    pub fn as_bool(self) -> Option<bool> {
        match self.node().kind {
            NodeKind::True => Some(true),
            NodeKind::False => Some(false),
            _ => None,
        }
    }

    /// The value of the first member of that name. None when there is none or this is no object.
    pub fn get(self, key: &str) -> Option<Element<'a>> {
        let mut members = self.members();
        while let Some((name, value)) = members.advance() {
            let inside = &self.json.text[name.inside()];
            let found = match name.kind {
                NodeKind::EscapedKey => escape::unescape(inside) == key,
                _ => inside == key,
            };
            if found {
                return Some(value);
            }
        }
        None
    }

    /// The value reached by following the names of `path`, each by [`Element::get`].
    pub fn at(self, path: &[&str]) -> Option<Element<'a>> {
        path.iter().try_fold(self, |element, key| element.get(key))
    }

    /// An object's members in order of text, repeated names included; empty for other kinds.
    pub fn members(self) -> Members<'a> {
        let range = if self.kind() == Kind::Object { self.inner() } else { 0..0 };
        Members { json: self.json, range }
    }

    /// An array's elements; empty for other kinds.
    pub fn items(self) -> Items<'a> {
        let range = if self.kind() == Kind::Array { self.inner() } else { 0..0 };
        Items { json: self.json, range }
    }

    /// How many members or elements an object or array has; 0 for other kinds.
    pub fn len(self) -> usize {
        match self.kind() {
            Kind::Object => self.members().count(),
            Kind::Array => self.items().count(),
            _ => 0,
        }
    }

    /// Whether there is no member or element; true for other kinds than object and array.
    pub fn is_empty(self) -> bool {
        self.inner().is_empty()
    }

    /// This value and everything below it, each before its own content, in order of text; member names are left out.
    pub fn descend(self) -> impl Iterator<Item = Element<'a>> {
        let json = self.json;
        (self.index..self.node().next)
            .filter(move |&index| !json.tape[index as usize].is_key())
            .map(move |index| Element { json, index })
    }

    /// The members of every object in the subtree, at any depth, in order of text.
    pub fn descend_members(self) -> impl Iterator<Item = Member<'a>> {
        let json = self.json;
        self.inner()
            .filter(move |&index| json.tape[index as usize].is_key())
            .filter_map(move |index| Members { json, range: index..json.tape[index as usize + 1].next }.next())
    }

    /// A copy of this value as a text of its own, without parsing it again.
    pub fn to_json(self) -> Json {
        let (node, first) = (self.node(), self.index);
        let tape = &self.json.tape[first as usize..node.next as usize];
        let moved =
            |n: &Node| Node { start: n.start - node.start, end: n.end - node.start, next: n.next - first, ..*n };
        // They are in order of text, and a long Bundle has many copies made.
        let (all, start) = (&self.json.duplicates, node.start as usize);
        let within = all.partition_point(|k| k.start < start)..all.partition_point(|k| k.end <= node.end as usize);
        Json {
            text: self.raw().to_owned(),
            tape: tape.iter().map(moved).collect(),
            duplicates: all[within].iter().map(|key| key.start - start..key.end - start).collect(),
        }
    }

    /// The tape indexes of the subtree without this node.
    fn inner(self) -> Range<u32> {
        self.index + 1..self.node().next
    }
}

impl std::fmt::Debug for Element<'_> {
    /// Kind and place only: the text may be health data.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Element").field("kind", &self.kind()).field("span", &self.span()).finish()
    }
}

/// The members of an object, in order of text.
#[derive(Clone, Debug)]
pub struct Members<'a> {
    json: &'a Json,
    range: Range<u32>,
}

impl<'a> Members<'a> {
    fn advance(&mut self) -> Option<(Node, Element<'a>)> {
        if self.range.is_empty() {
            return None;
        }
        let name = self.json.tape[self.range.start as usize];
        let value = Element { json: self.json, index: name.next };
        self.range.start = value.node().next;
        Some((name, value))
    }
}

impl<'a> Iterator for Members<'a> {
    type Item = Member<'a>;

    fn next(&mut self) -> Option<Member<'a>> {
        let (name, value) = self.advance()?;
        let inside = &self.json.text[name.inside()];
        let key = if name.kind == NodeKind::EscapedKey { escape::unescape(inside) } else { Cow::Borrowed(inside) };
        Some(Member { key, key_span: name.span(), value })
    }
}

/// The elements of an array, in order of text.
#[derive(Clone, Debug)]
pub struct Items<'a> {
    json: &'a Json,
    range: Range<u32>,
}

impl<'a> Iterator for Items<'a> {
    type Item = Element<'a>;

    fn next(&mut self) -> Option<Element<'a>> {
        if self.range.is_empty() {
            return None;
        }
        let item = Element { json: self.json, index: self.range.start };
        self.range.start = item.node().next;
        Some(item)
    }
}
