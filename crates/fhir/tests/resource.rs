//! Resources: what is refused, and what the accessors find, in good and in sloppy texts.
#![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use mecum_fhir::date::{Interval, bounds_of};
use mecum_fhir::json::{Edits, Limits};
use mecum_fhir::reference::ResourceType;
use mecum_fhir::resource::{Resource, ResourceFault, SplicePoint, expression_at};

fn resource(text: &str) -> Resource {
    Resource::parse(text.as_bytes(), &Limits::default()).unwrap()
}

fn fault(text: &str) -> ResourceFault {
    Resource::parse(text.as_bytes(), &Limits::default()).unwrap_err()
}

#[test]
fn phr_8_only_what_is_no_resource_is_refused() {
    assert!(matches!(fault("{'a'}"), ResourceFault::NotJson(_)));
    assert_eq!(fault("{\"resourceType\": Patient}").offset(), 17);
    assert_eq!(fault("[]"), ResourceFault::NotAnObject);
    assert_eq!(fault("\"Patient\""), ResourceFault::NotAnObject);
    assert_eq!(fault("{}"), ResourceFault::NoResourceType);
    assert_eq!(fault(r#"{"resourceType":["Patient"]}"#), ResourceFault::NoResourceType);
    assert_eq!(fault(r#"{"resourceType":"Unicorn"}"#), ResourceFault::UnknownType("Unicorn".to_owned()));
    assert_eq!(fault(r#"{"resourceType":"Ann Smith, 1980"}"#), ResourceFault::UnknownType(String::new()));
    let small = Limits { max_bytes: 10, ..Limits::default() };
    let too_large = Resource::parse(br#"{"resourceType":"Patient"}"#, &small).unwrap_err();
    assert!(matches!(too_large, ResourceFault::TooCostly(_)));
    let sloppy = resource(r#"{"_id": 7, "name": {"given": "Ann"}, "resourceType": "Pat\u0069ent", "birthDate": 1980}"#);
    assert_eq!(sloppy.resource_type(), ResourceType::PATIENT);
}

#[test]
fn id_and_meta_are_read_when_they_are_what_they_should_be() {
    let good = resource(
        r#"{"resourceType":"Patient","id":"a1","meta":{"versionId":"3","lastUpdated":"2020-01-01T00:00:00.5Z"}}"#,
    );
    assert_eq!(good.id().as_deref(), Some("a1"));
    assert_eq!(&good.text()[good.id_span().unwrap()], "\"a1\"");
    assert_eq!(good.meta_version_id().as_deref(), Some("3"));
    assert_eq!(good.meta_last_updated(), Some(1_577_836_800_500_000));
    let odd = resource(r#"{"resourceType":"Patient","id":5,"meta":{"versionId":3,"lastUpdated":"yesterday"}}"#);
    assert_eq!((odd.id(), odd.meta_version_id(), odd.meta_last_updated()), (None, None, None));
    assert_eq!(&odd.text()[odd.id_span().unwrap()], "5");
    let bare = resource(r#"{"resourceType":"Patient"}"#);
    assert!(bare.meta().is_none() && bare.id_span().is_none());
}

#[test]
fn every_reference_is_found_with_its_place_and_object() {
    let observation = resource(
        r##"{"resourceType":"Observation","contained":[{"resourceType":"Device","id":"d","owner":{"reference":"Organization/1"}}],
        "subject":{"display":"A","reference":"Pat\u0069ent/1"},"device":{"reference":"#d"},
        "extension":[{"url":"x","valueReference":{"reference":""}}],"focus":[{"reference":{"reference":"Device/2"}}],
        "performer":[{"reference":"Practitioner/1","reference":"Practitioner/2"},{"reference":null},{"display":"none"}]}"##,
    );
    let found: Vec<_> = observation.references().map(|r| r.text().into_owned()).collect();
    let expected = ["Organization/1", "Patient/1", "#d", "", "Device/2", "Practitioner/1", "Practitioner/2"];
    assert_eq!(found, expected);
    let subject = observation.references().nth(1).unwrap();
    assert_eq!(&observation.text()[subject.span()], r#""Pat\u0069ent/1""#);
    assert_eq!(subject.object.get("display").unwrap().raw(), "\"A\"");
    assert_eq!(expression_at(observation.root(), &subject.span()), "Observation.subject.reference");
}

#[test]
fn references_are_rewritten_without_touching_the_rest() {
    let order = resource(
        r#"{"resourceType":"ServiceRequest","subject":{"reference":"urn:uuid:1"},"quantityQuantity":{"value":1.00}}"#,
    );
    let mut edits = Edits::new();
    for reference in order.references() {
        edits.replace(reference.span(), "\"Patient/9\"");
    }
    let rewritten = edits.apply(order.text());
    assert_eq!(rewritten, order.text().replace("urn:uuid:1", "Patient/9"));
}

#[test]
fn attachments_are_told_from_other_things_with_an_address() {
    let document = resource(
        r#"{"resourceType":"DocumentReference","extension":[{"url":"http://x","valueAttachment":{"url":"a"}}],
        "photo":{"url":"b"},"content":[{"attachment":{"contentType":"text/plain","url":"c\/1"}},{"attachment":{"data":"AA=="}}],
        "implicitRules":"d","contained":[{"resourceType":"Media","content":{"url":"urn:uuid:e"}}],
        "endpoint":[{"url":"f"}],"presentedForm":[{"url":1},{"url":"g"}]}"#,
    );
    let found: Vec<_> = document.attachment_urls().collect();
    let texts: Vec<_> = found.iter().map(|link| link.text.as_ref()).collect();
    assert_eq!(texts, ["a", "b", "c/1", "urn:uuid:e", "g"]);
    assert_eq!(&document.text()[found[2].span.clone()], r#""c\/1""#);
}

#[test]
fn narrative_links_are_found_in_either_quotes() {
    let patient = resource(
        r##"{"resourceType":"Patient","text":{"div":"<div><a href=\"Patient/1\">x</a><img\nsrc = 'urn:uuid:1'/> <a class='x' href='a?b=1&amp;c=\u0032'/> datahref='no' href=no</div>"},
        "contained":[{"resourceType":"List","text":{"div":"<a\thref=\"#p\">"}}],"note":[{"text":"<a href='no'>"}]}"##
            .replace("\\\n", "\\n")
            .replace("<img\n", "<img\\n")
            .replace("<a\t", "<a\\t")
            .as_str(),
    );
    let found: Vec<_> = patient.narrative_links().collect();
    let texts: Vec<_> = found.iter().map(|link| link.text.as_ref()).collect();
    assert_eq!(texts, ["Patient/1", "urn:uuid:1", "a?b=1&c=2", "#p"]);
    assert_eq!(&patient.text()[found[0].span.clone()], "Patient/1");
    assert_eq!(&patient.text()[found[2].span.clone()], r"a?b=1&amp;c=\u0032");
    assert_eq!(resource(r#"{"resourceType":"Patient","text":{"div":"<a href='x"}}"#).narrative_links().count(), 0);
}

#[test]
fn the_subject_is_where_its_type_has_it() {
    let subject = |text: &str| resource(text).subject_reference().map(|r| r.text().into_owned());
    let of = |element: &str, resource_type: &str| {
        subject(&format!(r#"{{"resourceType":"{resource_type}","{element}":{{"reference":"Patient/1"}}}}"#))
    };
    for (resource_type, element) in [
        ("Observation", "subject"),
        ("AllergyIntolerance", "patient"),
        ("Coverage", "beneficiary"),
        ("Task", "for"),
        ("ResearchSubject", "individual"),
        ("EnrollmentRequest", "candidate"),
    ] {
        assert_eq!(of(element, resource_type).as_deref(), Some("Patient/1"), "{resource_type}");
        assert_eq!(of("author", resource_type), None);
    }
    let many = r#"{"resourceType":"Account","subject":[{"display":"no"},{"reference":"Patient/2"},{"reference":"Patient/3"}]}"#;
    assert_eq!(subject(many).as_deref(), Some("Patient/2"));
    assert_eq!(subject(r#"{"resourceType":"Patient","id":"1"}"#), None);
}

#[test]
fn phr_15_identifiers_categories_and_labels_are_read_single_or_many() {
    let codes = |text: &str| -> Vec<String> {
        let resource = resource(text);
        let codes =
            resource.categories().map(|c| format!("{}|{}", c.system.unwrap_or_default(), c.code.unwrap_or_default()));
        codes.collect()
    };
    let category = |value: &str| format!(r#"{{"resourceType":"Observation","category":{value}}}"#);
    assert_eq!(
        codes(&category(r#"[{"coding":[{"system":"s","code":"a"},{"code":"b"}]},{"text":"x"}]"#)),
        ["s|a", "|b"]
    );
    assert_eq!(codes(&category(r#"{"coding":{"system":"s","code":"a"}}"#)), ["s|a"]);
    assert_eq!(codes(&category(r#"["food","medication"]"#)), ["|food", "|medication"]);
    assert_eq!(codes(&category(r#"{"system":"s","code":"a"}"#)), ["s|a"]);
    assert_eq!(codes(&category("null")), [""; 0]);
    let patient = resource(
        r#"{"resourceType":"Patient","meta":{"security":{"system":"http://c","code":"R","display":"restricted"}},
        "identifier":{"system":"http://i","value":"1"},"contained":[{"identifier":[{"value":"no"}]}]}"#,
    );
    let labels: Vec<_> = patient.security_labels().collect();
    assert_eq!(
        (labels.len(), labels[0].code.as_deref(), labels[0].display.as_deref()),
        (1, Some("R"), Some("restricted"))
    );
    let identifiers: Vec<_> = patient.identifiers().collect();
    assert_eq!((identifiers.len(), identifiers[0].value.as_deref()), (1, Some("1")));
    assert!(!format!("{labels:?} {identifiers:?}").contains("http"));
}

fn interval(text: &str) -> Option<Interval> {
    resource(text).clinical_interval()
}

fn time_of(resource_type: &str, elements: &str) -> Option<Interval> {
    interval(&format!(r#"{{"resourceType":"{resource_type}",{elements}}}"#))
}

#[test]
fn phr_55_each_type_has_its_clinical_time() {
    let year = |year: &str| bounds_of(year, 0);
    let cases = [
        ("Observation", r#""issued":"2011-01-01T00:00:00Z","effectiveDateTime":"2010""#),
        ("Observation", r#""effectivePeriod":{"start":"2010","end":"2010"},"issued":"2011-01-01T00:00:00Z""#),
        ("Observation", r#""effectiveTiming":{"event":["2010-12","2010-01"]}"#),
        ("Observation", r#""effectiveTiming":{"repeat":{"boundsPeriod":{"start":"2010","end":"2010-12-31"}}}"#),
        ("Condition", r#""recordedDate":"2012","onsetDateTime":"2010","abatementDateTime":"2011""#),
        ("Condition", r#""onsetString":"as a child","abatementDateTime":"2010""#),
        ("Condition", r#""onsetAge":{"value":5},"recordedDate":"2010""#),
        ("Procedure", r#""performedDateTime":"2010""#),
        ("Immunization", r#""occurrenceString":"long ago","recorded":"2010""#),
        ("MedicationRequest", r#""authoredOn":"2010""#),
        ("DocumentReference", r#""date":"2010","context":{"period":{"start":"2000"}}"#),
        ("DocumentReference", r#""context":{"period":{"start":"2010","end":"2010"}}"#),
        ("Specimen", r#""collection":{"collectedDateTime":"2010"},"receivedTime":"2011""#),
        ("Goal", r#""startDate":"2010""#),
        ("Claim", r#""created":"2011","billablePeriod":{"start":"2010","end":"2010"}"#),
        ("Appointment", r#""start":"2010","end":"2010","created":"2009""#),
        ("Appointment", r#""requestedPeriod":[{"start":"2010","end":"2010-03"},{"start":"2010-06","end":"2010"}]"#),
        ("ImagingStudy", r#""started":"2010""#),
        ("QuestionnaireResponse", r#""authored":"2010""#),
        ("Composition", r#""date":"2010""#),
        ("Task", r#""lastModified":"2011","executionPeriod":{},"authoredOn":"2010""#),
        ("AuditEvent", r#""recorded":"2010""#),
    ];
    for (resource_type, elements) in cases {
        assert_eq!(time_of(resource_type, elements), year("2010"), "{resource_type} {elements}");
    }
}

#[test]
fn phr_55_a_period_without_a_side_is_open_and_a_reversed_one_covers_both() {
    let encounter = |period: &str| time_of("Encounter", &format!(r#""period":{period}"#));
    let year = bounds_of("2010", 0).unwrap();
    assert_eq!(encounter(r#"{"start":"2010"}"#), Some(Interval { end_us: Interval::OPEN_END_US, ..year }));
    assert_eq!(encounter(r#"{"end":"2010"}"#), Some(Interval { start_us: Interval::OPEN_START_US, ..year }));
    assert_eq!(encounter(r#"{"start":"2010-12","end":"2010-01"}"#), Some(year));
    for none in ["{}", r#"{"start":"soon"}"#, "null", "5", "[]"] {
        assert_eq!(encounter(none), None, "{none}");
    }
}

#[test]
fn phr_55_what_is_undated_has_no_time() {
    for resource_type in ["Patient", "Practitioner", "Organization", "Location", "Medication", "ValueSet"] {
        let elements =
            r#""birthDate":"1980","date":"2010","recorded":"2010","meta":{"lastUpdated":"2010-01-01T00:00:00Z"}"#;
        assert_eq!(time_of(resource_type, elements), None, "{resource_type}");
    }
    assert_eq!(time_of("Observation", r#""meta":{"lastUpdated":"2010-01-01T00:00:00Z"}"#), None);
    assert_eq!(time_of("Observation", r#""issued":1285920000000"#), None);
}

#[test]
fn phr_55_a_date_without_a_zone_may_be_read_in_the_patients() {
    let observation = resource(r#"{"resourceType":"Observation","effectiveDateTime":"2010-06-01"}"#);
    assert_eq!(observation.clinical_interval_in(-300), bounds_of("2010-06-01", -300));
    assert_eq!(observation.clinical_interval(), bounds_of("2010-06-01", 0));
}

#[test]
fn version_and_time_go_out_of_the_text_and_back_in() {
    let cases = [
        (r#"{"resourceType":"List"}"#, r#"{"resourceType":"List"}"#, r#"{"resourceType":"List",META}"#),
        (
            r#"{"resourceType":"List","id":"1","meta":{"versionId":"1"},"status":"x"}"#,
            r#"{"resourceType":"List","id":"1","status":"x"}"#,
            r#"{"resourceType":"List","id":"1",META,"status":"x"}"#,
        ),
        (
            r#"{"id":"1","meta":{"lastUpdated":"x","tag":[],"versionId":"1"},"resourceType":"List"}"#,
            r#"{"id":"1","meta":{"tag":[]},"resourceType":"List"}"#,
            r#"{"id":"1",META-"tag":[]},"resourceType":"List"}"#,
        ),
        (
            r#"{"meta":{"versionId":"1","versionId":"2"},"resourceType":"List","meta":{"a":1,"versionId":"3"}}"#,
            r#"{"resourceType":"List","meta":{"a":1}}"#,
            r#"{"resourceType":"List",META-"a":1}}"#,
        ),
        (r#"{"meta":{},"resourceType":"List"}"#, r#"{"resourceType":"List"}"#, r#"{"resourceType":"List",META}"#),
        (
            r#"{"meta":"odd","resourceType":"List"}"#,
            r#"{"meta":"odd","resourceType":"List"}"#,
            r#"{"meta":"odd","resourceType":"List"}"#,
        ),
    ];
    let values = r#""versionId":"7","lastUpdated":"1970-01-01T00:00:00.000Z""#;
    for (given, stored, served) in cases {
        let given = resource(given);
        let mut edits = Edits::new();
        given.remove_version_meta(&mut edits);
        let text = edits.apply(given.text());
        assert_eq!(text, stored);
        let point = SplicePoint::of(&resource(&text));
        let point = SplicePoint::from_i64(point.to_i64()).unwrap();
        let served = served
            .replace("META-", &format!("\"meta\":{{{values},"))
            .replace("META", &format!("\"meta\":{{{values}}}"));
        assert_eq!(point.splice(&text, "7", 0).unwrap(), served);
        assert_eq!(resource(&served).text(), served);
    }
    assert_eq!(SplicePoint::from_i64(-1), None);
    assert_eq!(SplicePoint::from_i64(3), None);
    assert_eq!(SplicePoint::from_i64(i64::MAX), None);
    assert_eq!(SplicePoint::from_i64(400).unwrap().splice("{}", "1", 0), None);
}

#[test]
fn a_resource_within_another_is_copied_whole() {
    let bundle = resource(
        r#"{"resourceType":"Bundle","entry":[{"resource":{"resourceType":"List","a":1,"a":[2,{"b":"\n"}]},"x":1}]}"#,
    );
    let inner = bundle.root().at(&["entry"]).unwrap().items().next().unwrap().get("resource").unwrap();
    let copy = Resource::of_element(inner).unwrap();
    assert_eq!(copy.text(), inner.raw());
    let parsed = resource(copy.text());
    assert_eq!(copy.json().duplicate_keys(), parsed.json().duplicate_keys());
    let values = |r: &Resource| -> Vec<_> { r.root().descend().map(|e| (e.kind(), e.span())).collect() };
    assert_eq!(values(&copy), values(&parsed));
    assert!(matches!(Resource::of_element(bundle.root().get("entry").unwrap()), Err(ResourceFault::NotAnObject)));
}

#[test]
fn places_have_expressions() {
    let patient = resource(r#"{"resourceType":"Patient","name":[{"given":["A","B"]}],"a b":[[1]],"_birthDate":{}}"#);
    let root = patient.root();
    let all: Vec<_> = root.descend().map(|element| expression_at(root, &element.span())).collect();
    let expected = [
        "Patient",
        "Patient.resourceType",
        "Patient.name",
        "Patient.name[0]",
        "Patient.name[0].given",
        "Patient.name[0].given[0]",
        "Patient.name[0].given[1]",
        "Patient.?",
        "Patient.?[0]",
        "Patient.?[0][0]",
        "Patient._birthDate",
    ];
    assert_eq!(all, expected);
    assert_eq!(expression_at(root, &(0..0)), "Patient");
    assert_eq!(expression_at(root.get("name").unwrap(), &(9999..10000)), "Resource");
}
