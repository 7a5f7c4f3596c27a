//! References (R4 search.html#reference): to a resource of this server, or by address; without the version.

use super::MAX_CODE;
use super::sink::Sink;
use super::token::token;
use crate::definitions::CodeSet;
use crate::json::Element;
use crate::reference::Reference;
use crate::search::value::{IndexValue, RefTarget};

/// Where a Reference points, and the identifier that it gives (`:identifier`).
pub(super) fn reference(element: Element<'_>, _: Option<&'static CodeSet>, sink: &mut Sink<'_>) {
    if let Some(text) = element.get("reference").and_then(Element::as_str) {
        push(&text, sink);
    }
    if let Some(logical) = element.get("identifier") {
        token(logical, "system", "value", sink);
    }
}

/// A canonical, or another address, without the version.
pub(super) fn canonical(element: Element<'_>, _: Option<&'static CodeSet>, sink: &mut Sink<'_>) {
    if let Some(text) = element.as_str() {
        push(text.split_once('|').map_or(&*text, |(unversioned, _)| unversioned), sink);
    }
}

/// A resource within a Bundle, as if it was referred to.
pub(super) fn resource(element: Element<'_>, _: Option<&'static CodeSet>, sink: &mut Sink<'_>) {
    let member = |key| element.get(key).and_then(Element::as_str);
    if let (Some(of), Some(id)) = (member("resourceType"), member("id")) {
        push(&format!("{of}/{id}"), sink);
    }
}

fn push(text: &str, sink: &mut Sink<'_>) {
    if let Some(target) = target(text, sink.local_base).filter(|_| text.len() <= MAX_CODE) {
        sink.push(IndexValue::Reference(target));
    }
}

/// Where a text points; nowhere if it is empty or within the resource.
fn target(text: &str, local_base: &str) -> Option<RefTarget> {
    match Reference::within(text, local_base) {
        Reference::Empty | Reference::Fragment(_) => None,
        Reference::Relative(target) => Some(RefTarget::Resource(target.resource_type, target.id.to_owned())),
        Reference::Absolute { base, target } => {
            Some(RefTarget::Url(format!("{base}/{}/{}", target.resource_type.name(), target.id)))
        }
        Reference::Urn(_) | Reference::Conditional { .. } | Reference::Other(_) => {
            Some(RefTarget::Url(text.to_owned()))
        }
    }
}
