//! The values that resources are indexed by, kind by kind (R4 search.html#ptypes).

use mecum_fhir::json::Limits;
use mecum_fhir::resource::Resource;
use mecum_fhir::search::extract;
use mecum_fhir::search::extract::{MAX_CODE, MAX_PER_PARAM, MAX_TEXT, MAX_VALUES};
use proptest::prelude::*;

use crate::show::line;

const BASE: &str = "https://phr.example/fhir";

fn lines(json: &str) -> Vec<String> {
    let resource = Resource::parse(json.as_bytes(), &Limits::default()).expect("a resource");
    extract(&resource, BASE, 0).iter().map(line).collect()
}

/// The lines of one parameter, whatever its group, without its name.
fn of(param: &str, json: &str) -> Vec<String> {
    let is_of = |line: &String| line.split([' ', '#']).next() == Some(param);
    lines(json).into_iter().filter(is_of).map(|line| line.split_once(' ').expect("a value").1.to_owned()).collect()
}

#[test]
fn rest_37_tokens_have_their_system_and_the_text_beside_them() {
    let condition = r#"{"resourceType":"Condition","code":{"coding":[{"system":"http://snomed.info/sct","code":"44054006",
        "display":"Diabetes mellitus type 2"},{"code":"local"}],"text":"Sugar"},"identifier":[{"system":"urn:x","value":"1",
        "type":{"text":"Case number"}},{"value":"2"}],"subject":{"reference":"Patient/1"}}"#;
    assert_eq!(
        of("code", condition),
        ["http://snomed.info/sct|44054006", "|local", "\"Diabetes mellitus type 2\"", "\"Sugar\""].sorted()
    );
    assert_eq!(of("identifier", condition), ["urn:x|1", "|2", "\"Case number\""].sorted());
    let patient = r#"{"resourceType":"Patient","active":true,"gender":"female","telecom":[{"system":"phone","value":"555"},
        {"system":"email","value":"a@example.org"},{"system":"fax"}]}"#;
    assert_eq!(of("gender", patient), ["http://hl7.org/fhir/administrative-gender|female"]);
    assert_eq!(of("active", patient), ["|true"]);
    assert_eq!(of("phone", patient), ["phone|555"]);
    assert_eq!(of("telecom", patient), ["email|a@example.org", "phone|555"]);
    assert_eq!(of("gender", r#"{"resourceType":"Patient","gender":"x"}"#), ["|x"]);
}

trait Sorted {
    fn sorted(self) -> Vec<String>;
}

impl<const N: usize> Sorted for [&str; N] {
    /// As values sort: tokens before texts, each by system, then code.
    fn sorted(self) -> Vec<String> {
        let mut all: Vec<String> = self.map(String::from).into();
        all.sort_by_key(|text| (text.starts_with('"'), text.replace('|', "\0")));
        all
    }
}

#[test]
fn a_dead_patient_and_a_living_one_are_told_apart() {
    for (deceased, value) in [
        (r#","deceasedBoolean":true"#, "|true"),
        (r#","deceasedDateTime":"2020""#, "|true"),
        (r#","deceasedBoolean":false"#, "|false"),
        ("", "|false"),
    ] {
        assert_eq!(of("deceased", &format!(r#"{{"resourceType":"Patient"{deceased}}}"#)), [value], "{deceased}");
    }
}

#[test]
fn rest_36_names_and_addresses_are_found_by_each_part() {
    let patient = r#"{"resourceType":"Patient","name":[{"text":"Dr. Ann Lee","family":"Lee","given":["Ann","M."],
        "prefix":["Dr."]}],"address":[{"line":["1 Way","Flat 2"],"city":"Ghent","postalCode":"9000","country":"BE"}]}"#;
    assert_eq!(of("name", patient), ["\"Ann\"", "\"Dr.\"", "\"Dr. Ann Lee\"", "\"Lee\"", "\"M.\""]);
    assert_eq!(of("given", patient), ["\"Ann\"", "\"M.\""]);
    assert_eq!(of("phonetic", patient).len(), 5);
    assert_eq!(of("address", patient), ["\"1 Way\"", "\"9000\"", "\"BE\"", "\"Flat 2\"", "\"Ghent\""]);
    assert_eq!(of("address-city", patient), ["\"Ghent\""]);
}

#[test]
fn references_are_local_or_by_address_and_have_no_version() {
    for (reference, target) in [
        ("Patient/1", "Patient/1"),
        ("Patient/1/_history/3", "Patient/1"),
        ("https://phr.example/fhir/Patient/1", "Patient/1"),
        ("http://phr.example/fhir/Patient/1/_history/2", "Patient/1"),
        ("https://other.example/Patient/1/_history/2", "<https://other.example/Patient/1>"),
        ("urn:uuid:0c3151bd-1cbf-4d64-b04d-cd9187a4c6e0", "<urn:uuid:0c3151bd-1cbf-4d64-b04d-cd9187a4c6e0>"),
    ] {
        let json = format!(r#"{{"resourceType":"Observation","subject":{{"reference":"{reference}"}}}}"#);
        assert_eq!(of("subject", &json), [target]);
    }
    for nothing in ["", " ", "#", "#p1"] {
        let json = format!(r#"{{"resourceType":"Observation","subject":{{"reference":"{nothing}"}}}}"#);
        assert_eq!(of("subject", &json), Vec::<String>::new());
    }
    let logical = r#"{"resourceType":"Observation","subject":{"identifier":{"system":"urn:mrn","value":"7"}}}"#;
    assert_eq!(of("subject", logical), ["urn:mrn|7"]);
    let response = r#"{"resourceType":"QuestionnaireResponse","questionnaire":"http://example.org/q|1.2"}"#;
    assert_eq!(of("questionnaire", response), ["<http://example.org/q>"]);
    let message = r#"{"resourceType":"Bundle","type":"message","entry":[{"resource":{"resourceType":"MessageHeader","id":"m"}},
        {"resource":{"resourceType":"Patient","id":"p"}}]}"#;
    assert_eq!(of("message", message), ["MessageHeader/m"]);
}

#[test]
fn whether_a_reference_leads_to_a_patient_is_told_by_its_text_or_its_type() {
    for (reference, is_patient) in [
        (r#"{"reference":"Patient/1"}"#, true),
        (r#"{"reference":"https://other.example/Patient/1"}"#, true),
        (r#"{"reference":"urn:uuid:0c3151bd-1cbf-4d64-b04d-cd9187a4c6e0","type":"Patient"}"#, true),
        (r#"{"type":"http://hl7.org/fhir/StructureDefinition/Patient","identifier":{"value":"1"}}"#, true),
        (r##"{"reference":"#pat","identifier":{"value":"1"}}"##, true),
        (r##"{"reference":"#group","identifier":{"value":"1"}}"##, false),
        (r##"{"reference":"#none","identifier":{"value":"1"}}"##, false),
        (r#"{"reference":"Group/1"}"#, false),
        (r#"{"reference":"Group/1","type":"Patient"}"#, false),
        (r#"{"reference":"urn:uuid:0c3151bd-1cbf-4d64-b04d-cd9187a4c6e0"}"#, false),
    ] {
        let json = format!(
            r#"{{"resourceType":"Condition","contained":[{{"resourceType":"Patient","id":"pat"}},
            {{"resourceType":"Group","id":"group"}}],"subject":{reference}}}"#
        );
        assert_eq!(!of("patient", &json).is_empty(), is_patient, "{reference}");
    }
}

#[test]
fn rest_38_dates_are_stretches_with_open_ends() {
    let observation = |effective: &str| format!(r#"{{"resourceType":"Observation",{effective}}}"#);
    for (effective, stretch) in [
        (r#""effectiveDateTime":"2020-05""#, "2020-05-01 until 2020-06-01"),
        (r#""effectiveDateTime":"2020-05-04T10:00:00+02:00""#, "2020-05-04T08:00Z until 2020-05-04T08:00:01Z"),
        (r#""effectivePeriod":{"start":"2020"}"#, "2020-01-01 until *"),
        (r#""effectivePeriod":{"end":"2020"}"#, "* until 2021-01-01"),
        (r#""effectiveTiming":{"event":["2020-01-01","2020-03-01"]}"#, "2020-01-01 until 2020-03-02"),
        (
            r#""effectiveTiming":{"repeat":{"boundsPeriod":{"start":"2020-01-01","end":"2020-02-01"}}}"#,
            "2020-01-01 until 2020-02-02",
        ),
    ] {
        assert_eq!(of("date", &observation(effective)), [stretch]);
    }
    for nothing in [r#""effectiveDateTime":"May""#, r#""effectivePeriod":{}"#, r#""effectiveDateTime":2020"#] {
        assert_eq!(of("date", &observation(nothing)), Vec::<String>::new());
    }
    let local = Resource::parse(observation(r#""effectiveDateTime":"2020-05-04""#).as_bytes(), &Limits::default());
    let values = extract(&local.expect("a resource"), BASE, 120);
    assert_eq!(line(&values[0]), "date 2020-05-03T22:00Z until 2020-05-04T22:00Z");
}

#[test]
fn rest_39_quantities_have_their_unit_and_the_common_one() {
    let observation = |value: &str| of("value-quantity", &format!(r#"{{"resourceType":"Observation",{value}}}"#));
    let ucum = r#""system":"http://unitsofmeasure.org""#;
    assert_eq!(
        observation(&format!(r#""valueQuantity":{{"value":6.30,"unit":"mmol/l",{ucum},"code":"mmol/L"}}"#)),
        ["6.3|http://unitsofmeasure.org|mmol/L = 37939486788e14 m-3{mol}"]
    );
    assert_eq!(observation(r#""valueQuantity":{"value":2,"unit":"tablets"}"#), ["2||tablets"]);
    assert_eq!(observation(r#""valueQuantity":{"value":1e2}"#), ["100||"]);
    assert_eq!(observation(r#""valueQuantity":{"unit":"mg"}"#), Vec::<String>::new());
    assert_eq!(observation(r#""valueQuantity":{"value":"5"}"#), Vec::<String>::new());
    let invoice = r#"{"resourceType":"Invoice","totalGross":{"value":12.50,"currency":"EUR"}}"#;
    assert_eq!(of("totalgross", invoice), ["12.5|urn:iso:std:iso:4217|EUR"]);
    let onset =
        r#"{"resourceType":"Condition","onsetRange":{"low":{"value":40,"unit":"a"},"high":{"value":50,"unit":"a"}}}"#;
    assert_eq!(of("onset-age", onset), ["40||a", "50||a"]);
    let risk = r#"{"resourceType":"RiskAssessment","prediction":[{"probabilityDecimal":0.02},{"probabilityRange":{"high":
        {"value":0.5}}}]}"#;
    assert_eq!(of("probability", risk), ["0.02", "0.5"]);
}

#[test]
fn what_every_resource_has_is_found_too() {
    let tagged = r#"{"resourceType":"Patient","id":"1","meta":{"lastUpdated":"2020-01-01T00:00:00Z","source":"urn:s","profile":
        ["http://example.org/p|2"],"tag":[{"system":"urn:t","code":"x"}],"security":[{"system":"urn:s","code":"R"}]}}"#;
    assert_eq!(
        lines(tagged),
        [
            "deceased |false",
            "_profile http://example.org/p",
            "_profile http://example.org/p|2",
            "_security urn:s|R",
            "_source urn:s",
            "_tag urn:t|x"
        ]
    );
}

#[test]
fn parts_of_composites_know_their_element() {
    let pressure = r#"{"resourceType":"Observation","code":{"coding":[{"code":"bp"}]},"valueQuantity":{"value":1},"component":[
        {"code":{"coding":[{"code":"sys"}]},"valueQuantity":{"value":120}},
        {"code":{"coding":[{"code":"dia"}]},"valueCodeableConcept":{"coding":[{"code":"low"}]}}]}"#;
    let wanted =
        ["code", "combo-code", "component-code", "combo-value-quantity", "component-value-concept", "value-quantity"];
    let is_wanted = |line: &String| wanted.contains(&line.split([' ', '#']).next().unwrap());
    let found: Vec<String> = lines(pressure).into_iter().filter(is_wanted).collect();
    assert_eq!(
        found,
        [
            "code |bp",
            "combo-code |bp",
            "combo-code#1 |sys",
            "combo-code#2 |dia",
            "combo-value-quantity 1||",
            "combo-value-quantity#1 120||",
            "component-code#1 |sys",
            "component-code#2 |dia",
            "component-value-concept#2 |low",
            "value-quantity 1||",
        ]
    );
}

#[test]
fn what_a_composite_does_not_mean_is_in_no_group() {
    let concept = r#"{"resourceType":"Observation","valueCodeableConcept":{"text":"Negative"}}"#;
    assert!(lines(concept).contains(&"value-string#- \"Negative\"".to_owned()));
    let text = r#"{"resourceType":"Observation","valueString":"Negative"}"#;
    assert!(lines(text).contains(&"value-string \"Negative\"".to_owned()));
}

#[test]
fn a_part_of_the_whole_resource_holds_in_every_element_of_its_composite() {
    let sequence = r#"{"resourceType":"MolecularSequence","referenceSeq":{"chromosome":{"coding":[{"code":"7"}]},"windowStart":5},
        "variant":[{"start":1},{"start":2}]}"#;
    let found: Vec<String> = lines(sequence);
    for line in [
        "chromosome#1 |7",
        "chromosome#2 |7",
        "chromosome#3 |7",
        "window-start#1 5",
        "variant-start#2 1",
        "variant-start#3 2",
    ] {
        assert!(found.contains(&line.to_owned()), "{line} in {found:?}");
    }
}

#[test]
fn a_relationship_of_documents_is_found_although_the_standard_has_its_parts_swapped() {
    let document = r#"{"resourceType":"DocumentReference","relatesTo":[
        {"code":"replaces","target":{"reference":"DocumentReference/1"}},
        {"code":"appends","target":{"reference":"DocumentReference/2"}}]}"#;
    let relationship = "http://hl7.org/fhir/document-relationship-type";
    assert_eq!(
        lines(document),
        [
            "relatesto#1 DocumentReference/1".to_owned(),
            "relatesto#2 DocumentReference/2".to_owned(),
            format!("relation#1 {relationship}|replaces"),
            format!("relation#2 {relationship}|appends")
        ]
    );
}

#[test]
fn what_a_resource_can_have_indexed_is_bounded() {
    let members: String = (0..3000).map(|n| format!(r#"{{"entity":{{"reference":"Patient/{n}"}}}},"#)).collect();
    let group = format!(r#"{{"resourceType":"Group","member":[{}]}}"#, members.trim_end_matches(','));
    assert_eq!(of("member", &group).len(), MAX_PER_PARAM);
    let codings: String = (0..3000).map(|n| format!(r#"{{"code":"{n}","display":"Number {n}"}},"#)).collect();
    let concept = format!(r#"{{"coding":[{}]}}"#, codings.trim_end_matches(','));
    let many = format!(
        r#"{{"resourceType":"Observation","code":{concept},"category":[{concept}],"method":{concept},"dataAbsentReason":{concept},
        "valueCodeableConcept":{concept},"status":"final"}}"#
    );
    assert!(lines(&many).len() <= MAX_VALUES);
    assert_eq!(of("status", &many).len(), 1, "what has few values keeps them");
    let variants = r#"{"start":1},"#.repeat(100_000);
    let sequence = format!(
        r#"{{"resourceType":"MolecularSequence","referenceSeq":{{"chromosome":{concept}}},"variant":[{}]}}"#,
        variants.trim_end_matches(',')
    );
    assert_eq!(of("chromosome", &sequence).len(), MAX_PER_PARAM);
    let long = format!(r#"{{"resourceType":"Patient","name":[{{"family":"{}"}}]}}"#, "é".repeat(5000));
    assert_eq!(of("family", &long)[0].chars().count(), MAX_TEXT + 2);
    let code =
        format!(r#"{{"resourceType":"Condition","code":{{"coding":[{{"code":"{}"}}]}}}}"#, "x".repeat(MAX_CODE + 1));
    assert_eq!(of("code", &code), Vec::<String>::new());
}

/// JSON of any shape with the names that are looked for.
fn shape() -> impl Strategy<Value = String> {
    let names = prop::sample::select(vec![
        "code",
        "coding",
        "system",
        "value",
        "valueQuantity",
        "component",
        "subject",
        "reference",
        "name",
        "text",
        "status",
        "entry",
        "resource",
        "identifier",
        "contained",
        "meta",
        "tag",
        "effectivePeriod",
        "start",
        "low",
        "type",
        "url",
    ]);
    let leaf = prop::sample::select(vec![
        "null",
        "true",
        "1",
        "-1e9999999",
        "\"\"",
        "\"#\"",
        "\"Patient/1\"",
        "\"2020\"",
        "\"\\u0000\"",
    ]);
    leaf.prop_map(String::from).prop_recursive(6, 60, 6, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(|items| format!("[{}]", items.join(","))),
            prop::collection::vec((names.clone(), inner), 0..6).prop_map(|members| {
                let members: Vec<String> = members.iter().map(|(name, value)| format!("\"{name}\":{value}")).collect();
                format!("{{{}}}", members.join(","))
            }),
        ]
    })
}

proptest! {
    #[test]
    fn nothing_inside_a_resource_is_too_strange(inner in shape(), of in prop::sample::select(vec![
        "Observation", "Patient", "Bundle", "Condition", "Group", "MolecularSequence", "ValueSet",
    ])) {
        let json = format!(r#"{{"resourceType":"{of}","code":{inner},"subject":{inner},"component":{inner},"meta":{inner},
            "entry":{inner},"contained":{inner},"name":{inner},"variant":{inner},"effectivePeriod":{inner}}}"#);
        let resource = Resource::parse(json.as_bytes(), &Limits::default()).unwrap();
        let values = extract(&resource, BASE, 0);
        prop_assert!(values.is_sorted() && values.windows(2).all(|pair| pair[0] != pair[1]));
        mecum_fhir::search::words_of(&resource);
    }
}
