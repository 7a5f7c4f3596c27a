//! JSON, resources and dates: what is a text in the end.

use mecum_exchange::repair::repair;
use mecum_fhir::bundle::Bundle;
use mecum_fhir::canonical::{Canonicalization, canonical_json};
use mecum_fhir::date::{PartialDate, bounds_of, format_instant, parse_time};
use mecum_fhir::json::{Edits, Json, Limits};
use mecum_fhir::reference::Reference;
use mecum_fhir::resource::{Resource, SplicePoint};
use mecum_fhir::validate::{MOST_ISSUES, validate};

/// JSON: what parses is the same text when parsed again, and every element is where it says.
pub fn json(bytes: &[u8]) {
    let Ok(json) = Json::parse(bytes, &Limits::default()) else { return };
    let again = read_back(json.text());
    assert_eq!(again.text(), json.text(), "a minified text changes when it is read again");
    assert_eq!(Edits::new().apply(json.text()), json.text());
    for element in json.root().descend() {
        assert_eq!(&json.text()[element.span()], element.raw());
        assert_eq!(element.is_empty(), element.items().next().is_none() && element.members().next().is_none());
        let _ = (element.as_str(), element.as_number(), element.as_bool());
    }
    for key in json.duplicate_keys() {
        assert!(json.text().get(key.clone()).is_some(), "a key lies outside the text");
    }
}

/// A resource: everything that is asked of one, its rules, its repairs, and the texts that are made of it.
pub fn resource(bytes: &[u8]) {
    let limits = Limits::default();
    if let Ok(json) = Json::parse(bytes, &limits) {
        assert!(validate(&json).len() <= MOST_ISSUES);
    }
    let Ok(resource) = Resource::parse(bytes, &limits) else { return };
    asked(&resource);
    let repaired = repair(resource, &limits).resource;
    asked(&repaired);
    let text = repaired.text().to_owned();
    let again = repair(Resource::parse(text.as_bytes(), &limits).expect("what was repaired is a resource"), &limits);
    assert_eq!(again.resource.text(), text, "a repaired resource is repaired again");
}

fn asked(resource: &Resource) {
    let _ = (resource.id(), resource.meta_version_id(), resource.meta_last_updated(), resource.clinical_interval());
    let _ = (resource.categories().count(), resource.security_labels().count(), resource.identifiers().count());
    let _ = resource.subject_reference();
    let mut edits = Edits::new();
    for reference in resource.references() {
        let _ = Reference::within(&reference.text(), "http://h/fhir");
        edits.replace(reference.span(), "\"Patient/1\"");
    }
    resource.attachment_urls().for_each(|link| edits.replace(link.span, "\"x\""));
    resource.narrative_links().for_each(|link| edits.replace(link.span, "Patient/1"));
    resource.remove_version_meta(&mut edits);
    let stored = Resource::of_json(read_back(&edits.apply(resource.text()))).expect("an edited resource is a resource");
    assert!(stored.meta_version_id().is_none(), "the source's version was not cut out");
    let point = SplicePoint::from_i64(SplicePoint::of(&stored).to_i64()).expect("a place survives its number");
    read_back(&point.splice(stored.text(), "1", 0).expect("a version is spliced in at its place"));
    for form in [Canonicalization::Whole, Canonicalization::Static, Canonicalization::Document] {
        read_back(&canonical_json(resource.root(), form));
    }
    for entry in Bundle::of(resource).into_iter().flat_map(Bundle::entries) {
        let _ = (entry.full_url(), entry.request().and_then(|request| request.method()));
        let _ = entry.response().and_then(|response| response.status_code());
    }
}

fn read_back(text: &str) -> Json {
    // What we write out may be longer than what came in, never deeper or of another kind.
    let limits = Limits { max_bytes: 1 << 30, ..Limits::default() };
    Json::parse(text.as_bytes(), &limits).expect("what is written is JSON")
}

/// Dates: what is read keeps its text and is an interval that ends after it began.
pub fn date(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let readings = [
        PartialDate::parse_date(text),
        PartialDate::parse_date_time(text),
        PartialDate::parse_instant(text),
        PartialDate::parse_search(text),
    ];
    for date in readings.into_iter().flatten() {
        assert_eq!(date.text(), text);
        for zone_minutes in [-14 * 60, 0, 14 * 60] {
            let bounds = date.bounds(zone_minutes);
            assert!(bounds.start_us < bounds.end_us, "an interval ends before it begins");
            let _ = (format_instant(bounds.start_us), format_instant(bounds.end_us));
        }
        let _ = (date.precision(), date.offset_minutes(), date.year(), date.month(), date.day());
    }
    let _ = (bounds_of(text, 0), parse_time(text));
}
