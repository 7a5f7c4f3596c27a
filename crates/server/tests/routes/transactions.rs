//! transaction and batch.

use serde_json::{Value, json};

use crate::house::{Answer, House};

async fn post(house: &House, token: &str, kind: &str, entries: &[Value]) -> Answer {
    let bundle = json!({"resourceType": "Bundle", "type": kind, "entry": entries});
    house.put("POST /fhir", token, &bundle.to_string()).await
}

fn patient() -> Value {
    json!({"fullUrl": "urn:uuid:00000000-0000-4000-8000-000000000001",
        "resource": {"resourceType": "Patient", "identifier": [{"system": "urn:s", "value": "1"}]},
        "request": {"method": "POST", "url": "Patient"}})
}

fn observation(subject: &str) -> Value {
    json!({"resource": {"resourceType": "Observation", "status": "final", "code": {"text": "pulse"},
        "subject": {"reference": subject}}, "request": {"method": "POST", "url": "Observation"}})
}

const URN: &str = "urn:uuid:00000000-0000-4000-8000-000000000001";

#[tokio::test]
async fn rest_23_names_within_the_bundle_become_ids_whatever_the_order() {
    let house = House::new();
    for subject in [URN, "Patient?identifier=urn:s|1"] {
        let house = if subject == URN { &house } else { &House::new() };
        let answer = post(house, &house.first, "transaction", &[observation(subject), patient()]).await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        let response = answer.json();
        assert_eq!(response["type"], "transaction-response");
        assert_eq!(response["entry"][0]["response"]["status"], "201 Created");
        let id = response["entry"][1]["resource"]["id"].as_str().unwrap();
        assert_eq!(response["entry"][0]["resource"]["subject"]["reference"], format!("Patient/{id}"), "{subject}");
    }
}

#[tokio::test]
async fn rest_21_one_entry_that_fails_leaves_nothing_behind() {
    let house = House::new();
    let bad = json!({"resource": {"resourceType": "Patient", "gender": "x"}, "request": {"method": "POST", "url": "Patient"}});
    let answer = post(&house, &house.first, "transaction", &[patient(), bad.clone()]).await;
    assert_eq!(answer.status, 422);
    assert!(answer.text().contains("Bundle.entry[1]"), "{}", answer.text());
    let lost = observation("Patient?identifier=urn:s|nobody");
    assert_eq!(post(&house, &house.first, "transaction", &[patient(), lost]).await.status, 412);
    let missing = json!({"request": {"method": "GET", "url": "Patient/nobody"}});
    assert_eq!(post(&house, &house.first, "transaction", &[patient(), missing]).await.status, 404);
    assert_eq!(house.get("GET /fhir/_history", &house.first).await.json().get("entry"), None);
    // In a batch each is for itself (REST-25).
    let response = post(&house, &house.first, "batch", &[patient(), bad]).await.json();
    assert_eq!(response["entry"][0]["response"]["status"], "201 Created");
    assert_eq!(response["entry"][1]["response"]["status"], "422 Unprocessable Entity");
    assert_eq!(response["entry"][1]["response"]["outcome"]["resourceType"], "OperationOutcome");
}

#[tokio::test]
async fn rest_22_a_resource_that_two_entries_are_about_is_refused() {
    let house = House::new();
    let id = house.patient().await;
    let put = json!({"resource": {"resourceType": "Patient", "id": id}, "request": {"method": "PUT", "url": format!("Patient/{id}")}});
    let delete = json!({"request": {"method": "DELETE", "url": format!("Patient/{id}")}});
    assert_eq!(post(&house, &house.first, "transaction", &[put.clone(), delete.clone()]).await.status, 400);
    let stale = json!({"request": {"method": "DELETE", "url": format!("Patient/{id}"), "ifMatch": "W/\"7\""}});
    assert_eq!(post(&house, &house.first, "transaction", &[stale]).await.status, 412);
    // What is another's is not there.
    assert_eq!(post(&house, &house.second, "transaction", &[put]).await.status, 404);
    let gone = post(&house, &house.first, "transaction", &[delete]).await.json();
    assert_eq!(gone["entry"][0]["response"]["status"], "204 No Content");
}

