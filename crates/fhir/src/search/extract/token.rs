//! Tokens (R4 search.html#token): a code with its system, and beside it the text that `:text` searches.

use super::sink::Sink;
use crate::definitions::CodeSet;
use crate::json::{Element, Kind};

/// The system and code of a Coding or CodeableConcept's coding, and its display.
pub(super) fn coding(element: Element<'_>, _: Option<&'static CodeSet>, sink: &mut Sink<'_>) {
    token(element, "system", "code", sink);
    text(element.get("display"), sink);
}

/// Every coding, and the text.
pub(super) fn concept(element: Element<'_>, codes: Option<&'static CodeSet>, sink: &mut Sink<'_>) {
    each(element.get("coding"), |element| coding(element, codes, sink));
    text(element.get("text"), sink);
}

/// System and value, and the text of the type.
pub(super) fn identifier(element: Element<'_>, _: Option<&'static CodeSet>, sink: &mut Sink<'_>) {
    token(element, "system", "value", sink);
    text(element.at(&["type", "text"]), sink);
}

/// `phone`, `email` … and the value.
pub(super) fn contact(element: Element<'_>, _: Option<&'static CodeSet>, sink: &mut Sink<'_>) {
    if element.get("value").is_some() {
        token(element, "system", "value", sink);
    }
}

/// A bare code has the system of the set it must be from; a boolean, an id or a text has none.
pub(super) fn primitive(element: Element<'_>, codes: Option<&'static CodeSet>, sink: &mut Sink<'_>) {
    match element.kind() {
        Kind::String => {
            let code = element.as_str().unwrap_or_default();
            let system = codes.and_then(|codes| codes.system_of(&code)).unwrap_or_default();
            sink.token(system, &code);
        }
        Kind::Bool | Kind::Number => sink.token("", element.raw()),
        Kind::Null | Kind::Array | Kind::Object => {}
    }
}

/// A system and a code by the names of their members.
pub(super) fn token(element: Element<'_>, system: &str, code: &str, sink: &mut Sink<'_>) {
    let member = |key| element.get(key).and_then(Element::as_str).unwrap_or_default();
    sink.token(&member(system), &member(code));
}

/// A text, if there is one.
pub(super) fn text(element: Option<Element<'_>>, sink: &mut Sink<'_>) {
    if let Some(text) = element.and_then(Element::as_str) {
        sink.text(&text);
    }
}

/// The items of an array; one that stands for itself.
pub(super) fn each<'a>(element: Option<Element<'a>>, mut take: impl FnMut(Element<'a>)) {
    match element {
        Some(array) if array.kind() == Kind::Array => array.items().for_each(take),
        Some(single) => take(single),
        None => {}
    }
}
