//! What is told at the end of a file: whether an export of ours is all there (PHR-57), also where files were joined (PHR-3).

use mecum_exchange::cover::{Export, closing, cover, manifest};
use mecum_exchange::phr::Completeness::{self, Complete, PossiblyTruncated, Unknown};
use mecum_fhir::reference::ResourceType;

use crate::reading::{PATIENT, WEIGHT, read, words};

const EXPORT: Export<'_> =
    Export { patient: "Patient/p1", made_at_us: 1_700_000_000_000_000, version: "0.1.0", confidentiality: None };

/// An export of ours, line by line.
fn export() -> Vec<String> {
    let counts = [(ResourceType::PATIENT, 1), (ResourceType::OBSERVATION, 1)];
    let (cover, manifest) = (cover(&EXPORT, &counts), manifest(&EXPORT, &[]));
    vec![cover, manifest, PATIENT.to_owned(), WEIGHT.to_owned(), closing(&EXPORT, 5)]
}

#[track_caller]
fn check(lines: &[String], completeness: Completeness) {
    let ending = read(lines.join("\n").as_bytes()).1;
    assert_eq!(ending.completeness, completeness);
    assert_eq!(ending.n_items, lines.len() as u64);
}

#[test]
fn what_we_generate_is_known_again_and_is_no_health_data() {
    assert_eq!(
        words(export().join("\n").as_bytes()),
        ["1 cover", "2 manifest", "3 Patient/p1", "4 Observation/w1", "5 closing"]
    );
}

#[test]
fn the_mark_counts_on_the_type_it_belongs_to_only() {
    let marked =
        r#"{"resourceType":"Patient","id":"x","meta":{"tag":[{"system":"urn:mecum:generated","code":"cover"}]}}"#;
    let other =
        r#"{"resourceType":"Composition","id":"x","meta":{"tag":[{"system":"urn:mecum:generated","code":"closing"}]}}"#;
    let foreign = r#"{"resourceType":"Composition","id":"y","meta":{"tag":[{"code":"cover"}]}}"#;
    let text = [marked, other, foreign].join("\n");
    assert_eq!(words(text.as_bytes()), ["1 Patient/x", "2 Composition/x", "3 Composition/y"]);
}

#[test]
fn phr_57_an_export_with_its_closing_provenance_is_complete() {
    check(&export(), Complete);
}

#[test]
fn phr_57_an_export_that_was_cut_is_possibly_truncated_wherever_it_was() {
    let whole = export();
    for n_kept in 1..whole.len() {
        check(&whole[..n_kept], PossiblyTruncated);
    }
    for n_missing in 1..whole.len() {
        check(&whole[n_missing..], PossiblyTruncated);
    }
    for missing in 1..whole.len() {
        let mut lines = whole.clone();
        lines.remove(missing);
        check(&lines, PossiblyTruncated);
    }
}

#[test]
fn phr_57_a_line_cut_in_the_middle_shows_too() {
    let text = export().join("\n");
    let (items, ending) = read(&text.as_bytes()[..text.len() - 10]);
    assert_eq!(ending.completeness, PossiblyTruncated);
    assert_eq!(items.len(), 5);
}

#[test]
fn phr_3_joined_exports_are_complete_only_if_each_is() {
    let whole = export();
    check(&[whole.clone(), whole.clone()].concat(), Complete);
    check(&[&whole[..4], &whole[..]].concat(), PossiblyTruncated);
    check(&[&whole[..], &whole[..4]].concat(), PossiblyTruncated);
}

#[test]
fn phr_3_lines_of_others_around_an_export_do_not_count_as_its_own() {
    let other = vec![WEIGHT.to_owned(), "not json".to_owned()];
    check(&[other.clone(), export(), other].concat(), Complete);
}

#[test]
fn a_file_of_others_does_not_say_whether_it_is_complete() {
    check(&[PATIENT.to_owned(), WEIGHT.to_owned()], Unknown);
    assert_eq!(read(b"").1.completeness, Unknown);
}
