//! Canonical JSON (R4 json.html#canonical): one spelling for what means the same, for hashes and signatures, never for storage.
//!
//! Members are sorted by name, there is no whitespace between tokens, strings have the fewest escapes. Numbers stay as written,
//! because their digits carry precision in FHIR, and so does whitespace inside strings.

use std::borrow::Cow;

use crate::json::{Element, Kind, quote};

/// What a canonical form covers; each has its URL in the standard.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Canonicalization {
    /// Everything.
    Whole,
    /// Everything but the narrative: the `text` of each resource.
    Data,
    /// Everything but the narrative and the `meta` of each resource, which change as it is moved around.
    Static,
    /// Only `id` and narrative.
    Narrative,
    /// Everything in a Bundle but its own `id` and `meta`.
    Document,
}

impl Canonicalization {
    /// The URL that names it in a signature.
    pub fn url(self) -> &'static str {
        match self {
            Self::Whole => "http://hl7.org/fhir/canonicalization/json",
            Self::Data => "http://hl7.org/fhir/canonicalization/json#data",
            Self::Static => "http://hl7.org/fhir/canonicalization/json#static",
            Self::Narrative => "http://hl7.org/fhir/canonicalization/json#narrative",
            Self::Document => "http://hl7.org/fhir/canonicalization/json#document",
        }
    }

    /// The one with that URL.
    pub fn parse(url: &str) -> Option<Self> {
        [Self::Whole, Self::Data, Self::Static, Self::Narrative, Self::Document]
            .into_iter()
            .find(|form| form.url() == url)
    }

    /// The names left out of the root.
    fn left_out_of_root(self) -> fn(&str) -> bool {
        match self {
            Self::Narrative => |key| !matches!(key, "id" | "text"),
            Self::Document => |key| matches!(key, "id" | "meta"),
            Self::Whole | Self::Data | Self::Static => self.left_out_of_resources(),
        }
    }

    /// The names left out of every resource, the root included.
    fn left_out_of_resources(self) -> fn(&str) -> bool {
        match self {
            Self::Data => |key| key == "text",
            Self::Static => |key| matches!(key, "text" | "meta"),
            Self::Whole | Self::Narrative | Self::Document => |_| false,
        }
    }

    /// The names left out of an object.
    fn left_out_of(self, object: Element<'_>, is_root: bool) -> fn(&str) -> bool {
        match is_root {
            true => self.left_out_of_root(),
            false if object.get("resourceType").is_some() => self.left_out_of_resources(),
            false => |_| false,
        }
    }
}

/// The canonical text of a resource, or of any value. Members that repeat a name stay in their order.
pub fn canonical_json(root: Element<'_>, form: Canonicalization) -> String {
    let mut out = String::with_capacity(root.raw().len());
    let mut open = Vec::new();
    if let Some(first) = begin(root, true, form, &mut out) {
        open.push(first);
    }
    // A stack of our own: the depth of the text is bounded by its parser, not by the stack of this thread.
    while let Some(top) = open.last_mut() {
        let Some(child) = top.rest.next() else {
            out.push(top.closing);
            open.pop();
            continue;
        };
        if !std::mem::replace(&mut top.is_first, false) {
            out.push(',');
        }
        if let Some(key) = &child.key {
            out.push_str(&quote(key));
            out.push(':');
        }
        if let Some(inner) = begin(child.value, false, form, &mut out) {
            open.push(inner);
        }
    }
    out
}

/// An array or object whose rest is still to be written.
struct Open<'a> {
    rest: std::vec::IntoIter<Child<'a>>,
    closing: char,
    is_first: bool,
}

/// A member, or an element of an array, which has no key.
struct Child<'a> {
    key: Option<Cow<'a, str>>,
    value: Element<'a>,
}

/// Writes a value, or the opening of an array or object whose content is returned.
fn begin<'a>(element: Element<'a>, is_root: bool, form: Canonicalization, out: &mut String) -> Option<Open<'a>> {
    let (opening, closing, children) = match element.kind() {
        Kind::Object => {
            let is_left_out = form.left_out_of(element, is_root);
            let members = element.members().filter(|member| !is_left_out(&member.key));
            let mut children: Vec<_> = members.map(|m| Child { key: Some(m.key), value: m.value }).collect();
            children.sort_by(|a, b| a.key.cmp(&b.key));
            ('{', '}', children)
        }
        Kind::Array => ('[', ']', element.items().map(|value| Child { key: None, value }).collect()),
        _ => {
            out.push_str(&element.as_str().map_or(Cow::Borrowed(element.raw()), |text| quote(&text).into()));
            return None;
        }
    };
    out.push(opening);
    Some(Open { rest: children.into_iter(), closing, is_first: true })
}
