//! Every shape of Bundle as items (PHR-11, REST-20 to REST-26), and their places in the file.

use mecum_exchange::bundle::{Whole, read};
use mecum_exchange::item::{Item, ItemContent};
use mecum_exchange::phr::{Completeness, Limits};
use mecum_fhir::bundle::{BundleType, Method};
use proptest::prelude::*;

const PATIENT: &str = r#"{"resourceType":"Patient","id":"p1"}"#;
const WEIGHT: &str = r#"{"resourceType":"Observation","id":"w1"}"#;
const OUTCOME: &str = r#"{"resourceType":"OperationOutcome","issue":[{"severity":"fatal"}]}"#;

fn bundle(bundle_type: &str, entries: &[&str]) -> String {
    format!(r#"{{"resourceType":"Bundle","type":"{bundle_type}","entry":[{}]}}"#, entries.join(","))
}

fn items(text: &str) -> Vec<Item> {
    read(text.as_bytes(), &Limits::default()).collect()
}

/// What an item holds: its resource's id, or a word.
fn word(item: &Item) -> String {
    match &item.content {
        ItemContent::Resource(repaired) => repaired.resource.id().unwrap_or_default().into_owned(),
        ItemContent::Quarantined(quarantined) => quarantined.fault.to_string(),
        ItemContent::SenderOutcome(_) => "sender".to_owned(),
        ItemContent::Generated(_) => "generated".to_owned(),
        ItemContent::NoResource => "none".to_owned(),
    }
}

#[track_caller]
fn check(text: &str, words: &[&str]) -> Vec<Item> {
    let items = items(text);
    let found: Vec<_> = items.iter().map(|item| format!("{} {}", item.place.line, word(item))).collect();
    assert_eq!(found, words);
    items
}

#[test]
fn entries_of_every_type_become_items_in_order() {
    for bundle_type in ["collection", "document", "message", "searchset", "batch", "transaction", "nonsense", ""] {
        let entries = [PATIENT, WEIGHT].map(|resource| format!(r#"{{"resource":{resource}}}"#));
        check(&bundle(bundle_type, &[&entries[0], &entries[1]]), &["1 p1", "2 w1"]);
    }
}

#[test]
fn a_history_is_given_oldest_first_with_its_deletions() {
    let newest = format!(
        r#"{{"fullUrl":"http://x.org/Patient/p1","resource":{PATIENT},"request":{{"method":"PUT","url":"Patient/p1"}}}}"#
    );
    let deleted = r#"{"request":{"method":"DELETE","url":"Observation/w1"},"response":{"status":"204"}}"#;
    let oldest = format!(r#"{{"resource":{WEIGHT},"request":{{"method":"POST","url":"Observation"}}}}"#);
    let items = check(&bundle("history", &[&newest, deleted, &oldest]), &["3 w1", "2 none", "1 p1"]);
    let request = items[1].request.as_ref().expect("kept");
    assert_eq!((request.method, request.url.as_str()), (Some(Method::Delete), "Observation/w1"));
    assert_eq!(items[2].full_url.as_deref(), Some("http://x.org/Patient/p1"));
}

#[test]
fn rest_24_requests_keep_their_conditions() {
    let entry = format!(
        r#"{{"fullUrl":"urn:uuid:1","resource":{PATIENT},"request":{{"method":"PUT","url":"Patient?identifier=1","ifMatch":"W/\"2\"","ifNoneExist":"a=b","ifNoneMatch":"*","ifModifiedSince":"2020"}}}}"#
    );
    let items = check(&bundle("transaction", &[&entry]), &["1 p1"]);
    let request = items[0].request.as_ref().expect("kept");
    assert_eq!(request.method, Some(Method::Put));
    assert_eq!(request.url, "Patient?identifier=1");
    assert_eq!(request.if_match.as_deref(), Some("W/\"2\""));
    assert_eq!(request.if_none_exist.as_deref(), Some("a=b"));
    assert_eq!(request.if_none_match.as_deref(), Some("*"));
    assert_eq!(request.if_modified_since.as_deref(), Some("2020"));
    assert_eq!(items[0].full_url.as_deref(), Some("urn:uuid:1"));
}

#[test]
fn an_entry_without_a_resource_is_told_and_one_that_is_no_resource_is_quarantined() {
    check(
        &bundle(
            "batch",
            &[
                r#"{"request":{"method":"GET","url":"Patient"}}"#,
                r#"{"response":{"status":"200"}}"#,
                "{}",
                r#"{"resource":null}"#,
                r#"{"resource":{"id":"x"}}"#,
                r#"{"resource":{"resourceType":"Citation"}}"#,
                r#"{"resource":"Patient/1"}"#,
                "7",
                r#"{"resource":{"resourceType":"Patient","id":"last"}}"#,
            ],
        ),
        &[
            "1 none",
            "2 none",
            "3 none",
            "4 none",
            "5 no resourceType",
            "6 unknown resource type \"Citation\"",
            "7 not a JSON object",
            "8 not a JSON object",
            "9 last",
        ],
    );
}

#[test]
fn a_bundle_in_a_bundle_stays_one_resource() {
    let inner = bundle("document", &[r#"{"resource":{"resourceType":"Patient","id":"inner"}}"#]).replacen(
        r#"{"resourceType":"Bundle","#,
        r#"{"resourceType":"Bundle","id":"b1","#,
        1,
    );
    check(&bundle("collection", &[&format!(r#"{{"resource":{inner}}}"#)]), &["1 b1"]);
}

#[test]
fn phr_57_outcomes_are_the_senders_unless_somebody_asks_to_store_them() {
    let entry = format!(r#"{{"resource":{OUTCOME},"search":{{"mode":"outcome"}}}}"#);
    check(&bundle("searchset", &[&entry]), &["1 sender"]);
    check(&bundle("collection", &[&entry]), &["1 sender"]);
    let stored = format!(r#"{{"resource":{OUTCOME},"request":{{"method":"POST","url":"OperationOutcome"}}}}"#);
    check(&bundle("transaction", &[&stored]), &["1 "]);
    let mut whole = read(bundle("searchset", &[&entry]).as_bytes(), &Limits::default());
    assert_eq!(whole.by_ref().count(), 1);
    assert!(whole.ending().has_sender_failed);
}

#[test]
fn an_entry_that_should_be_in_an_array_and_a_bundle_without_entries_are_read() {
    check(&format!(r#"{{"resourceType":"Bundle","entry":{{"resource":{PATIENT}}}}}"#), &["1 p1"]);
    check(r#"{"resourceType":"Bundle","type":"searchset","total":0}"#, &[]);
    check(r#"{"resourceType":"Bundle","type":"searchset","entry":null}"#, &[]);
}

#[test]
fn resources_in_a_bundle_are_repaired() {
    let items = items(&bundle("collection", &[r#"{"resource":{"resourceType":"Patient","_id":"x","id":"p1"}}"#]));
    let ItemContent::Resource(repaired) = &items[0].content else { panic!("not taken in") };
    assert_eq!(repaired.resource.text(), PATIENT);
    assert_eq!(repaired.source_text(), r#"{"resourceType":"Patient","_id":"x","id":"p1"}"#);
}

#[test]
fn a_bundle_written_as_a_json_string_is_read_as_what_it_holds() {
    let text = bundle("collection", &[&format!(r#"{{"resource":{PATIENT}}}"#), &format!(r#"{{"resource":{WEIGHT}}}"#)]);
    let quoted = mecum_fhir::json::quote(&text);
    let items = check(&quoted, &["1 p1", "2 w1"]);
    assert!(items.iter().all(|item| (item.place.offset, item.place.length) == (0, quoted.len() as u64)));
    check(&mecum_fhir::json::quote(&quoted), &["1 not a JSON object"]);
}

#[test]
fn the_bundle_tells_what_it_is() {
    let signed = bundle("document", &["{}"]).replace(r#""entry""#, r#""signature":{"data":"eA=="},"entry""#);
    let mut whole: Whole = read(signed.as_bytes(), &Limits::default());
    let facts = *whole.bundle().expect("it is one");
    assert_eq!((facts.bundle_type, facts.n_entries, facts.is_signed), (Some(BundleType::Document), 1, true));
    assert_eq!(whole.by_ref().count(), 1);
    assert_eq!((whole.ending().n_items, whole.ending().completeness), (1, Completeness::Complete));
    assert!(read(PATIENT.as_bytes(), &Limits::default()).bundle().is_none());
}

/// A text with whitespace where JSON allows it: `space` says how much, in turn.
fn spaced(text: &str, space: &[usize]) -> String {
    let (mut out, mut in_string, mut turn) = (String::new(), false, space.iter().cycle());
    for letter in text.chars() {
        let is_mark = "{}[]:,".contains(letter) && !in_string;
        let spaces = [" ", "\n", "\t", "\r\n"][turn.next().expect("endless") % 4].repeat(usize::from(is_mark));
        in_string ^= letter == '"';
        out.extend([spaces.as_str(), &letter.to_string(), &spaces]);
    }
    out
}

proptest! {
    #[test]
    fn places_lead_back_to_the_bytes_of_the_entry(
        space in prop::collection::vec(0usize..4, 1..9),
        ids in prop::collection::vec("[a-z ]{1,5}", 1..6),
        has_mark in any::<bool>(),
    ) {
        let entries: Vec<_> =
            ids.iter().map(|id| format!(r#"{{"resource":{{"resourceType":"Patient","id":"{id}"}}}}"#)).collect();
        let entries: Vec<_> = entries.iter().map(String::as_str).collect();
        let text = spaced(&bundle("collection", &entries), &space);
        let text = if has_mark { format!("\u{feff}{text}") } else { text };
        let items = items(&text);
        prop_assert_eq!(items.len(), ids.len());
        for (item, id) in items.iter().zip(&ids) {
            let start = item.place.offset as usize;
            let raw = &text[start..start + item.place.length as usize];
            let is_object = raw.starts_with('{') && raw.ends_with('}');
            prop_assert!(is_object);
            let quoted = format!("\"{id}\"");
            prop_assert!(raw.contains(&quoted));
            prop_assert_eq!(raw.matches("resourceType").count(), 1);
        }
    }
}
