//! Whatever comes in, nothing panics, and what goes out is JSON again.
#![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use mecum_fhir::bundle::Bundle;
use mecum_fhir::canonical::{Canonicalization, canonical_json};
use mecum_fhir::json::{Edits, Json, Limits};
use mecum_fhir::reference::Reference;
use mecum_fhir::resource::{Resource, SplicePoint, expression_at};
use proptest::prelude::*;

const SEED: &str = r##"{"resourceType":"Bundle","id":"b","meta":{"versionId":"1","lastUpdated":"2020-01-01T00:00:00Z","security":[{"code":"R"}]},
"type":"transaction","meta":{"versionId":"2"},"timestamp":"2020-02-29T10:00:00.5+01:00","entry":[{"fullUrl":"urn:uuid:1","resource":{"resourceType":"Observation",
"text":{"div":"<a href=\"#p\" src='x'>\u00e9</a>"},"subject":{"reference":"Patient?identifier=1"},"category":[{"coding":[{"code":"c"}]}],
"effectivePeriod":{"start":"2010","end":"2020-06"},"valueAttachment":{"url":"a\/b"}},"request":{"method":"POST","url":"Observation"}}]}"##;

fn exercise(resource: &Resource) -> Result<(), TestCaseError> {
    let read_back =
        |text: &str| Json::parse(text.as_bytes(), &Limits::default()).map_err(|e| TestCaseError::fail(e.to_string()));
    let _ = (resource.id(), resource.meta_version_id(), resource.meta_last_updated(), resource.clinical_interval());
    let _ = (resource.categories().count(), resource.security_labels().count(), resource.identifiers().count());
    let _ = resource.subject_reference();
    let mut edits = Edits::new();
    for reference in resource.references() {
        let _ = Reference::within(&reference.text(), "http://h/fhir");
        let _ = expression_at(resource.root(), &reference.span());
        edits.replace(reference.span(), "\"Patient/1\"");
    }
    resource.attachment_urls().for_each(|link| edits.replace(link.span, "\"x\""));
    resource.narrative_links().for_each(|link| edits.replace(link.span, "Patient/1"));
    resource.remove_version_meta(&mut edits);
    let stored =
        Resource::of_json(read_back(&edits.apply(resource.text()))?).map_err(|e| TestCaseError::fail(e.to_string()))?;
    prop_assert!(stored.meta_version_id().is_none());
    let point = SplicePoint::from_i64(SplicePoint::of(&stored).to_i64()).unwrap();
    read_back(&point.splice(stored.text(), "1", 0).unwrap())?;
    for form in [Canonicalization::Whole, Canonicalization::Static, Canonicalization::Document] {
        read_back(&canonical_json(resource.root(), form))?;
    }
    for entry in Bundle::of(resource).into_iter().flat_map(Bundle::entries) {
        let _ = (entry.request().and_then(|r| r.method()), entry.response().and_then(|r| r.status_code()));
        if let Some(Ok(inner)) = entry.resource().map(Resource::of_element) {
            exercise(&inner)?;
        }
    }
    Ok(())
}

#[test]
fn the_unchanged_seed_passes() {
    exercise(&Resource::parse(SEED.as_bytes(), &Limits::default()).unwrap()).unwrap();
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn mutated_resources_never_panic(
        changes in prop::collection::vec((any::<prop::sample::Index>(), 0..12_usize, prop::collection::vec(prop::sample::select(SEED.as_bytes().to_vec()), 0..8)), 1..5),
    ) {
        let mut bytes = SEED.as_bytes().to_vec();
        for (place, n_removed, added) in changes {
            let at = place.index(bytes.len());
            bytes.splice(at..(at + n_removed).min(bytes.len()), added);
        }
        if let Ok(resource) = Resource::parse(&bytes, &Limits::default()) {
            exercise(&resource)?;
        }
    }

    #[test]
    fn rearranged_values_never_panic(from in any::<prop::sample::Index>(), to in any::<prop::sample::Index>(), also in any::<prop::sample::Index>()) {
        // One value in the place of another: well-formed texts of odd shapes.
        let seed = Json::parse(SEED.as_bytes(), &Limits::default()).unwrap();
        let values: Vec<_> = seed.root().descend().collect();
        let mut edits = Edits::new();
        edits.replace(values[to.index(values.len())].span(), from.get(&values).raw());
        edits.replace(also.get(&values).span(), to.get(&values).raw());
        if let Ok(resource) = Resource::parse(edits.apply(seed.text()).as_bytes(), &Limits::default()) {
            exercise(&resource)?;
        }
    }
}
