//! Rules of Bundles (R4 bundle.html).

use std::collections::BTreeSet;

use super::Test::{Holds, NeededWhen, OnlyWhen, SomeOf};
use super::values::{is, text};
use super::{Rule, rule};
use crate::json::Element;
use crate::reference::Reference;
use crate::validate::primitive::is_absolute;

pub(super) const RULES: &[Rule] = &[
    rule("Bundle", "bdl-1", OnlyWhen(&["total"], "type", &["searchset", "history"])),
    rule("Bundle", "bdl-2", Holds(search_is_in_searches, "only entries of a search have search")),
    rule(
        "Bundle",
        "bdl-3",
        Holds(
            requests_are_where_they_belong,
            "entries have a request in a batch, transaction or history, and nowhere else",
        ),
    ),
    rule(
        "Bundle",
        "bdl-4",
        Holds(responses_are_where_they_belong, "entries have a response in an answer or history, and nowhere else"),
    ),
    rule("Bundle", "bdl-7", Holds(full_urls_are_unique, "a fullUrl is there once, or with different versions")),
    rule("Bundle", "bdl-9", Holds(document_is_identified, "a document needs an identifier with system and value")),
    rule("Bundle", "bdl-10", NeededWhen(&["timestamp"], "type", &["document"])),
    rule(
        "Bundle",
        "bdl-11",
        Holds(|bundle| begins_with(bundle, "document", "Composition"), "a document begins with its Composition"),
    ),
    rule(
        "Bundle",
        "bdl-12",
        Holds(|bundle| begins_with(bundle, "message", "MessageHeader"), "a message begins with its MessageHeader"),
    ),
    rule("Bundle", "", Holds(full_urls_are_there, "entries need a fullUrl outside batches and transactions")),
    rule("Bundle.entry", "bdl-5", SomeOf(&["resource", "request", "response"])),
    rule("Bundle.entry", "bdl-8", Holds(full_url_has_no_version, "a fullUrl names no version")),
    rule("Bundle.entry", "", Holds(full_url_is_absolute, "a fullUrl is absolute")),
    rule("Bundle.entry", "", Holds(full_url_agrees, "a fullUrl ends with the type and id of its resource")),
];

fn entries<'a>(bundle: Element<'a>) -> impl Iterator<Item = Element<'a>> {
    bundle.get("entry").into_iter().flat_map(Element::items)
}

fn is_any(bundle: Element<'_>, types: &[&str]) -> bool {
    text(bundle, "type").is_some_and(|of| types.contains(&&*of))
}

fn search_is_in_searches(bundle: Element<'_>) -> bool {
    is(bundle, "type", "searchset") || entries(bundle).all(|entry| entry.get("search").is_none())
}

fn requests_are_where_they_belong(bundle: Element<'_>) -> bool {
    let has_requests = is_any(bundle, &["batch", "transaction", "history"]);
    entries(bundle).all(|entry| entry.get("request").is_some() == has_requests)
}

fn responses_are_where_they_belong(bundle: Element<'_>) -> bool {
    let has_responses = is_any(bundle, &["batch-response", "transaction-response", "history"]);
    entries(bundle).all(|entry| entry.get("response").is_some() == has_responses)
}

fn full_urls_are_unique(bundle: Element<'_>) -> bool {
    let mut seen = BTreeSet::new();
    is(bundle, "type", "history")
        || entries(bundle).all(|entry| {
            let version = entry.at(&["resource", "meta", "versionId"]).and_then(Element::as_str);
            text(entry, "fullUrl").is_none_or(|url| seen.insert((url, version)))
        })
}

fn full_urls_are_there(bundle: Element<'_>) -> bool {
    is_any(bundle, &["batch", "transaction", "batch-response", "transaction-response"])
        || entries(bundle).all(|entry| entry.get("fullUrl").is_some())
}

fn document_is_identified(bundle: Element<'_>) -> bool {
    let has = |name| bundle.at(&["identifier", name]).is_some();
    !is(bundle, "type", "document") || (has("system") && has("value"))
}

fn begins_with(bundle: Element<'_>, bundle_type: &str, resource_type: &str) -> bool {
    let first = entries(bundle).next().and_then(|entry| entry.get("resource"));
    !is(bundle, "type", bundle_type) || first.is_some_and(|resource| is(resource, "resourceType", resource_type))
}

fn full_url_has_no_version(entry: Element<'_>) -> bool {
    text(entry, "fullUrl").is_none_or(|url| !url.contains("/_history/"))
}

fn full_url_is_absolute(entry: Element<'_>) -> bool {
    text(entry, "fullUrl").is_none_or(|url| is_absolute(&url))
}

/// R4 bundle.html: the fullUrl shall not disagree with the id; URNs say nothing of it.
fn full_url_agrees(entry: Element<'_>) -> bool {
    let (Some(url), Some(resource)) = (text(entry, "fullUrl"), entry.get("resource")) else { return true };
    match (Reference::parse(&url), text(resource, "id")) {
        (Reference::Absolute { target, .. }, Some(id)) => {
            is(resource, "resourceType", target.resource_type.name()) && target.id == id
        }
        _ => true,
    }
}
