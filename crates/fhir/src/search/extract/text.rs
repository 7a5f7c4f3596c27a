//! Strings (R4 search.html#string): names and addresses by each of their parts.

use super::sink::Sink;
use super::token::{each, text};
use crate::definitions::CodeSet;
use crate::json::Element;

/// The text itself.
pub(super) fn primitive(element: Element<'_>, _: Option<&'static CodeSet>, sink: &mut Sink<'_>) {
    text(Some(element), sink);
}

/// Every part of a HumanName, and the whole as text.
pub(super) fn name(element: Element<'_>, _: Option<&'static CodeSet>, sink: &mut Sink<'_>) {
    parts(element, &["text", "family", "given", "prefix", "suffix"], sink);
}

/// Every part of an Address, and the whole as text.
pub(super) fn address(element: Element<'_>, _: Option<&'static CodeSet>, sink: &mut Sink<'_>) {
    parts(element, &["text", "line", "city", "district", "state", "postalCode", "country"], sink);
}

/// The text of a concept, and the displays of its codings.
pub(super) fn concept(element: Element<'_>, _: Option<&'static CodeSet>, sink: &mut Sink<'_>) {
    text(element.get("text"), sink);
    each(element.get("coding"), |coding| text(coding.get("display"), sink));
}

/// The text of a note.
pub(super) fn annotation(element: Element<'_>, _: Option<&'static CodeSet>, sink: &mut Sink<'_>) {
    text(element.get("text"), sink);
}

fn parts(element: Element<'_>, names: &[&str], sink: &mut Sink<'_>) {
    for name in names {
        each(element.get(name), |part| text(Some(part), sink));
    }
}
