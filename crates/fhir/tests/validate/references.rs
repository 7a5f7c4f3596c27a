//! References and contained resources (R4 references.html; REST-63).

use crate::{check, issues, observation, patient};
use mecum_fhir::outcome::Severity;

fn with_contained(contained: &str, members: &str) -> String {
    observation(&format!(r#""contained":[{contained}],{members}"#))
}

const TO_P: &str = r##""subject":{"reference":"#p"}"##;

#[test]
fn rest_63_a_contained_resource_is_referred_to() {
    check(&with_contained(r#"{"resourceType":"Patient","id":"p"}"#, TO_P), &[]);
    check(
        &with_contained(r#"{"resourceType":"Patient","id":"q"}"#, r#""issued":"2020-01-01T00:00:00Z""#),
        &["dom-3 Observation.contained[0]"],
    );
    let chain = r##"{"resourceType":"Patient","id":"p","managingOrganization":{"reference":"#o"}},
        {"resourceType":"Organization","id":"o","name":"a"}"##;
    check(&with_contained(chain, TO_P), &[]);
    let back = r##"{"resourceType":"Provenance","id":"p","target":[{"reference":"#"}],"recorded":"2020-01-01T00:00:00Z",
        "agent":[{"who":{"display":"a"}}]}"##;
    check(&with_contained(back, r#""issued":"2020-01-01T00:00:00Z""#), &[]);
    let form = r##"{"resourceType":"Questionnaire","status":"draft","contained":[{"resourceType":"ValueSet",
            "id":"v","status":"draft"}],
        "item":[{"linkId":"1","type":"choice","answerValueSet":"#v"}]}"##;
    check(form, &[]);
}

#[test]
fn rest_63_a_local_reference_leads_somewhere() {
    check(&observation(TO_P), &["ref-1 Observation.subject.reference"]);
    check(&observation(r##""subject":{"reference":"#"}"##), &["ref-1 Observation.subject.reference"]);
    check(
        &observation(r##""extension":[{"url":"http://a.b","valueCanonical":"#p"}]"##),
        &["invariant Observation.extension[0].valueCanonical"],
    );
    check(&observation(r##""extension":[{"url":"http://a.b","valueUri":"#p"}]"##), &[]);
}

#[test]
fn rest_63_a_contained_resource_has_its_own_id_and_nothing_of_a_version() {
    let refused = |contained: &str, expect: &[&str]| check(&with_contained(contained, TO_P), expect);
    refused(
        r#"{"resourceType":"Patient","active":true}"#,
        &["required Observation.contained[0]", "ref-1 Observation.subject.reference"],
    );
    refused(
        r#"{"resourceType":"Patient","id":"p"},{"resourceType":"Group","id":"p","type":"person","actual":true}"#,
        &["invariant Observation.contained[1]"],
    );
    refused(r#"{"resourceType":"Patient","id":"p","meta":{"versionId":"1"}}"#, &["dom-4 Observation.contained[0]"]);
    refused(
        r#"{"resourceType":"Patient","id":"p","meta":{"lastUpdated":"2020-01-01T00:00:00Z"}}"#,
        &["dom-4 Observation.contained[0]"],
    );
    refused(
        r#"{"resourceType":"Patient","id":"p","meta":{"security":[{"code":"a"}]}}"#,
        &["dom-5 Observation.contained[0]"],
    );
    let nested =
        r##"{"resourceType":"Patient","id":"p","contained":[{"resourceType":"Organization","id":"o","name":"a"}]}"##;
    check(&with_contained(nested, TO_P), &["dom-2 Observation.contained[0]"]);
}

#[test]
fn contained_resources_are_validated() {
    let refused = |contained: &str, expect: &[&str]| check(&with_contained(contained, TO_P), expect);
    refused(r#"{"resourceType":"Patient","id":"p","gender":"x"}"#, &["code-invalid Observation.contained[0].gender"]);
    refused(r#"{"resourceType":"Foo","id":"p"}"#, &["structure Observation.contained[0]"]);
    refused(r#"{"id":"p"}"#, &["structure Observation.contained[0]"]);
    refused(r#""p""#, &["structure Observation.contained[0]", "ref-1 Observation.subject.reference"]);
}

#[test]
fn a_reference_is_to_a_type_that_may_stand_there() {
    check(&observation(r#""subject":{"reference":"Patient/1"}"#), &[]);
    check(&observation(r#""subject":{"reference":"Patient/1/_history/2"}"#), &[]);
    check(&observation(r#""focus":[{"reference":"Slot/1"}]"#), &[]);
    for wrong in ["Practitioner/1", "http://a.b/fhir/Practitioner/1", "Practitioner?identifier=a"] {
        check(
            &observation(&format!(r#""subject":{{"reference":"{wrong}"}}"#)),
            &["structure Observation.subject.reference"],
        );
    }
    let contained = r#"{"resourceType":"Organization","id":"p","name":"a"}"#;
    check(&with_contained(contained, TO_P), &["structure Observation.subject.reference"]);
}

#[test]
fn a_declared_type_is_known_and_true() {
    check(&observation(r#""subject":{"reference":"Patient/1","type":"Patient"}"#), &[]);
    check(
        &observation(r#""subject":{"reference":"Patient/1","type":"http://hl7.org/fhir/StructureDefinition/Patient"}"#),
        &[],
    );
    check(
        &observation(r#""subject":{"reference":"Patient/1","type":"Group"}"#),
        &["structure Observation.subject.type"],
    );
    check(&observation(r#""subject":{"display":"a","type":"Foo"}"#), &["code-invalid Observation.subject.type"]);
}

#[test]
fn a_reference_is_a_url() {
    check(&observation(r#""subject":{"reference":"Patient/a b"}"#), &["value Observation.subject.reference"]);
    check(&observation(r#""subject":{"reference":"urn:uuid:c757873d-ec9a-4326-a141-556f43239520"}"#), &[]);
    for odd in ["Patient", "Patient/a_b", "Foo/1"] {
        let found = issues(&observation(&format!(r#""subject":{{"reference":"{odd}"}}"#)));
        assert_eq!(found.len(), 1, "{odd}");
        assert_eq!(
            (found[0].severity, found[0].expression.as_str()),
            (Severity::Warning, "Observation.subject.reference")
        );
    }
}

#[test]
fn a_system_of_codes_should_be_absolute() {
    let found = issues(&patient(r#""meta":{"tag":[{"system":"a","code":"b"}]}"#));
    assert_eq!((found[0].severity, found[0].expression.as_str()), (Severity::Warning, "Patient.meta.tag[0].system"));
}