#[tokio::test]
async fn rest_24_if_none_exist_makes_a_resource_once() {
    let house = House::new();
    let mut entry = patient();
    entry["request"]["ifNoneExist"] = "identifier=urn:s%7C1".into();
    for status in ["201 Created", "200 OK"] {
        let response = post(&house, &house.first, "transaction", &[entry.clone(), observation(URN)]).await.json();
        assert_eq!(response["entry"][0]["response"]["status"], status, "{response}");
        let id = response["entry"][0]["resource"]["id"].as_str().unwrap();
        assert_eq!(response["entry"][1]["resource"]["subject"]["reference"], format!("Patient/{id}"));
    }
    post(&house, &house.first, "transaction", &[patient()]).await;
    assert_eq!(post(&house, &house.first, "transaction", &[entry]).await.status, 412);
}

#[tokio::test]
async fn a_system_that_brings_a_patient_brings_the_record_and_may_go_on_with_it() {
    let house = House::new();
    let system = house.system();
    let doctor = json!({"resource": {"resourceType": "Practitioner", "active": true}, "request": {"method": "POST", "url": "Practitioner"}});
    let answer = post(&house, &system, "transaction", &[observation(URN), patient(), doctor]).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    let response = answer.json();
    let id = response["entry"][1]["resource"]["id"].as_str().unwrap();
    assert_eq!(house.get(&format!("GET /fhir/Patient/{id}"), &system).await.status, 200);
    house.get(&format!("GET /fhir/Patient/{id}"), &house.first).await.refused(404, "not-found");
    let more = post(&house, &system, "transaction", &[observation(&format!("Patient/{id}"))]).await;
    assert_eq!(more.status, 200, "{}", more.text());
    // Whose it is cannot be told: nothing is guessed.
    let nobodys = post(&house, &system, "transaction", &[observation("Patient/nobody")]).await;
    assert_eq!(nobodys.status, 422, "{}", nobodys.text());
}

#[tokio::test]
async fn rest_26_other_bundles_are_refused() {
    let house = House::new();
    assert_eq!(post(&house, &house.first, "collection", &[]).await.status, 400);
    assert_eq!(house.put("POST /fhir/", &house.first, crate::house::PATIENT).await.status, 400);
    let empty = post(&house, &house.first, "batch", &[]).await;
    assert_eq!(empty.json()["type"], "batch-response");
}

/// How many records there are, those on their way to their first commit included; the directory is one.
fn n_records(house: &House) -> usize {
    mecum_phr::record::list(&house.phr).unwrap().len()
}

#[tokio::test]
async fn a_systems_transaction_that_fails_opens_no_record_and_commits_nothing_anywhere() {
    let house = House::new();
    let system = house.system();
    let theirs = house.patient().await;
    let doctor = json!({"fullUrl": "urn:uuid:00000000-0000-4000-8000-0000000000d1",
        "resource": {"resourceType": "Practitioner", "identifier": [{"system": "urn:npi", "value": "7"}]},
        "request": {"method": "POST", "url": "Practitioner"}});
    // The last entry is about somebody whose record this client does not reach.
    let put = json!({"resource": {"resourceType": "Patient", "id": theirs},
        "request": {"method": "PUT", "url": format!("Patient/{theirs}")}});
    let n_before = n_records(&house);
    let answer = post(&house, &system, "transaction", &[doctor.clone(), patient(), observation(URN), put]).await;
    assert_eq!(answer.status, 404, "{}", answer.text());
    assert_eq!(n_records(&house), n_before);
    // Nothing of it is in the directory either: the doctor is made now, and found the next time.
    let mut once = doctor;
    once["request"]["ifNoneExist"] = "identifier=urn:npi|7".into();
    for status in ["201 Created", "200 OK"] {
        let answer = post(&house, &system, "transaction", &[once.clone()]).await.json();
        assert_eq!(answer["entry"][0]["response"]["status"], status);
    }
    let answer = post(&house, &system, "transaction", &[once, patient(), observation(URN)]).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    assert_eq!(n_records(&house), n_before + 1);
}

#[tokio::test]
async fn a_patient_that_must_not_exist_twice_gets_one_record() {
    let house = House::new();
    let system = house.system();
    let mut entry = patient();
    entry["request"]["ifNoneExist"] = "identifier=urn:s|1".into();
    let n_before = n_records(&house);
    for status in ["201 Created", "200 OK"] {
        let answer = post(&house, &system, "transaction", &[entry.clone(), observation(URN)]).await;
        assert_eq!(answer.json()["entry"][0]["response"]["status"], status, "{}", answer.text());
    }
    assert_eq!(n_records(&house), n_before + 1);
    // Without the condition a Patient is made, as was asked, and is somebody else.
    assert_eq!(post(&house, &system, "transaction", &[patient()]).await.status, 200);
    assert_eq!(n_records(&house), n_before + 2);
}
