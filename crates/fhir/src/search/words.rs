//! The words of a resource (R4 search.html, `_content` and `_text`): of its names, displays, texts, notes and codes, and of
//! its narrative.

use std::collections::HashSet;

use super::text::each_term;
use crate::definitions::{Primitive, Type, definitions};
use crate::json::{Element, Kind};
use crate::resource::Resource;

/// The most different words of a resource; those behind are not found.
const MAX_WORDS: usize = 4000;

/// The words of a resource, sorted, each once, as [`terms`](super::terms) makes them.
#[derive(Clone, PartialEq, Eq)]
pub struct Words {
    /// Of everything that is meant to be read, the narrative included.
    pub all: Vec<String>,
    /// Of the narrative alone.
    pub narrative: Vec<String>,
}

/// The words of what is meant to be read in a resource: strings, markdown, codes and narrative, those of contained
/// resources and extensions too; no ids, addresses, dates, numbers or attached data. At most 4,000 each.
pub fn words_of(resource: &Resource) -> Words {
    let mut gathered = Gathered::default();
    if let Some(of) = definitions().resource_type(resource.resource_type().name()) {
        gathered.object(resource.root(), of);
    }
    let sorted = |words: HashSet<String>| {
        let mut words: Vec<String> = words.into_iter().collect();
        words.sort_unstable();
        words
    };
    Words { all: sorted(gathered.all), narrative: sorted(gathered.narrative) }
}

#[derive(Default)]
struct Gathered {
    all: HashSet<String>,
    narrative: HashSet<String>,
}

impl Gathered {
    /// As deep as the text was allowed to be.
    fn object(&mut self, element: Element<'_>, of: &'static Type) {
        let of = if of.is_abstract() { type_itself(element) } else { Some(of) };
        let Some(of) = of else { return };
        for member in element.members() {
            let Some(found) = of.find(&member.key) else { continue };
            // A Reference's own text is an address, although its type is string.
            match found.is_sibling {
                true => self.extensions(member.value),
                false if of.name() == "Reference" && found.key == "reference" => {}
                false => self.value(member.value, found.of),
            }
        }
    }

    fn value(&mut self, value: Element<'_>, of: &'static Type) {
        match value.kind() {
            Kind::Array => value.items().for_each(|item| self.value(item, of)),
            Kind::Object => self.object(value, of),
            Kind::String => self.text(value, of.primitive()),
            Kind::Null | Kind::Bool | Kind::Number => {}
        }
    }

    /// What stands beside a primitive value.
    fn extensions(&mut self, sibling: Element<'_>) {
        if let Some(element) = definitions().type_named("Element") {
            match sibling.kind() {
                Kind::Array => sibling.items().for_each(|item| self.members_of(item, element)),
                _ => self.members_of(sibling, element),
            }
        }
    }

    fn members_of(&mut self, element: Element<'_>, of: &'static Type) {
        for member in element.members() {
            if let Some(found) = of.find(&member.key).filter(|found| !found.is_sibling) {
                self.value(member.value, found.of);
            }
        }
    }

    fn text(&mut self, value: Element<'_>, primitive: Option<Primitive>) {
        let Some(text) = value.as_str() else { return };
        match primitive {
            Some(Primitive::String | Primitive::Markdown | Primitive::Code) => add(&mut self.all, &text),
            Some(Primitive::Xhtml) => {
                let text = text_of_markup(&text);
                add(&mut self.narrative, &text);
                add(&mut self.all, &text);
            }
            _ => {}
        }
    }
}

/// The type that a contained resource says it has.
fn type_itself(element: Element<'_>) -> Option<&'static Type> {
    definitions().resource_type(&element.get("resourceType")?.as_str()?)
}

fn add(words: &mut HashSet<String>, text: &str) {
    each_term(text, |term| {
        if words.len() < MAX_WORDS && !words.contains(term) {
            words.insert(term.to_owned());
        }
        words.len() < MAX_WORDS
    });
}

/// The text between the tags, with a space for each; character references are resolved as far as they stand for one.
fn text_of_markup(markup: &str) -> String {
    let mut text = String::with_capacity(markup.len());
    let mut rest = markup;
    while let Some(at) = rest.find(['<', '&']) {
        text.push_str(&rest[..at]);
        rest = &rest[at..];
        let end = if rest.starts_with('<') {
            rest.find('>')
        } else {
            rest.as_bytes().iter().take(12).position(|&b| b == b';')
        };
        match (rest.starts_with('<'), end) {
            (true, Some(end)) => {
                text.push(' ');
                rest = &rest[end + 1..];
            }
            (true, None) => return text,
            (false, end) => {
                let known = end.and_then(|end| Some((character(&rest[1..end])?, end)));
                text.push(known.map_or(' ', |(character, _)| character));
                rest = &rest[known.map_or(1, |(_, end)| end + 1)..];
            }
        }
    }
    text.push_str(rest);
    text
}

/// The character that a reference stands for: those that XML names and those given by number.
fn character(reference: &str) -> Option<char> {
    let named = [("amp", '&'), ("lt", '<'), ("gt", '>'), ("quot", '"'), ("apos", '\'')];
    if let Some((_, character)) = named.iter().find(|(name, _)| *name == reference) {
        return Some(*character);
    }
    let number = reference.strip_prefix('#')?;
    match number.strip_prefix('x') {
        Some(digits) => u32::from_str_radix(digits, 16).ok().and_then(char::from_u32),
        None => number.parse().ok().and_then(char::from_u32),
    }
}
