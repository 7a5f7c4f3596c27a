//! Shape: names, kinds of JSON value, cardinality, choices, siblings of primitives (R4 json.html; REST-60).

use crate::{check, extension, issues, observation, patient};
use mecum_fhir::outcome::Severity;

#[test]
fn what_is_right_passes() {
    check(&observation(""), &[]);
    check(&observation(r#""valueQuantity":{"value":1.50},"component":[{"code":{"text":"a"},"valueString":"b"}]"#), &[]);
    check(&patient(r#""active":true,"_active":{"id":"a"}"#), &[]);
    check(r#"{"resourceType":"Parameters"}"#, &[]);
}

#[test]
fn a_resource_is_an_object_of_a_known_type() {
    check(r#"{"id":"a"}"#, &["structure "]);
    check(r#"{"resourceType":"Foo"}"#, &["structure "]);
    check(r#"{"resourceType":"patient"}"#, &["structure "]);
    check(r#"{"resourceType":"DomainResource"}"#, &["structure "]);
    check(r#"{"resourceType":"Quantity"}"#, &["structure "]);
    check(r#"{"resourceType":5}"#, &["structure "]);
    check(r#"[{"resourceType":"Patient"}]"#, &["structure "]);
    check("null", &["structure "]);
    check(r#"{"resourceType":"Patient","resourceType":"Patient"}"#, &["structure Patient.resourceType"]);
}

#[test]
fn rest_60_unknown_elements_are_named() {
    check(&observation(r#""foo":1"#), &["structure Observation.foo"]);
    check(&observation(r#""value":1"#), &["structure Observation.value"]);
    check(&observation(r#""valueMoney":{"value":1}"#), &["structure Observation.valueMoney"]);
    check(&observation(r#""Status":"final""#), &["structure Observation.Status"]);
    check(&observation(r#""fhir_comments":["a"]"#), &["structure Observation.fhir_comments"]);
    check(&observation(r#""subject":{"display":"a","foo":"b"}"#), &["structure Observation.subject.foo"]);
    check(
        &observation(r#""subject":{"display":"a","modifierExtension":[]}"#),
        &["structure Observation.subject.modifierExtension"],
    );
    check(
        &observation(r#""subject":{"display":"a","resourceType":"Patient"}"#),
        &["structure Observation.subject.resourceType"],
    );
    check(
        &observation(r#""component":[{"code":{"text":"a"}},{"code":{"text":"a"},"b":1}]"#),
        &["structure Observation.component[1].b"],
    );
    check(&observation(r#""_foo":{"id":"a"}"#), &["structure Observation._foo"]);
    check(&observation(r#""_subject":{"id":"a"}"#), &["structure Observation._subject"]);
    check(&observation(r#""":1"#), &["structure Observation"]);
}

#[test]
fn names_that_are_no_names_are_not_repeated() {
    check(&observation(r#""a b":1"#), &["structure Observation"]);
    check(&observation(&format!(r#""{}":1"#, "a".repeat(65))), &["structure Observation"]);
}

#[test]
fn rest_60_a_name_is_there_once() {
    check(&observation(r#""status":"final""#), &["structure Observation.status"]);
    check(&observation(r#""subject":{"display":"a","display":"b"}"#), &["structure Observation.subject.display"]);
    check(&observation(r#""st\u0061tus":"final""#), &["structure Observation.status"]);
}

#[test]
fn arrays_are_where_elements_repeat_and_nowhere_else() {
    check(&observation(r#""category":{"text":"a"}"#), &["structure Observation.category"]);
    check(&observation(r#""subject":[{"display":"a"}]"#), &["structure Observation.subject"]);
    check(&observation(r#""category":[[{"text":"a"}]]"#), &["structure Observation.category[0]"]);
    check(&patient(r#""name":[{"family":["a"]}]"#), &["structure Patient.name[0].family"]);
    check(&patient(r#""name":[{"given":"a"}]"#), &["structure Patient.name[0].given"]);
}

#[test]
fn rest_60_nothing_is_empty_or_null() {
    check(&observation(r#""category":[]"#), &["structure Observation.category"]);
    check(&observation(r#""category":[{}]"#), &["structure Observation.category[0]"]);
    check(&observation(r#""subject":{}"#), &["structure Observation.subject"]);
    check(&observation(r#""subject":{"display":""}"#), &["structure Observation.subject.display"]);
    check(&observation(r#""subject":null"#), &["structure Observation.subject"]);
    check(&observation(r#""category":[null]"#), &["structure Observation.category[0]"]);
    check(&observation(r#""issued":null"#), &["structure Observation.issued"]);
    check(&patient(r#""active":true,"_active":{}"#), &["structure Patient.active"]);
}

#[test]
fn complex_elements_are_objects_and_primitives_are_not() {
    check(&observation(r#""subject":"Patient/1""#), &["structure Observation.subject"]);
    check(&observation(r#""category":["a"]"#), &["structure Observation.category[0]"]);
    check(&observation(r#""issued":{"value":"a"}"#), &["structure Observation.issued"]);
    check(&patient(r#""active":"true""#), &["structure Patient.active"]);
    check(&patient(r#""active":1"#), &["structure Patient.active"]);
    check(&extension(r#""valueInteger":"1""#), &["structure Observation.extension[0].valueInteger"]);
    check(&extension(r#""valueDecimal":"1.0""#), &["structure Observation.extension[0].valueDecimal"]);
    check(&extension(r#""valueString":1"#), &["structure Observation.extension[0].valueString"]);
    check(&extension(r#""valueDate":2020"#), &["structure Observation.extension[0].valueDate"]);
}

#[test]
fn rest_65_required_elements_are_missed() {
    check(r#"{"resourceType":"Observation","code":{"text":"a"}}"#, &["required Observation.status"]);
    check(r#"{"resourceType":"Observation"}"#, &["required Observation.status", "required Observation.code"]);
    check(&observation(r#""component":[{"valueString":"a"}]"#), &["required Observation.component[0].code"]);
    check(&observation(r#""text":{"status":"generated"}"#), &["required Observation.text.div"]);
    check(&patient(r#""link":[{"other":{"display":"a"}}]"#), &["required Patient.link[0].type"]);
    check(&observation(r#""extension":[{"valueString":"a"}]"#), &["required Observation.extension[0].url"]);
    let order = r#"{"resourceType":"MedicationRequest","status":"active","intent":"order","subject":{"display":"a"}}"#;
    check(order, &["required MedicationRequest.medication"]);
}

#[test]
fn a_choice_has_one_type() {
    check(&observation(r#""valueString":"a","valueInteger":1"#), &["structure Observation.valueInteger"]);
    check(&patient(r#""deceasedBoolean":true,"deceasedDateTime":"2020""#), &["structure Patient.deceasedDateTime"]);
    check(&patient(r#""deceasedBoolean":true,"_deceasedBoolean":{"id":"a"}"#), &[]);
    let other = r#""deceasedBoolean":true,"_deceasedDateTime":{"extension":[{"url":"http://a.b","valueCode":"x"}]}"#;
    check(&patient(other), &["structure Patient._deceasedDateTime"]);
    check(&extension(r#""valueString":"a","valueCode":"a""#), &["structure Observation.extension[0].valueCode"]);
}

const UNKNOWN: &str = r#"{"extension":[{"url":"http://example.org/e","valueCode":"unknown"}]}"#;

#[test]
fn primitives_have_siblings_with_ids_and_extensions() {
    check(&patient(&format!(r#""_birthDate":{UNKNOWN}"#)), &[]);
    check(&patient(r#""birthDate":"2020","_birthDate":{"id":"a"}"#), &[]);
    check(&patient(r#""_birthDate":{"id":"a"}"#), &["ele-1 Patient.birthDate"]);
    check(&patient(r#""birthDate":"2020","_birthDate":{"foo":1}"#), &["structure Patient.birthDate.foo"]);
    check(&patient(r#""birthDate":"2020","_birthDate":[{"id":"a"}]"#), &["structure Patient.birthDate"]);
    check(&patient(r#""birthDate":"2020","_birthDate":"a""#), &["structure Patient.birthDate"]);
    check(&patient(r#""birthDate":"2020","_birthDate":null"#), &["structure Patient.birthDate"]);
    let narrative = r#""text":{"status":"generated",
            "div":"<div xmlns=\"http://www.w3.org/1999/xhtml\">a</div>","_div":{"id":"a"}}"#;
    check(&patient(narrative), &["structure Patient.text._div"]);
}

#[test]
fn arrays_of_primitives_and_of_siblings_keep_step() {
    let given = |members: String| patient(&format!(r#""name":[{{{members}}}]"#));
    check(&given(format!(r#""given":["a",null],"_given":[null,{UNKNOWN}]"#)), &[]);
    check(&given(format!(r#""_given":[{UNKNOWN}]"#)), &[]);
    check(&given(r#""given":["a",null]"#.into()), &["structure Patient.name[0].given[1]"]);
    check(&given(r#""given":[null],"_given":[null]"#.into()), &["structure Patient.name[0].given[0]"]);
    check(&given(r#""_given":[null]"#.into()), &["structure Patient.name[0].given[0]"]);
    check(&given(r#""given":["a",null],"_given":[null,{"id":"b"}]"#.into()), &["ele-1 Patient.name[0].given[1]"]);
    check(&given(r#""given":["a"],"_given":{"id":"b"}"#.into()), &["structure Patient.name[0].given"]);
    check(&given(r#""given":["a"],"_given":[]"#.into()), &["structure Patient.name[0].given"]);
    check(&given(r#""given":["a"],"_given":["b"]"#.into()), &["structure Patient.name[0].given[0]"]);
}

#[test]
fn arrays_of_different_length_are_a_warning() {
    let found = issues(&patient(r#""name":[{"given":["a","b"],"_given":[{"id":"c"}]}]"#));
    assert_eq!(found.len(), 1);
    assert_eq!((found[0].severity, found[0].expression.as_str()), (Severity::Warning, "Patient.name[0].given"));
}

#[test]
fn an_element_is_more_than_its_id() {
    check(&observation(r#""subject":{"id":"a"}"#), &["ele-1 Observation.subject"]);
    check(&observation(r#""id":"a""#), &[]);
}

#[test]
fn ids_of_elements_are_unique_within_a_resource() {
    let two = r#""subject":{"id":"a","display":"b"},"encounter":{"id":"a","display":"b"}"#;
    check(&observation(two), &["invariant Observation.encounter.id"]);
    check(&observation(r#""id":"a","subject":{"id":"a","display":"b"}"#), &[]);
    let apart = r##""contained":[{"resourceType":"Patient","id":"p","name":[{"id":"a","text":"b"}]}],
        "subject":{"id":"a","reference":"#p"}"##;
    check(&observation(apart), &[]);
}

#[test]
fn an_extension_has_a_value_or_extensions() {
    let nested = |members: &str| observation(&format!(r#""extension":[{{"url":"http://example.org/e",{members}}}]"#));
    check(&nested(r#""extension":[{"url":"a","valueCode":"b"}]"#), &[]);
    check(&nested(r#""valueCode":"b","extension":[{"url":"a","valueCode":"b"}]"#), &["ext-1 Observation.extension[0]"]);
    check(&observation(r#""extension":[{"url":"http://example.org/e"}]"#), &["ext-1 Observation.extension[0]"]);
    check(&nested(r#""extension":[{"url":"a"}]"#), &["ext-1 Observation.extension[0].extension[0]"]);
    check(
        &observation(r#""modifierExtension":[{"url":"http://example.org/e"}]"#),
        &["ext-1 Observation.modifierExtension[0]"],
    );
    check(&observation(r#""extension":[{"url":"e","valueCode":"b"}]"#), &["value Observation.extension[0].url"]);
}
