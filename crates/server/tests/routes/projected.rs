//! What is computed of commits, imports and the access log, as resources.

use mecum_fhir::json::Limits;
use mecum_fhir::outcome::Severity;
use mecum_fhir::resource::Resource;
use mecum_fhir::validate::validate;
use serde_json::Value;

use crate::exchange::{LINES, filled};
use crate::house::{Answer, House};

fn valid(answer: &Answer) -> Value {
    assert_eq!(answer.status, 200, "{}", answer.text());
    let resource = Resource::parse(&answer.body, &Limits::default()).unwrap();
    let errors: Vec<String> = validate(resource.json())
        .into_iter()
        .filter(|issue| issue.severity == Severity::Error)
        .map(|issue| format!("{}: {}", issue.expression, issue.message))
        .collect();
    assert!(errors.is_empty(), "{errors:?}: {}", answer.text());
    answer.json()
}

/// The resources of every page of a list.
async fn listed(house: &House, name: &str, token: &str) -> Vec<Value> {
    let mut resources = Vec::new();
    let mut line = format!("GET /fhir/{name}?_count=2");
    loop {
        let page = valid(&house.get(&line, token).await);
        resources.extend(page["entry"].as_array().into_iter().flatten().map(|entry| entry["resource"].clone()));
        let next = page["link"].as_array().unwrap().iter().find(|link| link["relation"] == "next");
        let Some(next) = next else { return resources };
        line = format!("GET {}", next["url"].as_str().unwrap().strip_prefix("http://test").unwrap());
    }
}

