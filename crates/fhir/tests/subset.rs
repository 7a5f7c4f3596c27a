//! `_summary` and `_elements`: what stays of a resource, and that it stays as it was written (REST-44).

#![expect(clippy::unwrap_used, reason = "a test that cannot set its scene up has failed")]

use mecum_fhir::json::{Json, Limits};
use mecum_fhir::resource::Resource;
use mecum_fhir::search::query::SummaryMode;
use mecum_fhir::subset::{Subset, is_subset};
use mecum_fhir::validate::validate;
use proptest::prelude::*;

const TAG: &str = r#"{"system":"http://terminology.hl7.org/CodeSystem/v3-ObservationValue","code":"SUBSETTED","display":"subsetted"}"#;

fn resource(text: &str) -> Resource {
    Resource::parse(text.as_bytes(), &Limits::default()).unwrap()
}

fn check(subset: &Subset, text: &str, expect: &str) {
    assert_eq!(subset.cut(&resource(text)), expect.replace("TAG", TAG));
}

const PATIENT: &str = r#"{"resourceType":"Patient","id":"p","meta":{"versionId":"1"},"text":{"status":"empty","div":"<div/>"},"active":true,"name":[{"family":"\u0041da"}],"birthDate":"1950","_birthDate":{"extension":[{"url":"u","valueCode":"x"}]},"maritalStatus":{"text":"m"},"contact":[{"name":{"text":"c"}}],"link":[{"other":{"reference":"Patient/2"},"type":"refer"}]}"#;

#[test]
fn rest_44_a_summary_has_the_standards_summary_elements_as_they_were_written() {
    check(
        &Subset::Summary,
        PATIENT,
        r#"{"resourceType":"Patient","id":"p","meta":{"versionId":"1","tag":[TAG]},"active":true,"name":[{"family":"\u0041da"}],"birthDate":"1950","_birthDate":{"extension":[{"url":"u","valueCode":"x"}]},"link":[{"other":{"reference":"Patient/2"},"type":"refer"}]}"#,
    );
}

#[test]
fn rest_44_within_groups_of_elements_only_summary_elements_stay() {
    check(
        &Subset::Summary,
        r#"{"resourceType":"Observation","id":"o","status":"final","code":{"text":"a"},"note":[{"text":"n"}],"valueQuantity":{"value":4.10,"unit":"x"},"component":[{"code":{"text":"c"},"valueQuantity":{"value":1.0},"interpretation":[{"text":"i"}],"referenceRange":[{"text":"r"}]}]}"#,
        r#"{"resourceType":"Observation","id":"o","status":"final","code":{"text":"a"},"valueQuantity":{"value":4.10,"unit":"x"},"component":[{"code":{"text":"c"},"valueQuantity":{"value":1.0}}],"meta":{"tag":[TAG]}}"#,
    );
}

#[test]
fn rest_44_text_is_the_narrative_beside_what_must_be_there() {
    check(
        &Subset::Text,
        r#"{"resourceType":"Observation","id":"o","text":{"status":"empty","div":"<div/>"},"status":"final","code":{"text":"a"},"valueString":"v"}"#,
        r#"{"resourceType":"Observation","id":"o","text":{"status":"empty","div":"<div/>"},"status":"final","code":{"text":"a"},"meta":{"tag":[TAG]}}"#,
    );
}

#[test]
fn rest_44_data_is_all_but_the_narrative_unknown_elements_included() {
    check(
        &Subset::Data,
        r#"{"resourceType":"Patient","id":"p","text":{"div":"<div/>"},"nonsense":1.50,"gender":"female"}"#,
        r#"{"resourceType":"Patient","id":"p","nonsense":1.50,"gender":"female","meta":{"tag":[TAG]}}"#,
    );
}

