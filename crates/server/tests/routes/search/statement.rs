//! The CapabilityStatement says just what can be searched (REST-1).

use axum::body::Body;
use serde_json::Value;

use super::found;
use crate::house::House;

fn texts(value: &Value) -> impl Iterator<Item = &str> {
    value.as_array().into_iter().flatten().map(|text| text.as_str().unwrap())
}

/// A value such as a parameter of this kind takes.
fn value(param: &Value) -> &'static str {
    match (param["name"].as_str().unwrap(), param["type"].as_str().unwrap()) {
        ("_text" | "_content", _) => "words",
        (_, "number" | "quantity") => "1",
        (_, "date") => "2020",
        (_, "uri") => "urn:x",
        (_, "composite") => "",
        _ => "x",
    }
}

#[tokio::test]
async fn rest_1_every_parameter_and_include_that_is_told_is_taken() {
    let house = House::new();
    let statement = house.send("GET /fhir/metadata", &[], Body::empty()).await.json();
    let rest = &statement["rest"][0];
    let types = rest["resource"].as_array().unwrap();
    assert_eq!(types.len(), 146);
    let (mut n_params, mut n_includes) = (0, 0);
    for of in types {
        let name = of["type"].as_str().unwrap();
        let interactions: Vec<&str> =
            of["interaction"].as_array().unwrap().iter().map(|it| it["code"].as_str().unwrap()).collect();
        assert!(interactions.contains(&"search-type"), "{name}");
        let params = of["searchParam"].as_array().unwrap();
        let asked: Vec<String> =
            params.iter().map(|param| format!("{}={}", param["name"].as_str().unwrap(), value(param))).collect();
        n_params += asked.len();
        for asked in asked.chunks(20) {
            let answer = house.get(&format!("GET /fhir/{name}?{}", asked.join("&")), &house.first).await;
            assert_eq!(found(&answer).total(), Some(0), "{name} {asked:?}");
        }
        let includes = texts(&of["searchInclude"]).map(|include| format!("_include={include}"));
        let reverse = texts(&of["searchRevInclude"]).map(|include| format!("_revinclude={include}"));
        let asked: Vec<String> = includes.chain(reverse).collect();
        n_includes += asked.len();
        for asked in asked.chunks(30) {
            let answer = house.get(&format!("GET /fhir/{name}?{}", asked.join("&")), &house.first).await;
            assert_eq!(answer.status, 200, "{name} {asked:?} {}", answer.text());
        }
    }
    assert!(n_params > 2_500 && n_includes > 2_000, "{n_params} {n_includes}");
    let system: Vec<&str> =
        rest["interaction"].as_array().unwrap().iter().map(|it| it["code"].as_str().unwrap()).collect();
    assert!(system.contains(&"search-system"));
}

#[tokio::test]
async fn rest_1_what_is_told_of_patient_is_what_the_standard_has() {
    let house = House::new();
    let statement = house.send("GET /fhir/metadata", &[], Body::empty()).await.json();
    let of = |name: &str| {
        let types = statement["rest"][0]["resource"].as_array().unwrap();
        types.iter().find(|of| of["type"] == name).unwrap().clone()
    };
    let patient = of("Patient");
    let params = patient["searchParam"].as_array().unwrap();
    let birthdate = params.iter().find(|param| param["name"] == "birthdate").unwrap();
    assert_eq!(
        (birthdate["type"].as_str(), birthdate["definition"].as_str()),
        (Some("date"), Some("http://hl7.org/fhir/SearchParameter/individual-birthdate"))
    );
    assert!(texts(&patient["searchRevInclude"]).any(|include| include == "Observation:subject"));
    assert!(texts(&of("Observation")["searchInclude"]).any(|include| include == "Observation:subject"));
    assert!(patient["operation"].as_array().unwrap().iter().any(|operation| operation["name"] == "everything"));
    assert!(params.iter().all(|param| param["name"] != "_query"));
}
