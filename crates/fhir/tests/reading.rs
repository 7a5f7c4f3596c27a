//! How a person reads a resource.
#![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use mecum_fhir::json::Limits;
use mecum_fhir::reading::{Standing, headline};
use mecum_fhir::resource::Resource;

fn read(text: &str) -> (String, String, String, Standing) {
    let resource = Resource::parse(text.as_bytes(), &Limits::default()).unwrap();
    let line = headline(&resource);
    let when = line.when.map_or_else(String::new, |when| format!("{}/{}/{}", when.start, when.end, when.is_stretch));
    (line.title, line.value, when, line.standing)
}

#[test]
fn digits_comparators_and_partial_dates_are_read_as_written() {
    let (title, value, when, standing) = read(
        r#"{"resourceType":"Observation","status":"final","code":{"text":"HbA1c"},"effectiveDateTime":"2024-05",
            "valueQuantity":{"value":7.10,"comparator":"<","unit":"%"}}"#,
    );
    assert_eq!((title.as_str(), value.as_str(), when.as_str()), ("HbA1c", "< 7.10 %", "2024-05//false"));
    assert_eq!(standing, Standing::Holds);
}

#[test]
fn a_blood_pressure_is_a_pair_only_in_one_unit() {
    let text = |unit: &str| {
        format!(
            r#"{{"resourceType":"Observation","status":"final","code":{{"text":"BP"}},"component":[
            {{"code":{{"text":"Systolic","coding":[{{"system":"http://loinc.org","code":"8480-6"}}]}},"valueQuantity":{{"value":120,"unit":"mmHg"}}}},
            {{"code":{{"text":"Diastolic","coding":[{{"system":"http://loinc.org","code":"8462-4"}}]}},"valueQuantity":{{"value":80,"unit":"{unit}"}}}}]}}"#
        )
    };
    assert_eq!(read(&text("mmHg")).1, "120 / 80 mmHg");
    assert_eq!(read(&text("kPa")).1, "Systolic 120 mmHg; Diastolic 80 kPa");
}

#[test]
fn why_there_is_no_value_is_said() {
    let (_, value, ..) = read(
        r#"{"resourceType":"Observation","status":"final","code":{"text":"Smell"},"dataAbsentReason":{"coding":[{"code":"asked-declined"}]}}"#,
    );
    assert_eq!(value, "asked-declined");
}

#[test]
fn the_gravest_word_says_how_an_entry_stands() {
    let allergy = |verification: &str, clinical: &str| {
        read(&format!(
            r#"{{"resourceType":"AllergyIntolerance","code":{{"text":"Penicillin"}},
            "clinicalStatus":{{"coding":[{{"code":"{clinical}"}}]}},"verificationStatus":{{"coding":[{{"code":"{verification}"}}]}}}}"#
        ))
        .3
    };
    assert_eq!(allergy("confirmed", "active"), Standing::Holds);
    assert_eq!(allergy("refuted", "active"), Standing::Refuted);
    assert_eq!(allergy("entered-in-error", "active"), Standing::InError);
    assert_eq!(allergy("confirmed", "resolved"), Standing::Over);
    assert_eq!(allergy("unconfirmed", "active"), Standing::Uncertain);
    let order = r#"{"resourceType":"MedicationRequest","status":"active","doNotPerform":true,"medicationCodeableConcept":{"text":"NSAID"}}"#;
    assert_eq!(read(order).3, Standing::Refuted);
}

#[test]
fn a_contained_medication_gives_its_name() {
    let (title, ..) = read(
        r##"{"resourceType":"MedicationRequest","status":"active","contained":[{"resourceType":"Medication","id":"m","code":{"text":"Metformin"}}],
            "medicationReference":{"reference":"#m"}}"##,
    );
    assert_eq!(title, "Metformin");
}

#[test]
fn a_person_is_named_and_a_stretch_may_be_open() {
    let (title, ..) = read(r#"{"resourceType":"Patient","name":[{"given":["Ada","B."],"family":"Example"}]}"#);
    assert_eq!(title, "Ada B. Example");
    let (title, _, when, _) = read(
        r#"{"resourceType":"Encounter","status":"in-progress","class":{"code":"AMB","display":"ambulatory"},"period":{"start":"2024-05-01"}}"#,
    );
    assert_eq!((title.as_str(), when.as_str()), ("ambulatory", "2024-05-01//true"));
}

#[test]
fn whatever_is_in_it_a_resource_has_a_title() {
    for text in [
        r#"{"resourceType":"Observation"}"#,
        r#"{"resourceType":"Basic","code":[[[[[{"text":1}]]]]]}"#,
        r#"{"resourceType":"Condition","code":{"coding":[{},null]},"clinicalStatus":7,"onsetPeriod":{}}"#,
        r#"{"resourceType":"CarePlan","title":""}"#,
    ] {
        assert!(!read(text).0.is_empty(), "{text}");
    }
}