#[test]
fn rest_44_named_elements_come_with_those_that_must_be_there_or_change_the_meaning() {
    let elements = |names: &[&str]| Subset::Elements(names.iter().map(|name| (*name).to_owned()).collect());
    let observation = r#"{"resourceType":"Observation","id":"o","meta":{"tag":[{"code":"x"}]},"modifierExtension":[{"url":"u"}],"status":"final","code":{"text":"a"},"valueString":"v","_valueString":{"id":"i"},"issued":"2020-01-01T00:00:00Z"}"#;
    let kept = r#"{"resourceType":"Observation","id":"o","meta":{"tag":[{"code":"x"},TAG]},"modifierExtension":[{"url":"u"}],"status":"final","code":{"text":"a"}"#;
    let value = r#","valueString":"v","_valueString":{"id":"i"}}"#;
    for names in [&["value"][..], &["valueString"], &["value[x]"], &["Observation.value"], &["nonsense", "value"]] {
        check(&elements(names), observation, &format!("{kept}{value}"));
    }
    check(&elements(&["Patient.value", "status"]), observation, &format!("{kept}}}"));
    check(
        &elements(&["birthDate"]),
        PATIENT,
        r#"{"resourceType":"Patient","id":"p","meta":{"versionId":"1","tag":[TAG]},"active":true,"birthDate":"1950","_birthDate":{"extension":[{"url":"u","valueCode":"x"}]},"link":[{"other":{"reference":"Patient/2"},"type":"refer"}]}"#,
    );
}

#[test]
fn rest_44_the_tag_is_added_once_and_recognized() {
    let once = Subset::Summary.cut(&resource(PATIENT));
    assert!(is_subset(&resource(&once)) && !is_subset(&resource(PATIENT)));
    assert_eq!(Subset::Data.cut(&resource(&once)).matches("SUBSETTED").count(), 1);
    let other = r#"{"resourceType":"Patient","meta":{"tag":[{"system":"urn:own","code":"SUBSETTED"}]}}"#;
    assert!(!is_subset(&resource(other)));
    for odd in [r#""meta":1"#, r#""meta":{}"#, r#""meta":{"tag":{}}"#, r#""meta":{"tag":[]}"#] {
        let text = format!(r#"{{"resourceType":"Patient",{odd}}}"#);
        assert!(is_subset(&resource(&Subset::Data.cut(&resource(&text)))), "{odd}");
    }
}

#[test]
fn the_parameters_together_ask_for_one_part() {
    let of =
        |summary, elements: &[&str]| Subset::of(summary, &elements.iter().map(|e| (*e).to_owned()).collect::<Vec<_>>());
    assert_eq!(of(None, &[]), None);
    assert_eq!(of(Some(SummaryMode::False), &[]), None);
    assert_eq!(of(Some(SummaryMode::Count), &["name"]), None);
    assert_eq!(of(Some(SummaryMode::Text), &["name"]), Some(Subset::Text));
    assert_eq!(of(Some(SummaryMode::False), &["name"]), Some(Subset::Elements(vec!["name".to_owned()])));
}

fn subsets() -> impl Strategy<Value = Subset> {
    let names = prop::collection::vec(prop::sample::select(vec!["status", "subject", "code", "x", "effective"]), 0..3);
    prop_oneof![
        Just(Subset::Summary),
        Just(Subset::Text),
        Just(Subset::Data),
        names.prop_map(|names| Subset::Elements(names.into_iter().map(str::to_owned).collect())),
    ]
}

proptest! {
    /// Whatever is left out, each member that stays has the bytes it had, and no fault is added.
    #[test]
    fn what_stays_is_byte_for_byte_as_it_was(subset in subsets(), members in members()) {
        let text = format!(r#"{{"resourceType":"Observation","id":"o"{members}}}"#);
        let whole = resource(&text);
        let part = Json::parse(subset.cut(&whole).as_bytes(), &Limits::default()).unwrap();
        for member in part.root().members().filter(|member| member.key != "meta") {
            prop_assert!(whole.root().members().any(|old| old.key == member.key && old.value.raw() == member.value.raw()));
        }
        let faults_of = |json: &Json| -> Vec<String> {
            validate(json).into_iter().map(|issue| format!("{} {}", issue.expression, issue.message)).collect()
        };
        let before = faults_of(whole.json());
        prop_assert!(faults_of(&part).iter().all(|fault| before.contains(fault)), "{}", part.text());
    }
}

fn members() -> impl Strategy<Value = String> {
    let all = vec![
        r#","status":"final""#,
        r#","code":{"coding":[{"system":"http://loinc.org","code":"1-8"}],"text":"\u00e9"}"#,
        r#","subject":{"reference":"Patient/1"}"#,
        r#","text":{"status":"generated","div":"<div xmlns=\"http://www.w3.org/1999/xhtml\">x</div>"}"#,
        r#","effectiveDateTime":"2020-01""#,
        r#","valueQuantity":{"value":1.500,"unit":"g"}"#,
        r#","method":{"text":"m"}"#,
        r#","note":[{"text":"n"}]"#,
    ];
    prop::sample::subsequence(all, 2..8).prop_map(|members| members.concat())
}
