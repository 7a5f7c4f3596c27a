//! The CapabilityStatement and what it promises.

use axum::body::Body;

use crate::house::House;

#[tokio::test]
async fn rest_1_the_statement_needs_no_token_and_names_every_type() {
    let house = House::new();
    let statement = house.send("GET /fhir/metadata", &[], Body::empty()).await.json();
    assert_eq!(statement["fhirVersion"], "4.0.1");
    assert_eq!(statement["implementation"]["url"], "http://test/fhir");
    let types = statement["rest"][0]["resource"].as_array().unwrap();
    assert!(types.iter().any(|kind| kind["type"] == "Observation"));
    if let Ok(folder) = std::env::var("MECUM_WRITE_STATEMENT") {
        std::fs::write(folder, statement.to_string()).unwrap();
    }
}
