//! Bundles: read in place, written entry by entry.
#![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use mecum_fhir::bundle::{
    Bundle, BundleHead, BundleType, BundleWriter, Method, NewEntry, NewRequest, NewResponse, SearchMode,
};
use mecum_fhir::json::Limits;
use mecum_fhir::resource::Resource;

fn resource(text: &str) -> Resource {
    Resource::parse(text.as_bytes(), &Limits::default()).unwrap()
}

#[test]
fn a_transaction_is_read_in_place() {
    let text = resource(
        r#"{"resourceType":"Bundle","type":"transaction","total":2,"timestamp":"2020-01-01T00:00:00Z",
        "link":[{"relation":"self","url":"a"},{"relation":"next","url":"b"}],"entry":[
        {"fullUrl":"urn:uuid:1","resource":{"resourceType":"Patient"},
         "request":{"method":"POST","url":"Patient","ifNoneExist":"identifier=1"}},
        {"request":{"method":"PUT","url":"Patient/2","ifMatch":"W/\"3\"","ifNoneMatch":"*","ifModifiedSince":"x"}},
        {"resource":[],"request":"none","search":{"mode":"include"},
         "response":{"status":"201 Created","location":"l","etag":"e","lastModified":"m","outcome":{}}}]}"#,
    );
    let bundle = Bundle::of(&text).unwrap();
    assert_eq!((bundle.bundle_type(), bundle.total()), (Some(BundleType::Transaction), Some(2)));
    assert_eq!((bundle.link("next").as_deref(), bundle.link("last")), (Some("b"), None));
    assert_eq!(bundle.timestamp().as_deref(), Some("2020-01-01T00:00:00Z"));
    let [create, update, odd] = bundle.entries().collect::<Vec<_>>()[..] else { panic!("three entries") };
    assert_eq!(create.full_url().as_deref(), Some("urn:uuid:1"));
    assert_eq!(&text.text()[create.full_url_span().unwrap()], "\"urn:uuid:1\"");
    assert_eq!(create.resource().unwrap().raw(), r#"{"resourceType":"Patient"}"#);
    let request = create.request().unwrap();
    assert_eq!((request.method(), request.url().as_deref()), (Some(Method::Post), Some("Patient")));
    assert_eq!(request.if_none_exist().as_deref(), Some("identifier=1"));
    let request = update.request().unwrap();
    assert_eq!((request.if_match().as_deref(), request.if_none_match().as_deref()), (Some("W/\"3\""), Some("*")));
    assert_eq!(request.if_modified_since().as_deref(), Some("x"));
    assert!(update.resource().is_none() && odd.resource().is_none() && odd.request().is_none());
    assert_eq!(odd.search_mode(), Some(SearchMode::Include));
    let response = odd.response().unwrap();
    assert_eq!((response.status_code(), response.location().as_deref()), (Some(201), Some("l")));
    assert_eq!((response.etag().as_deref(), response.last_modified().as_deref()), (Some("e"), Some("m")));
    assert!(response.outcome().is_some());
}

