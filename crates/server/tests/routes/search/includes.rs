//! `_include` and `_revinclude`: what comes along, once, and never more than may be read (REST-43).

use super::{found, observation, sorted};
use crate::house::{House, PATIENT};

struct Ward {
    patient: String,
    organization: String,
    practitioner: String,
    observation: String,
    report: String,
}

async fn ward(house: &House) -> Ward {
    let patient = house.make(PATIENT).await;
    let organization = house.make(r#"{"resourceType":"Organization","name":"Ward 4"}"#).await;
    let practitioner = house.make(r#"{"resourceType":"Practitioner","active":true}"#).await;
    let text = observation("8867-4", &patient);
    let performed = text.replacen(
        '{',
        &format!(r#"{{"performer":[{{"reference":"{practitioner}"}},{{"reference":"{organization}"}}],"#),
        1,
    );
    let observed = house.make(&performed).await;
    let report = format!(
        r#"{{"resourceType":"DiagnosticReport","status":"final","code":{{"text":"r"}},"result":[{{"reference":"{observed}"}}]}}"#
    );
    let report = house.make(&report).await;
    Ward { patient, organization, practitioner, observation: observed, report }
}

#[tokio::test]
async fn rest_43_includes_come_along_once_and_are_no_matches() {
    let house = House::new();
    let ward = ward(&house).await;
    let Ward { patient, organization, practitioner, observation, report } = &ward;
    for (query, expect) in [
        ("_include=Observation:subject", vec![patient]),
        ("_include=Observation:performer", vec![organization, practitioner]),
        ("_include=Observation:performer:Practitioner", vec![practitioner]),
        ("_include=Observation:subject&_include=Observation:patient", vec![patient]),
        ("_include=*", vec![organization, patient, practitioner]),
        ("_include=Observation:*", vec![organization, patient, practitioner]),
        ("_include=DiagnosticReport:result", vec![]),
        ("_revinclude=DiagnosticReport:result", vec![report]),
        ("_revinclude=*", vec![report]),
        ("_revinclude=Provenance:target", vec![]),
        ("_include=Observation:subject&_revinclude=DiagnosticReport:result", vec![report, patient]),
    ] {
        let page = house.find(&format!("Observation?{query}&_total=accurate")).await;
        assert_eq!((page.matches(), page.total()), (vec![observation.clone()], Some(1)), "{query}");
        assert_eq!(sorted(page.names("include")), sorted(expect.into_iter().cloned().collect()), "{query}");
        assert!(page.issues().is_empty());
    }
    // What is a match already does not come along.
    let both = house.find("?_type=Observation,Patient&_include=Observation:subject").await;
    assert_eq!((both.matches().len(), both.names("include").len()), (2, 0));
}

#[tokio::test]
async fn rest_43_what_iterates_is_looked_at_again() {
    let house = House::new();
    let ward = ward(&house).await;
    let plain = house.find("DiagnosticReport?_include=DiagnosticReport:result&_include=Observation:subject").await;
    assert_eq!(plain.names("include"), std::slice::from_ref(&ward.observation));
    let again =
        house.find("DiagnosticReport?_include=DiagnosticReport:result&_include:iterate=Observation:subject").await;
    assert_eq!(sorted(again.names("include")), sorted(vec![ward.observation.clone(), ward.patient.clone()]));
    let back = house.find("Patient?_revinclude=Observation:subject&_revinclude:iterate=DiagnosticReport:result").await;
    assert_eq!(sorted(back.names("include")), sorted(vec![ward.observation, ward.report]));
}

#[tokio::test]
async fn rest_43_a_circle_of_references_ends() {
    let house = House::new();
    let first = house.make(r#"{"resourceType":"Organization","name":"a"}"#).await;
    let second = house
        .make(&format!(r#"{{"resourceType":"Organization","name":"b","partOf":{{"reference":"{first}"}}}}"#))
        .await;
    let id = first.split_once('/').unwrap().1;
    let text =
        format!(r#"{{"resourceType":"Organization","id":"{id}","name":"a","partOf":{{"reference":"{second}"}}}}"#);
    house.put(&format!("PUT /fhir/{first}"), &house.first, &text).await;
    let page = house.find(&format!("Organization?_id={id}&_include:iterate=Organization:partof")).await;
    assert_eq!((page.matches(), page.names("include")), (vec![first], vec![second]));
}

#[tokio::test]
async fn rest_43_an_include_never_widens_what_may_be_read() {
    let house = House::new();
    ward(&house).await;
    let narrow = house.token("patient/Observation.rs patient/Practitioner.r");
    let line = "GET /fhir/Observation?_include=*&_revinclude=DiagnosticReport:result";
    let page = found(&house.get(line, &narrow).await);
    assert_eq!(page.names("include").len(), 1);
    assert!(page.names("include")[0].starts_with("Practitioner/"));
    // Searching is not reading: what comes along asks for the letter r.
    let searcher = house.token("patient/Observation.s");
    assert!(found(&house.get(line, &searcher).await).names("include").is_empty());
}

#[tokio::test]
async fn rest_43_parts_of_matches_are_cut_and_what_comes_along_for_elements_is_whole() {
    let house = House::new();
    ward(&house).await;
    let page = house.find("Observation?_elements=code&_include=Observation:subject").await;
    let resource = |mode: &str| {
        let entries = page.0["entry"].as_array().unwrap();
        entries.iter().find(|entry| entry["search"]["mode"] == mode).unwrap()["resource"].clone()
    };
    assert_eq!(resource("match")["meta"]["tag"][0]["code"], "SUBSETTED");
    assert!(resource("match").get("subject").is_none());
    assert!(resource("include")["meta"].get("tag").is_none());
    house.get("GET /fhir/Observation?_summary=text&_include=*", &house.first).await.refused(400, "not-supported");
}
