//! `$import` by a system: whoever is in the body gets a record, once.

use serde_json::Value;

use crate::house::{Answer, House};

const WARD: &str = concat!(
    r#"{"resourceType":"Patient","id":"1","identifier":[{"system":"urn:mrn","value":"m1"}],"name":[{"family":"One"}]}"#,
    "\n",
    r#"{"resourceType":"Observation","id":"o1","status":"final","code":{"text":"a"},"subject":{"reference":"Patient/1"},"performer":[{"reference":"Practitioner/d"}]}"#,
    "\n",
    r#"{"resourceType":"Patient","id":"2","identifier":[{"system":"urn:mrn","value":"m2"}],"name":[{"family":"Two"}]}"#,
    "\n",
    r#"{"resourceType":"Observation","id":"o2","status":"final","code":{"text":"b"},"subject":{"reference":"Patient/2"}}"#,
    "\n",
    r#"{"resourceType":"Practitioner","id":"d","name":[{"family":"Doctor"}]}"#,
    "\n",
);

async fn import(house: &House, token: &str, body: &str) -> Answer {
    let authorization = format!("Bearer {token}");
    let headers = [("authorization", authorization.as_str()), ("content-type", "application/fhir+ndjson")];
    house.send("POST /fhir/Bundle/$import", &headers, body.to_owned()).await
}

fn value(answer: &Value, name: &str) -> i64 {
    let parameters = answer["parameter"].as_array().unwrap();
    parameters.iter().find(|parameter| parameter["name"] == name).unwrap()["valueInteger"].as_i64().unwrap()
}

fn patients(answer: &Value) -> Vec<String> {
    let parameters = answer["parameter"].as_array().unwrap().iter();
    let named = parameters.filter(|parameter| parameter["name"] == "patient");
    named.map(|parameter| parameter["valueReference"]["reference"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn a_systems_import_opens_a_record_for_each_person_and_the_same_again_changes_nothing() {
    let house = House::new();
    let system = house.system();
    let first = import(&house, &system, WARD).await;
    assert_eq!(first.status, 200, "{}", first.text());
    let first = first.json();
    assert_eq!((value(&first, "opened"), value(&first, "created")), (2, 5), "{first}");
    let second = import(&house, &system, WARD).await.json();
    assert_eq!((value(&second, "opened"), value(&second, "created"), value(&second, "unchanged")), (0, 0, 5));
    assert_eq!(patients(&first), patients(&second));
    for patient in patients(&first) {
        assert_eq!(house.get(&format!("GET /fhir/{patient}"), &system).await.status, 200);
        // Whoever is bound to a record sees nothing of it.
        assert_eq!(house.get(&format!("GET /fhir/{patient}"), &house.first).await.status, 404);
    }
    assert_eq!(mecum_phr::record::list(&house.phr).unwrap().len(), 4);
}

#[tokio::test]
async fn a_token_of_one_record_imports_into_that_and_opens_none() {
    let house = House::new();
    let refused = import(&house, &house.first, WARD).await;
    assert_eq!(refused.status, 409, "{}", refused.text());
    assert_eq!(mecum_phr::record::list(&house.phr).unwrap().len(), 2);
    let narrow = crate::house::issue(&house.phr, None, "system/Observation.cruds");
    assert_eq!(import(&house, &narrow, WARD).await.status, 403);
    assert_eq!(mecum_phr::record::list(&house.phr).unwrap().len(), 2);
}
