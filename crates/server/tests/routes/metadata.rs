//! The CapabilityStatement and what it promises.

use axum::body::Body;
use mecum_fhir::json::{Json, Limits};
use mecum_fhir::outcome::Severity;
use mecum_fhir::validate::validate;

use crate::house::House;

#[tokio::test]
async fn rest_1_the_statement_needs_no_token_and_names_every_type() {
    let house = House::new();
    let statement = house.send("GET /fhir/metadata", &[], Body::empty()).await.json();
    assert_eq!(statement["fhirVersion"], "4.0.1");
    assert_eq!(statement["implementation"]["url"], "http://test/fhir");
    let types = statement["rest"][0]["resource"].as_array().unwrap();
    assert!(types.iter().any(|kind| kind["type"] == "Observation"));
}

#[tokio::test]
async fn phr_51_both_operations_are_advertised_and_their_definitions_served() {
    let house = House::new();
    let statement = house.send("GET /fhir/metadata", &[], Body::empty()).await.json();
    let operations = statement["rest"][0]["operation"].as_array().unwrap();
    for (name, id) in [("phr-export", "phr-export"), ("import", "phr-import")] {
        let canonical = format!("http://hl7.org/fhir/uv/phr/OperationDefinition/{id}");
        let is_it = |one: &&serde_json::Value| one["name"] == name && one["definition"] == canonical.as_str();
        assert!(operations.iter().any(|one| is_it(&one)), "{name}");
        let served = house.send(&format!("GET /fhir/OperationDefinition/{id}"), &[], Body::empty()).await.json();
        assert_eq!((served["url"].as_str(), served["code"].as_str()), (Some(canonical.as_str()), Some(name)));
        assert!(served["publisher"].as_str().unwrap().contains("publishes no definition"));
    }
}

#[tokio::test]
async fn rest_1_what_is_said_of_this_server_is_itself_valid() {
    let house = House::new();
    for address in [
        "metadata",
        "OperationDefinition/phr-export",
        "OperationDefinition/phr-import",
        "OperationDefinition/ehi-export",
    ] {
        let answer = house.send(&format!("GET /fhir/{address}"), &[], Body::empty()).await;
        let json = Json::parse(&answer.body, &Limits::default()).unwrap();
        let errors: Vec<String> = validate(&json)
            .into_iter()
            .filter(|issue| issue.severity == Severity::Error)
            .map(|issue| format!("{}: {}", issue.expression, issue.message))
            .collect();
        assert!(errors.is_empty(), "{address}: {errors:?}");
    }
}