#[test]
fn what_is_odd_in_a_bundle_is_absent_rather_than_an_error() {
    assert!(Bundle::of(&resource(r#"{"resourceType":"Patient"}"#)).is_none());
    let text = resource(
        r#"{"resourceType":"Bundle","type":"heap","total":-1,"entry":[{"request":{"method":"get"},"response":{"status":"ok"}},7]}"#,
    );
    let bundle = Bundle::of(&text).unwrap();
    assert_eq!((bundle.bundle_type(), bundle.total(), bundle.link("self")), (None, None, None));
    let entries: Vec<_> = bundle.entries().collect();
    assert_eq!(entries.len(), 2);
    assert_eq!(entries[0].request().unwrap().method(), None);
    assert_eq!(entries[0].response().unwrap().status_code(), None);
    assert!(entries[1].resource().is_none());
    let within = resource(
        r#"{"resourceType":"Parameters","x":{"resourceType":"Bundle","type":"batch"},"y":{"resourceType":"List"}}"#,
    );
    let inner = Bundle::of_element(within.root().get("x").unwrap()).unwrap();
    assert_eq!(inner.bundle_type(), Some(BundleType::Batch));
    assert!(Bundle::of_element(within.root().get("y").unwrap()).is_none());
}

#[test]
fn relative_references_are_at_the_service_of_their_entry() {
    let text = resource(
        r#"{"resourceType":"Bundle","entry":[{"fullUrl":"http://h/fhir/Patient/1"},{"fullUrl":"urn:uuid:1"},{}]}"#,
    );
    let [http, urn, none] = Bundle::of(&text).unwrap().entries().collect::<Vec<_>>()[..] else {
        panic!("three entries")
    };
    assert_eq!(http.absolute("Organization/2"), "http://h/fhir/Organization/2");
    assert_eq!(http.absolute("urn:uuid:2"), "urn:uuid:2");
    assert_eq!(urn.absolute("Organization/2"), "Organization/2");
    assert_eq!(none.absolute("#x"), "#x");
}

#[test]
fn rest_31_a_searchset_is_written_with_links_total_and_modes() {
    let head = BundleHead {
        id: Some("b1"),
        total: Some(1),
        links: &[("self", "http://h/Patient?name=\"a\"")],
        timestamp_us: Some(0),
        ..BundleHead::of(BundleType::Searchset)
    };
    let mut writer = BundleWriter::new(&head);
    writer.entry(&NewEntry {
        full_url: Some("http://h/Patient/1"),
        resource: Some(r#"{"resourceType":"Patient","n":1.00}"#),
        search_mode: Some(SearchMode::Match),
        ..NewEntry::default()
    });
    writer.entry(&NewEntry { resource: Some("{}"), search_mode: Some(SearchMode::Outcome), ..NewEntry::default() });
    assert_eq!(writer.n_entries(), 2);
    let expected = concat!(
        r#"{"resourceType":"Bundle","id":"b1","type":"searchset","timestamp":"1970-01-01T00:00:00.000Z","total":1,"#,
        r#""link":[{"relation":"self","url":"http://h/Patient?name=\"a\""}],"entry":["#,
        r#"{"fullUrl":"http://h/Patient/1","resource":{"resourceType":"Patient","n":1.00},"search":{"mode":"match"}},"#,
        r#"{"resource":{},"search":{"mode":"outcome"}}]}"#,
    );
    assert_eq!(writer.finish(), expected);
    assert_eq!(resource(expected).text(), expected);
}

#[test]
fn a_bundle_without_entries_has_no_empty_array() {
    let empty = BundleWriter::new(&BundleHead::of(BundleType::Collection)).finish();
    assert_eq!(empty, r#"{"resourceType":"Bundle","type":"collection"}"#);
}

#[test]
fn rest_10_a_history_entry_has_request_and_response_and_a_deletion_no_resource() {
    let mut writer = BundleWriter::new(&BundleHead::of(BundleType::History));
    writer.entry(&NewEntry {
        full_url: Some("http://h/Patient/1"),
        request: Some(NewRequest::of(Method::Delete, "Patient/1")),
        response: Some(NewResponse {
            status: "204 No Content",
            etag: Some("W/\"2\""),
            last_modified_us: Some(1_000_000),
            ..NewResponse::default()
        }),
        ..NewEntry::default()
    });
    let expected = concat!(
        r#"{"resourceType":"Bundle","type":"history","entry":[{"fullUrl":"http://h/Patient/1","#,
        r#""request":{"method":"DELETE","url":"Patient/1"},"#,
        r#""response":{"status":"204 No Content","etag":"W/\"2\"","lastModified":"1970-01-01T00:00:01.000Z"}}]}"#,
    );
    assert_eq!(writer.finish(), expected);
}

#[test]
fn rest_20_a_transaction_response_entry_tells_status_place_and_outcome() {
    let mut writer = BundleWriter::new(&BundleHead::of(BundleType::TransactionResponse));
    writer.entry(&NewEntry {
        response: Some(NewResponse {
            status: "201 Created",
            location: Some("Patient/1/_history/1"),
            outcome: Some(r#"{"resourceType":"OperationOutcome"}"#),
            ..NewResponse::default()
        }),
        ..NewEntry::default()
    });
    let text = resource(&writer.finish());
    let response = Bundle::of(&text).unwrap().entries().next().unwrap().response().unwrap();
    assert_eq!((response.status_code(), response.location().as_deref()), (Some(201), Some("Patient/1/_history/1")));
    assert_eq!(response.outcome().unwrap().raw(), r#"{"resourceType":"OperationOutcome"}"#);
}

#[test]
fn a_long_bundle_taken_in_pieces_equals_the_whole() {
    let head =
        BundleHead { identifier: Some(("urn:s", "v")), meta: Some("{}"), ..BundleHead::of(BundleType::Document) };
    let (mut whole, mut pieces, mut taken) = (BundleWriter::new(&head), BundleWriter::new(&head), String::new());
    for number in 0..5 {
        let request =
            NewRequest { if_match: Some("W/\"1\""), if_none_exist: Some("a=b"), ..NewRequest::of(Method::Put, "u") };
        let url = format!("urn:uuid:{number}");
        let entry = NewEntry { full_url: Some(&url), request: Some(request), ..NewEntry::default() };
        whole.entry(&entry);
        pieces.entry(&entry);
        taken += &pieces.take();
    }
    let whole = whole.finish();
    assert_eq!(taken + &pieces.finish(), whole);
    assert_eq!(Bundle::of(&resource(&whole)).unwrap().entries().count(), 5);
}

#[test]
fn codes_are_read_back_in_their_exact_case() {
    for bundle_type in BundleType::ALL {
        assert_eq!(BundleType::parse(bundle_type.code()), Some(*bundle_type));
    }
    assert_eq!(BundleType::ALL.len(), 9);
    assert_eq!((BundleType::parse("Batch"), Method::parse("post"), SearchMode::parse("")), (None, None, None));
}
