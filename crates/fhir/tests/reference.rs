//! References, resource types and ids: what their texts mean, and which are refused.

use mecum_fhir::reference::{Id, Reference, ResourceType, Target, Urn};
use proptest::prelude::*;

fn patient<'t>(id: &'t str, version: Option<&'t str>) -> Target<'t> {
    Target { resource_type: ResourceType::PATIENT, id, version }
}

#[test]
fn each_form_of_reference_is_told_from_the_others() {
    let absolute = |base, target| Reference::Absolute { base, target };
    let cases = [
        ("Patient/1", Reference::Relative(patient("1", None))),
        ("Patient/a-B.9/_history/2", Reference::Relative(patient("a-B.9", Some("2")))),
        ("https://h.example/fhir/Patient/1", absolute("https://h.example/fhir", patient("1", None))),
        ("http://h:8080/Patient/1/_history/7", absolute("http://h:8080", patient("1", Some("7")))),
        ("http://h/Patient/Patient/1", absolute("http://h/Patient", patient("1", None))),
        ("#p1", Reference::Fragment("p1")),
        ("#", Reference::Fragment("")),
        ("urn:uuid:6F9619FF", Reference::Urn(Urn::Uuid("6F9619FF"))),
        ("urn:oid:1.2.3", Reference::Urn(Urn::Oid("1.2.3"))),
        (
            "Patient?identifier=http://a/b|1?",
            Reference::Conditional { resource_type: ResourceType::PATIENT, query: "identifier=http://a/b|1?" },
        ),
        ("", Reference::Empty),
        (" \t", Reference::Empty),
    ];
    for (text, reference) in cases {
        assert_eq!(Reference::parse(text), reference, "{text}");
    }
}

#[test]
fn what_is_no_reference_to_a_known_type_stays_as_written() {
    let others = [
        "Patient",
        "Patient/",
        "patient/1",
        "Unicorn/1",
        "/Patient/1",
        "Patient/1/",
        "Patient/a b",
        "Patient/1/2",
        "Patient/1/_history",
        "Patient/1/_history/",
        "Patient/1/_history/2/3",
        "Patient/1#x",
        "Patient?",
        "Unicorn?x=1",
        " Patient/1",
        "http://Patient/1",
        "http:///Patient/1",
        "http://h/Patient",
        "http://h/Patient?identifier=1",
        "ftp://h/Patient/1",
        "http://h/ValueSet/x|1.0",
        "urn:uuid:",
        "urn:isbn:1",
        "https://",
        "Patient/é",
    ];
    for text in others.into_iter().chain([format!("Patient/{}", "a".repeat(65)).as_str()]) {
        assert_eq!(Reference::parse(text), Reference::Other(text), "{text}");
        assert_eq!(Reference::parse(text).relative(), None);
    }
}

#[test]
fn rest_15_absolute_references_to_our_own_base_are_relative() {
    for base in ["https://me.example/fhir", "https://me.example/fhir/", "http://me.example/fhir"] {
        let within = |text| Reference::within(text, base);
        assert_eq!(within("https://me.example/fhir/Patient/1").relative(), Some(patient("1", None)));
        assert_eq!(within("http://me.example/fhir/Patient/1/_history/2").relative(), Some(patient("1", Some("2"))));
        assert_eq!(within("Patient/1").relative(), Some(patient("1", None)));
        assert!(matches!(within("https://me.example/fhir/Patient?a=b"), Reference::Conditional { query: "a=b", .. }));
        for foreign in
            ["https://me.example/fhirx/Patient/1", "https://other/fhir/Patient/1", "https://me.example/Patient/1"]
        {
            assert!(matches!(within(foreign), Reference::Absolute { .. }), "{foreign}");
        }
        assert!(matches!(within("https://me.example/fhir/x/Patient/1"), Reference::Absolute { .. }));
        assert!(matches!(within("https://me.example/fhir/Unicorn/1"), Reference::Other(_)));
    }
    assert!(matches!(Reference::within("http://h/Patient/1", ""), Reference::Absolute { .. }));
    assert!(matches!(Reference::within("http://h/Patient/1", "http://"), Reference::Absolute { .. }));
}

#[test]
fn resource_types_have_stable_codes() {
    let all: Vec<_> = ResourceType::all().collect();
    assert_eq!(all.len(), 146);
    for (index, resource_type) in all.iter().enumerate() {
        assert_eq!(usize::from(resource_type.code()), index + 1);
        assert_eq!(ResourceType::from_code(resource_type.code()), Some(*resource_type));
        assert_eq!(ResourceType::parse(resource_type.name()), Some(*resource_type));
    }
    // Codes are written into databases: these numbers may never be changed to make the test pass.
    let published = [
        (ResourceType::ACCOUNT, 1, "Account"),
        (ResourceType::BINARY, 9, "Binary"),
        (ResourceType::BUNDLE, 12, "Bundle"),
        (ResourceType::CONDITION, 28, "Condition"),
        (ResourceType::MEDICATION_STATEMENT, 80, "MedicationStatement"),
        (ResourceType::OBSERVATION, 96, "Observation"),
        (ResourceType::PARAMETERS, 102, "Parameters"),
        (ResourceType::PATIENT, 103, "Patient"),
        (ResourceType::VISION_PRESCRIPTION, 146, "VisionPrescription"),
    ];
    for (resource_type, code, name) in published {
        assert_eq!((resource_type.code(), resource_type.name()), (code, name));
        assert_eq!(format!("{resource_type} {resource_type:?}"), format!("{name} {name}"));
    }
}

#[test]
fn unknown_resource_types_and_codes_are_refused() {
    for name in ["", "patient", "Patien", "Patients", "Resource", "DomainResource", "Zoo", "AAA"] {
        assert_eq!(ResourceType::parse(name), None, "{name}");
    }
    for code in [0, 147, u16::MAX] {
        assert_eq!(ResourceType::from_code(code), None);
    }
}

#[test]
fn ids_have_their_letters_and_length() {
    for text in ["1", "a.B-9", &"x".repeat(64)] {
        assert_eq!(Id::parse(text).unwrap().as_str(), text);
    }
    for text in ["", "a_b", "a/b", "a b", "é", "1\n", &"x".repeat(65)] {
        assert!(Id::parse(text).is_err(), "{text}");
    }
}

proptest! {
    #[test]
    fn no_text_makes_classifying_panic(text in r"\PC{0,40}|(https?://)?[a-z:/?#_]{0,10}(/?Patient/|/_history/|urn:uuid:)?[a-z0-9/]{0,8}") {
        let _ = Reference::within(&text, "http://h/fhir");
        match Reference::parse(&text) {
            Reference::Relative(target) => prop_assert!(Id::is_valid(target.id)),
            Reference::Absolute { base, target } => {
                let joined = format!("{base}/{}/{}", target.resource_type, target.id);
                prop_assert!(text.starts_with(&joined));
            }
            _ => {}
        }
    }
}
