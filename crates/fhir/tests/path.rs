//! FHIRPath as search parameters use it: what an expression selects, and what is refused.
#![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use mecum_fhir::definitions::definitions;
use mecum_fhir::json::{Json, Limits};
use mecum_fhir::path::{Path, PathError};

const PATIENT: &str = r##"{"resourceType":"Patient","active":true,"deceasedBoolean":false,"gender":"female",
    "name":[{"use":"official","family":"Lee","given":["Ann","M."]},{"use":"old","family":"Roe"}],
    "telecom":[{"system":"phone","value":"1"},{"system":"email","value":"2"},{"value":"3"}],
    "extension":[{"url":"http://example.org/a","valueString":"x"},{"url":"http://example.org/b","valueQuantity":{"value":1}}],
    "generalPractitioner":[{"reference":"Practitioner/1"},{"reference":"#org"},{"reference":"Organization/2"}],
    "contained":[{"resourceType":"Organization","id":"org"}],"contact":{"gender":"male"}}"##;

fn of_patient(expression: &str) -> Result<Path, PathError> {
    Path::compile(definitions().type_named("Patient").unwrap(), expression)
}

/// What an expression selects of the patient.
fn selected(expression: &str) -> String {
    let json = Json::parse(PATIENT.as_bytes(), &Limits::default()).unwrap();
    let path = of_patient(expression).unwrap_or_else(|error| panic!("{expression}: {error}"));
    path.evaluate(json.root()).iter().map(|element| element.raw()).collect::<Vec<_>>().join(" ")
}

/// Whether an expression holds of the patient.
fn holds(expression: &str) -> Option<bool> {
    let json = Json::parse(PATIENT.as_bytes(), &Limits::default()).unwrap();
    of_patient(expression).unwrap().holds(json.root())
}

#[test]
fn members_choices_and_filters_select() {
    for (expression, expected) in [
        ("Patient.gender", r#""female""#),
        ("gender", r#""female""#),
        ("%resource.gender", r#""female""#),
        ("Patient.name.given", r#""Ann" "M.""#),
        ("name.family | name.given", r#""Lee" "Ann" "M." "Roe""#),
        ("Patient.name[1].family", r#""Roe""#),
        ("Patient.name.first().family", r#""Lee""#),
        ("Patient.name[7]", ""),
        ("Patient.telecom.where(system='phone').value", r#""1""#),
        ("Patient.telecom.where(system!='phone').value", r#""2""#),
        ("Patient.telecom.where(system.empty()).value", r#""3""#),
        ("telecom.where(system.exists() and value = '2').value", r#""2""#),
        ("telecom.where(system = 'phone' or value = '3').value", r#""1" "3""#),
        ("name.where(given.exists().not()).family", r#""Roe""#),
        ("Patient.deceased", "false"),
        ("(Patient.deceased as boolean)", "false"),
        ("Patient.deceased.as(dateTime)", ""),
        ("Patient.deceased.ofType(FHIR.boolean)", "false"),
        ("extension('http://example.org/a').value", r#""x""#),
        ("extension('http://example.org/b').value.as(Quantity).value", "1"),
        ("generalPractitioner.where(resolve() is Organization).reference", r##""#org" "Organization/2""##),
        ("generalPractitioner.where($this.resolve() is Practitioner).reference", r#""Practitioner/1""#),
        ("contact.gender", r#""male""#),
        ("Patient.birthDate", ""),
    ] {
        assert_eq!(selected(expression), expected, "{expression}");
    }
}

#[test]
fn conditions_are_true_false_or_neither() {
    for (expression, expected) in [
        ("deceased.exists() and deceased != false", Some(false)),
        ("deceased.exists()", Some(true)),
        ("birthDate.exists()", Some(false)),
        ("birthDate = '2020'", None),
        ("birthDate != '2020'", None),
        ("birthDate = '2020' and active = false", Some(false)),
        ("birthDate = '2020' or active = true", Some(true)),
        ("gender = 'female'", Some(true)),
        ("name.family = 'Lee'", Some(false)),
        ("deceased is boolean", Some(true)),
        ("deceased is dateTime", Some(false)),
        ("gender", None),
    ] {
        assert_eq!(holds(expression), expected, "{expression}");
    }
}

#[test]
fn what_is_not_understood_is_refused_before_any_resource_is_seen() {
    for unknown in
        ["Patient.colour", "Observation.code", "Patient.deceased as Quantity", "name as Nonsense", "colour = 'x'"]
    {
        assert!(matches!(of_patient(unknown), Err(PathError::Unknown { .. })), "{unknown}");
    }
    for unsupported in
        ["name.given[0]", "name.repeat(given)", "generalPractitioner.resolve()", "name.where(family = given)", "'x'"]
    {
        assert!(matches!(of_patient(unsupported), Err(PathError::Unsupported(_))), "{unsupported}");
    }
    assert!(matches!(of_patient("name..given"), Err(PathError::Syntax { at: 5, .. })));
}

#[test]
fn json_of_another_shape_is_reported_as_it_is_or_not_at_all() {
    let path = of_patient("Patient.name.given").unwrap();
    for (json, expected) in [
        (r#"{"name":{"given":"Ann"}}"#, r#""Ann""#),
        (r#"{"name":[null,[{"given":["Ann"]}],"x",{"given":[null,7,["y"]]}]}"#, "7"),
        (r#"[{"name":{"given":"Ann"}}]"#, ""),
        (r#"{"n\u0061me":{"given":"Ann"}}"#, r#""Ann""#),
        ("7", ""),
    ] {
        let json = Json::parse(json.as_bytes(), &Limits::default()).unwrap();
        let found: Vec<&str> = path.evaluate(json.root()).iter().map(|element| element.raw()).collect();
        assert_eq!(found.join(" "), expected);
    }
}
