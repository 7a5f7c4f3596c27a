//! A small record, and ways to carry it away.

use mecum_fhir::json::Limits;
use mecum_fhir::outcome::Severity;
use mecum_fhir::resource::Resource;
use mecum_fhir::validate::validate;
use mecum_phr::disclose::Asked;
use mecum_phr::export::{ExportFormat, ExportReport, ExportRequest, export};
use mecum_phr::{Failure, token};
use mecum_record::access::ScopeSet;
use mecum_record::caller::Caller;
use mecum_record::ids::RecordId;

use crate::house::House;

pub(crate) const PATIENT: &str = r#"{"resourceType":"Patient","id":"p","meta":{"versionId":"7","lastUpdated":"2020-01-01T00:00:00Z"},"birthDate":"1980"}"#;
pub(crate) const OLD: &str = r#"{"resourceType":"Observation","id":"old","status":"final","code":{"text":"a \u00e9 b"},"subject":{"reference":"Patient/p"},"effectiveDateTime":"2010-06-01","valueQuantity":{"value":1.50}}"#;
pub(crate) const NEW: &str = r#"{"resourceType":"Observation","id":"new","status":"final","code":{"text":"x"},"subject":{"reference":"Patient/p"},"effectiveDateTime":"2020-06","performer":[{"reference":"Practitioner/d"}],"hasMember":[{"reference":"Observation/far"}]}"#;
pub(crate) const FAR: &str = r#"{"resourceType":"Observation","id":"far","status":"final","code":{"text":"y"},"effectiveDateTime":"1999","encounter":{"reference":"Encounter/e"}}"#;
pub(crate) const ENCOUNTER: &str = r#"{"resourceType":"Encounter","id":"e","status":"finished","class":{"code":"AMB"},"period":{"start":"1998","end":"1998"}}"#;
pub(crate) const DOCTOR: &str = r#"{"resourceType":"Practitioner","id":"d"}"#;

pub(crate) fn request(record: RecordId, format: ExportFormat) -> ExportRequest {
    ExportRequest {
        record,
        format,
        start: None,
        end: None,
        since_us: None,
        until_seq: None,
        is_collection: false,
        types: None,
        history: false,
        sealing: None,
        name: "record".to_owned(),
    }
}

pub(crate) fn carry(
    house: &House,
    caller: &Caller,
    request: &ExportRequest,
) -> (Result<ExportReport, Failure>, Vec<u8>) {
    let mut bytes = Vec::new();
    let done = export(&house.phr, caller, request, &Asked::new("export"), &mut |piece| {
        bytes.extend(piece.deliver());
        Ok(())
    });
    (done, bytes)
}

/// The lines of an export by the operator, which must succeed and report as many.
pub(crate) fn lines(house: &House, request: &ExportRequest) -> Vec<String> {
    let (done, bytes) = carry(house, &House::operator(), request);
    let lines = split(&bytes);
    assert_eq!(done.expect("an export").n_lines, lines.len() as u64);
    lines
}

/// PHR-3, PHR-6: every line ends with one line feed, and none is blank.
pub(crate) fn split(bytes: &[u8]) -> Vec<String> {
    let text = String::from_utf8(bytes.to_vec()).expect("UTF-8");
    assert!(text.ends_with('\n') && !text.contains("\n\n") && !text.contains('\r'));
    text.lines().map(str::to_owned).collect()
}

pub(crate) fn is_generated(line: &str) -> bool {
    line.contains("urn:mecum:generated")
}

pub(crate) fn own(lines: &[String]) -> Vec<&str> {
    lines.iter().map(String::as_str).filter(|line| !is_generated(line)).collect()
}

pub(crate) fn sorted<T: Ord>(items: impl IntoIterator<Item = T>) -> Vec<T> {
    let mut items: Vec<T> = items.into_iter().collect();
    items.sort();
    items
}

pub(crate) fn assert_valid(text: &str) -> Resource {
    let resource = Resource::parse(text.as_bytes(), &Limits::default()).expect("a resource");
    let faults: Vec<_> =
        validate(resource.json()).into_iter().filter(|issue| issue.severity == Severity::Error).collect();
    assert!(faults.is_empty(), "{text}: {faults:?}");
    resource
}

pub(crate) fn filled(house: &House, texts: &[&str]) -> RecordId {
    let record = house.record("somebody");
    house.import_text(record, "in.phr", &texts.join("\n")).expect("an import");
    record
}

pub(crate) fn app(house: &House, record: RecordId, scopes: &str) -> (Caller, String) {
    let scopes = ScopeSet::parse(scopes).expect("scopes");
    let hour_us = 3_600_000_000;
    let issued = token::issue(&house.phr, &House::operator(), "app", Some(record), &scopes, hour_us).expect("a token");
    let caller = token::caller_of(&house.phr, &issued.token).expect("a look-up").expect("a caller");
    (caller, issued.token_id)
}

/// A record of several pages and pieces.
pub(crate) fn long_record(house: &House) -> RecordId {
    let filler = "x".repeat(700);
    let line = |number: usize| {
        format!(r#"{{"resourceType":"Observation","id":"o{number}","status":"final","code":{{"text":"{filler}"}}}}"#)
    };
    let texts: Vec<String> = (0..1_400).map(line).collect();
    let record = house.record("long");
    house.import_text(record, "long.phr", &texts.join("\n")).expect("an import");
    record
}
