//! Rules over several elements (REST-65), each broken once.

use crate::{check, errors, observation, patient};

#[test]
fn observations() {
    check(&observation(r#""valueInteger":1,"dataAbsentReason":{"text":"a"}"#), &["obs-6 Observation"]);
    check(
        &observation(
            r#""_valueString":{"extension":[{"url":"http://a.b","valueCode":"c"}]},"dataAbsentReason":{"text":"a"}"#,
        ),
        &["obs-6 Observation"],
    );
    check(&observation(r#""referenceRange":[{"type":{"text":"a"}}]"#), &["obs-3 Observation.referenceRange[0]"]);
    let coding = r#"{"coding":[{"system":"http://a.b","code":"c"}]}"#;
    let panel = |value: &str| {
        format!(
            r#"{{"resourceType":"Observation","status":"final","code":{coding},
            "component":[{{"code":{coding}}}]{value}}}"#
        )
    };
    check(&panel(""), &[]);
    check(&panel(r#","valueInteger":1"#), &["obs-7 Observation"]);
    check(&observation(r#""valueInteger":1,"component":[{"code":{"text":"x"}}]"#), &[]);
}

#[test]
fn periods_do_not_end_before_they_start() {
    let name = |start: &str, end: &str| {
        patient(&format!(r#""name":[{{"text":"a","period":{{"start":"{start}","end":"{end}"}}}}]"#))
    };
    for (start, end) in [
        ("2020", "2020"),
        ("2020-03", "2020"),
        ("2020-12-31", "2020"),
        ("2020-01-01T10:00:00+02:00", "2020-01-01T09:00:00Z"),
        ("2020-01-02T05:00:00Z", "2020-01-01"),
    ] {
        check(&name(start, end), &[]);
    }
    for (start, end) in [
        ("2020", "2019"),
        ("2020-03", "2020-02"),
        ("2020-03", "2019"),
        ("2020-01-01T10:00:00Z", "2020-01-01T11:00:00+02:00"),
        ("2020-01-03T00:00:00Z", "2020-01-01"),
    ] {
        check(&name(start, end), &["per-1 Patient.name[0].period"]);
    }
}

#[test]
fn quantities_ranges_and_ratios() {
    let value = |json: &str| observation(&format!(r#""value{json}"#));
    check(&value(r#"Quantity":{"value":1,"code":"mg"}"#), &["qty-3 Observation.valueQuantity"]);
    check(&value(r#"Range":{"low":{"value":10},"high":{"value":9.9}}"#), &["rng-2 Observation.valueRange"]);
    check(&value(r#"Range":{"low":{"value":5,"unit":"mg"},"high":{"value":4,"unit":"g"}}"#), &[]);
    check(&value(r#"Range":{"low":{"value":5,"comparator":"<"}}"#), &["sqty-1 Observation.valueRange.low"]);
    check(&value(r#"Ratio":{"numerator":{"value":1}}"#), &["rat-1 Observation.valueRatio"]);
    check(
        &value(r#"Ratio":{"id":"a","denominator":{"value":1}}"#),
        &["rat-1 Observation.valueRatio", "rat-1 Observation.valueRatio"],
    );
    let onset = |age: &str| format!(r#"{{"resourceType":"Condition","subject":{{"display":"a"}},"onsetAge":{age}}}"#);
    check(&onset(r#"{"value":1,"system":"http://unitsofmeasure.org","code":"a"}"#), &[]);
    check(&onset(r#"{"value":1,"unit":"years"}"#), &["age-1 Condition.onsetAge"]);
    check(&onset(r#"{"value":-1,"system":"http://unitsofmeasure.org","code":"a"}"#), &["age-1 Condition.onsetAge"]);
    check(&onset(r#"{"value":1,"system":"http://a.b","code":"a"}"#), &["age-1 Condition.onsetAge"]);
}

#[test]
fn people_and_organizations() {
    check(&patient(r#""contact":[{"gender":"male"}]"#), &["pat-1 Patient.contact[0]"]);
    check(&patient(r#""telecom":[{"value":"1"}]"#), &["cpt-2 Patient.telecom[0]"]);
    check(&patient(r#""photo":[{"data":"YWJj"}]"#), &["att-1 Patient.photo[0]"]);
    check(&patient(r#""identifier":[{"system":"mrn","value":"1"}]"#), &["invariant Patient.identifier[0]"]);
    check(
        &patient(r#""identifier":[{"system":"urn:ietf:rfc:3986","value":"1.2"}]"#),
        &["invariant Patient.identifier[0]"],
    );
    check(r#"{"resourceType":"Organization","active":true}"#, &["org-1 Organization"]);
    check(r#"{"resourceType":"Organization","name":"a","telecom":[{"use":"home"}]}"#, &["org-3 Organization"]);
    check(r#"{"resourceType":"Organization","name":"a","address":[{"use":"home"}]}"#, &["org-2 Organization"]);
    check(
        r#"{"resourceType":"Group","type":"person","actual":false,"member":[{"entity":{"display":"a"}}]}"#,
        &["grp-1 Group"],
    );
}

#[test]
fn problems_and_allergies() {
    let coded = |name: &str, system: &str, code: &str| {
        format!(
            r#""{name}":{{"coding":[{{"system":"http://terminology.hl7.org/CodeSystem/{system}","code":"{code}"}}]}}"#
        )
    };
    let condition = |members: &str| format!(r#"{{"resourceType":"Condition","subject":{{"display":"a"}},{members}}}"#);
    let active = coded("clinicalStatus", "condition-clinical", "active");
    let in_error = coded("verificationStatus", "condition-ver-status", "entered-in-error");
    check(&condition(&format!(r#"{active},"abatementString":"a""#)), &["con-4 Condition"]);
    check(&condition(r#""abatementString":"a""#), &["con-4 Condition"]);
    check(&condition(&format!("{active},{in_error}")), &["con-5 Condition"]);
    check(&condition(r#""stage":[{"type":{"text":"a"}}]"#), &["con-1 Condition.stage[0]"]);
    let allergy =
        |members: &str| format!(r#"{{"resourceType":"AllergyIntolerance","patient":{{"display":"a"}}{members}}}"#);
    check(&allergy(""), &["ait-1 AllergyIntolerance"]);
    let in_error = coded("verificationStatus", "allergyintolerance-verification", "entered-in-error");
    check(&allergy(&format!(",{in_error}")), &[]);
    let status = coded("clinicalStatus", "allergyintolerance-clinical", "active");
    check(&allergy(&format!(",{in_error},{status}")), &["ait-2 AllergyIntolerance"]);
}

#[test]
fn timings() {
    let refused = |repeat: &str, expect: &str| {
        let order = format!(
            r#"{{"resourceType":"MedicationRequest","status":"active","intent":"order",
            "medicationCodeableConcept":{{"text":"a"}},
            "subject":{{"display":"a"}},"dosageInstruction":[{{"timing":{{"repeat":{{{repeat}}}}}}}]}}"#
        );
        check(&order, &[&format!("{expect} MedicationRequest.dosageInstruction[0].timing.repeat")]);
    };
    refused(r#""duration":1"#, "tim-1");
    refused(r#""period":1"#, "tim-2");
    refused(r#""duration":-1,"durationUnit":"h""#, "tim-4");
    refused(r#""period":-0.5,"periodUnit":"h""#, "tim-5");
    refused(r#""periodMax":1"#, "tim-6");
    refused(r#""durationMax":1"#, "tim-7");
    refused(r#""countMax":1"#, "tim-8");
    refused(r#""offset":1"#, "tim-9");
    refused(r#""offset":1,"when":["CM"]"#, "tim-9");
    refused(r#""timeOfDay":["10:00:00"],"when":["CM"]"#, "tim-10");
}

#[test]
fn appointments_lists_and_documents() {
    let appointment = |members: &str| {
        format!(
            r#"{{"resourceType":"Appointment","participant":[{{"actor":{{"display":"a"}},
            "status":"accepted"}}],{members}}}"#
        )
    };
    check(&appointment(r#""status":"booked""#), &["app-3 Appointment"]);
    check(&appointment(r#""status":"proposed","end":"2020-01-01T00:00:00Z""#), &["app-2 Appointment"]);
    check(&appointment(r#""status":"proposed","cancelationReason":{"text":"a"}"#), &["app-4 Appointment"]);
    check(&appointment(r#""status":"cancelled","cancelationReason":{"text":"a"}"#), &[]);
    let list = |entry: &str| {
        format!(
            r#"{{"resourceType":"List","status":"current","mode":"snapshot",
            "entry":[{{"item":{{"display":"a"}}{entry}}}]}}"#
        )
    };
    check(&list(r#","deleted":true"#), &["lst-2 List"]);
    check(&list(r#","date":"2020""#), &["lst-3 List"]);
    check(&list("").replace(r#""mode""#, r#""emptyReason":{"text":"a"},"mode""#), &["lst-1 List"]);
    let composition = r#"{"resourceType":"Composition","status":"final","type":{"text":"a"},"date":"2020",
            "author":[{"display":"a"}],
        "title":"a","section":[{"title":"b"}]}"#;
    check(composition, &["cmp-1 Composition.section[0]"]);
}

#[test]
fn forms_and_definitions() {
    let form = |items: &str| format!(r#"{{"resourceType":"Questionnaire","status":"draft","item":[{items}]}}"#);
    check(&form(r#"{"linkId":"1","type":"group"}"#), &["que-1 Questionnaire.item[0]"]);
    check(&form(r#"{"linkId":"1","type":"display","required":true}"#), &["que-6 Questionnaire.item[0]"]);
    check(&form(r#"{"linkId":"1","type":"date","maxLength":1}"#), &["que-10 Questionnaire.item[0]"]);
    check(&form(r#"{"linkId":"1","type":"date"},{"linkId":"1","type":"date"}"#), &["que-2 Questionnaire"]);
    let answers = r#"{"resourceType":"QuestionnaireResponse","status":"completed","item":[{"linkId":"1",
            "answer":[{"valueString":"a"}],
        "item":[{"linkId":"2"}]}]}"#;
    check(answers, &["qrs-1 QuestionnaireResponse.item[0]"]);
    let codes = r#"{"resourceType":"CodeSystem","status":"draft","content":"complete","concept":[{"code":"a",
            "concept":[{"code":"a"}]}]}"#;
    check(codes, &["csd-1 CodeSystem"]);
    let set = r#"{"resourceType":"ValueSet","status":"draft","compose":{"include":[{"concept":[{"code":"a"}]}]}}"#;
    assert_eq!(errors(set), ["vsd-1 ValueSet.compose.include[0]", "vsd-2 ValueSet.compose.include[0]"]);
}