fn targets(provenance: &Value) -> Vec<&str> {
    provenance["target"].as_array().unwrap().iter().map(|target| target["reference"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn prv_1_each_commit_has_a_provenance_that_names_its_versions_its_source_and_its_original() {
    let house = filled().await;
    let id = house.patient().await;
    let all = listed(&house, "Provenance", &house.first).await;
    assert_eq!(all.len(), 2);
    assert_eq!(targets(&all[0]), [format!("Patient/{id}/_history/1")]);
    assert_eq!(all[0]["activity"]["coding"][0]["code"], "CREATE");
    assert_eq!((targets(&all[1]).len(), &all[1]["activity"]["coding"][0]["code"]), (2, &"receive".into()));
    let original = all[1]["entity"][0]["what"]["reference"].as_str().unwrap();
    let content = house.get(&format!("GET /fhir/{original}"), &house.first).await;
    assert_eq!((content.text(), content.header("content-type")), (LINES.to_owned(), "application/x-ndjson"));
    for provenance in &all {
        let id = provenance["id"].as_str().unwrap();
        for address in [format!("Provenance/{id}"), format!("Provenance/{id}/_history/1")] {
            let one = house.get(&format!("GET /fhir/{address}"), &house.first).await;
            assert_eq!(valid(&one), *provenance);
        }
    }
}

#[tokio::test]
async fn whoever_may_not_see_a_version_may_not_see_its_provenance() {
    let house = filled().await;
    let all = listed(&house, "Provenance", &house.first).await;
    let id = all[0]["id"].as_str().unwrap();
    let some = house.token("patient/Provenance.rs patient/Observation.rs");
    let seen = valid(&house.get(&format!("GET /fhir/Provenance/{id}"), &some).await);
    assert_eq!(targets(&seen).len(), 1);
    assert!(targets(&seen)[0].starts_with("Observation/") && seen.get("entity").is_none(), "{seen}");
    let none = house.token("patient/Provenance.rs patient/Condition.rs");
    for (token, status, code) in [
        (none.as_str(), 404, "not-found"),
        (house.second.as_str(), 404, "not-found"),
        (&house.token("patient/Observation.rs"), 403, "forbidden"),
    ] {
        house.get(&format!("GET /fhir/Provenance/{id}"), token).await.refused(status, code);
    }
    assert!(listed(&house, "Provenance", &none).await.is_empty());
    let other = house.get("GET /fhir/Provenance/mecum-commit-1-99-1", &house.second).await.text();
    let theirs = house.get(&format!("GET /fhir/Provenance/{id}"), &house.second).await.text();
    assert_eq!(theirs.replace(id, "ID"), other.replace("mecum-commit-1-99-1", "ID"));
}

#[tokio::test]
async fn imp_1_the_original_is_described_with_its_hashes_to_whoever_sees_everything() {
    let house = filled().await;
    let reference = valid(&house.get("GET /fhir/DocumentReference/mecum-original-1-1-1", &house.first).await);
    let attachment = &reference["content"][0]["attachment"];
    assert_eq!((&attachment["url"], &attachment["size"]), (&"Binary/mecum-original-1-1-1".into(), &LINES.len().into()));
    assert_eq!(attachment["extension"][0]["valueString"].as_str().unwrap().len(), 64);
    assert!(attachment["hash"].is_string() && reference["subject"]["reference"].is_string());
    let binary = house.get("GET /fhir/Binary/mecum-original-1-1-1?_format=json", &house.first).await;
    assert_eq!(valid(&binary)["contentType"], "application/x-ndjson");
    let some = house.token("patient/DocumentReference.rs patient/Binary.rs patient/Observation.rs");
    for name in ["DocumentReference", "Binary"] {
        house.get(&format!("GET /fhir/{name}/mecum-original-1-1-1"), &some).await.refused(404, "not-found");
        house.get(&format!("GET /fhir/{name}/mecum-original-1-1-1"), &house.second).await.refused(404, "not-found");
        for missing in ["mecum-original-1-1-2", "mecum-original-1-2-1", "mecum-original-01-1-1"] {
            house.get(&format!("GET /fhir/{name}/{missing}"), &house.first).await.refused(404, "not-found");
        }
    }
}

#[tokio::test]
async fn aud_1_each_request_and_each_refusal_is_an_audit_event() {
    let house = filled().await;
    let id = house.patient().await;
    house.get(&format!("GET /fhir/Patient/{id}"), &house.first).await;
    house.get(&format!("DELETE /fhir/Patient/{id}"), &house.first).await;
    house.get(&format!("GET /fhir/Patient/{id}"), &house.token("patient/Observation.rs")).await;
    let events = listed(&house, "AuditEvent", &house.first).await;
    let is = |event: &Value, code: &str| event["subtype"][0]["code"] == code;
    let about = |event: &Value| event["entity"].to_string().contains(&format!("Patient/{id}"));
    for (code, action) in [("create", "C"), ("read", "R"), ("delete", "D")] {
        assert!(events.iter().any(|event| is(event, code) && event["action"] == action && about(event)), "{code}");
    }
    assert!(events.iter().any(|event| is(event, "disclose")) && events.iter().any(|event| event["outcome"] == "4"));
    let read = events.iter().find(|event| is(event, "read") && about(event)).unwrap();
    assert_eq!(read["agent"][0]["who"]["display"], "app tester");
    assert!(read["agent"][0]["policy"][0].as_str().unwrap().starts_with("urn:mecum:token:"));
    let read_id = read["id"].as_str().unwrap();
    let one = house.get(&format!("GET /fhir/AuditEvent/{read_id}"), &house.first).await;
    assert_eq!(valid(&one), *read);
    // Whoever does not see everything is told who and when, and not what.
    let some =
        valid(&house.get(&format!("GET /fhir/AuditEvent/{read_id}"), &house.token("patient/AuditEvent.rs")).await);
    assert!(!about(&some) && some.get("outcomeDesc").is_none(), "{some}");
    house.get(&format!("GET /fhir/AuditEvent/{read_id}"), &house.second).await.refused(404, "not-found");
    house
        .get(&format!("GET /fhir/AuditEvent/{read_id}"), &house.token("patient/Patient.rs"))
        .await
        .refused(403, "forbidden");
    house.get("GET /fhir/AuditEvent", &house.system()).await.refused(422, "required");
    // What is computed is listed and not searched: a search says so, that it is not taken for all there is.
    let searched = house.get("GET /fhir/AuditEvent?date=2020", &house.first).await.json();
    let told = &searched["entry"][0];
    assert_eq!(
        (&told["search"]["mode"], &told["resource"]["issue"][0]["code"]),
        (&"outcome".into(), &"incomplete".into())
    );
}

#[tokio::test]
async fn aud_6_audit_events_are_added_and_never_changed() {
    let house = filled().await;
    let sent = r#"{"resourceType":"AuditEvent","type":{"code":"rest"},"recorded":"2026-01-01T00:00:00Z","agent":[{"requestor":true}],"source":{"observer":{"display":"x"}}}"#;
    let made = house.put("POST /fhir/AuditEvent", &house.first, sent).await;
    assert_eq!(made.status, 201, "{}", made.text());
    let id = made.json()["id"].as_str().unwrap().to_owned();
    for line in [format!("PUT /fhir/AuditEvent/{id}"), format!("DELETE /fhir/AuditEvent/{id}")] {
        let answer = house.put(&line, &house.first, sent).await;
        answer.refused(405, "not-supported");
        assert_eq!(answer.header("allow"), "GET,HEAD");
    }
    assert_eq!(house.get(&format!("GET /fhir/AuditEvent/{id}"), &house.first).await.status, 200);
    assert_eq!(
        house.get("GET /fhir/AuditEvent/_history", &house.first).await.json()["entry"].as_array().unwrap().len(),
        1
    );
}

#[tokio::test]
async fn nobody_else_gives_a_resource_an_id_of_a_projection() {
    let house = House::new();
    let bundle = r#"{"resourceType":"Bundle","type":"transaction","entry":[{"resource":{"resourceType":"Organization","id":"mecum-x","name":"x"},"request":{"method":"PUT","url":"Organization/mecum-x"}}]}"#;
    house.put("POST /fhir", &house.system(), bundle).await.refused(422, "business-rule");
    let one = r#"{"resourceType":"Organization","id":"mecum-x","name":"x"}"#;
    house.put("PUT /fhir/Organization/mecum-x", &house.system(), one).await.refused(422, "business-rule");
}
