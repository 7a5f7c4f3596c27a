//! history of one resource, of a type, of the record.

use crate::house::{House, PATIENT};

#[tokio::test]
async fn rest_10_history_is_newest_first_and_deletions_have_no_resource() {
    let house = House::new();
    let id = house.patient().await;
    let body = format!(r#"{{"resourceType":"Patient","id":"{id}","active":false}}"#);
    house.put(&format!("PUT /fhir/Patient/{id}"), &house.first, &body).await;
    house.get(&format!("DELETE /fhir/Patient/{id}"), &house.first).await;
    for address in [format!("/fhir/Patient/{id}/_history"), "/fhir/Patient/_history".into(), "/fhir/_history".into()] {
        let bundle = house.get(&format!("GET {address}"), &house.first).await.json();
        assert_eq!(bundle["type"], "history", "{address}");
        let entries = bundle["entry"].as_array().unwrap();
        let etags: Vec<&str> = entries.iter().map(|entry| entry["response"]["etag"].as_str().unwrap()).collect();
        assert_eq!(etags, ["W/\"3\"", "W/\"2\"", "W/\"1\""], "{address}");
        assert_eq!(entries[0]["request"]["method"], "DELETE");
        assert!(entries[0].get("resource").is_none());
        assert_eq!(entries[2]["resource"]["meta"]["versionId"], "1");
    }
}

#[tokio::test]
async fn rest_10_pages_follow_each_other_without_gap_or_repetition() {
    let house = House::new();
    for _ in 0..5 {
        house.put("POST /fhir/Patient", &house.first, PATIENT).await;
    }
    let (mut seen, mut address) = (Vec::new(), "/fhir/_history?_count=2".to_owned());
    loop {
        let bundle = house.get(&format!("GET {address}"), &house.first).await.json();
        seen.extend(bundle["entry"].as_array().unwrap().iter().map(|entry| entry["fullUrl"].to_string()));
        let links = bundle["link"].as_array().unwrap();
        let Some(next) = links.iter().find(|link| link["relation"] == "next") else { break };
        address = next["url"].as_str().unwrap().strip_prefix("http://test").unwrap().to_owned();
    }
    assert_eq!(seen.len(), 5);
    seen.sort();
    seen.dedup();
    assert_eq!(seen.len(), 5);
}

#[tokio::test]
async fn a_history_refuses_parameters_that_it_would_have_to_ignore() {
    let house = House::new();
    for query in ["_count=0", "_count=x", "_since=x", "_since=2020", "_at=2020", "_before=1", "_before=a.b"] {
        assert_eq!(house.get(&format!("GET /fhir/_history?{query}"), &house.first).await.status, 400, "{query}");
    }
    let none = house.get("GET /fhir/_history?_since=2999-01-01T00:00:00Z", &house.first).await;
    assert_eq!(none.status, 200, "{}", none.text());
}
