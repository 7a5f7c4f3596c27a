//! Ways to ask: address, form, both; what is honoured, and what is passed over (REST-30, REST-31, REST-33, REST-46).

use axum::body::Body;

use super::{FORM, found, observation, sorted};
use crate::house::{House, PATIENT};

#[tokio::test]
async fn rest_30_every_way_of_asking_finds_the_same() {
    let house = House::new();
    let patient = house.make(PATIENT).await;
    let made = house.make(&observation("8867-4", &patient)).await;
    house.make(&observation("8480-6", &patient)).await;
    let expect = vec![made];
    assert_eq!(house.find("Observation?code=8867-4&status=final").await.matches(), expect);
    assert_eq!(house.find("?_type=Observation&code=8867-4").await.matches(), expect);
    assert_eq!(house.find("/?_type=Observation&code=8867-4").await.matches(), expect);
    assert_eq!(house.find(&format!("{patient}/Observation?code=8867-4")).await.matches(), expect);
    assert_eq!(house.find_by_form("Observation/_search", "code=8867-4").await.matches(), expect);
    assert_eq!(house.find_by_form("_search?_type=Observation", "code=8867-4").await.matches(), expect);
    assert_eq!(house.find_by_form(&format!("{patient}/Observation/_search"), "code=8867-4").await.matches(), expect);
    // Parameters of address and body hold together.
    assert_eq!(house.find_by_form("Observation/_search?status=final", "code=8867-4").await.matches(), expect);
    assert!(house.find_by_form("Observation/_search?status=amended", "code=8867-4").await.matches().is_empty());
    let all = house.find_by_form("Observation/_search", "").await;
    assert_eq!(all.matches().len(), 2);
}

#[tokio::test]
async fn rest_30_a_compartment_holds_what_leads_to_its_centre_and_the_centre() {
    let house = House::new();
    let patient = house.make(PATIENT).await;
    let observed = house.make(&observation("8867-4", &patient)).await;
    let condition =
        house.make(&format!(r#"{{"resourceType":"Condition","subject":{{"reference":"{patient}"}}}}"#)).await;
    house.make(r#"{"resourceType":"Organization","name":"Ward 4"}"#).await;
    let all = house.find(&format!("{patient}/*")).await;
    assert_eq!(sorted(all.matches()), sorted(vec![patient.clone(), observed.clone(), condition]));
    assert_eq!(house.find(&format!("{patient}/*?_type=Observation")).await.matches(), [observed]);
    assert!(house.find("Patient/nobody/Observation").await.matches().is_empty());
    let other = house.get(&format!("GET /fhir/{patient}/Observation"), &house.second).await;
    assert_eq!(found(&other).total(), Some(0));
}

#[tokio::test]
async fn rest_31_the_self_link_shows_what_was_honoured_and_nothing_else() {
    let house = House::new();
    let bearer = format!("Bearer {}", house.first);
    let lenient = [("authorization", bearer.as_str()), ("prefer", "handling=lenient")];
    let line = "GET /fhir/Observation?code=http://loinc.org%7C8867-4&cdoe=1&status=&_format=json&date=ge2020&%3Cb%3E=1";
    let answer = house.send(line, &lenient, Body::empty()).await;
    assert_eq!(answer.header("preference-applied"), "handling=lenient");
    let page = found(&answer);
    let own = "/fhir/Observation?code=http://loinc.org%7C8867-4&date=ge2020&_format=json";
    assert_eq!(page.link("self").as_deref(), Some(own));
    assert_eq!(page.issues(), ["not-supported", "not-supported"]);
    assert_eq!(page.total(), Some(0));
    assert!(answer.text().contains("`cdoe`"));
    assert_eq!(house.find("Observation").await.link("self").as_deref(), Some("/fhir/Observation"));
}

#[tokio::test]
async fn rest_33_what_is_not_known_is_refused_unless_lenient_and_what_is_malformed_always() {
    let house = House::new();
    let bearer = format!("Bearer {}", house.first);
    for (query, code, is_refused_always) in [
        ("cdoe=1", "not-supported", false),
        ("code:nonsense=1", "invalid", true),
        ("date=yesterday", "invalid", true),
        ("value-quantity=ab", "invalid", true),
        ("_count=x", "invalid", true),
        ("_summary=some", "invalid", true),
        ("_include=nonsense", "invalid", true),
        ("_type=Patient", "not-supported", false),
        ("code=%zz", "invalid", true),
    ] {
        let line = format!("GET /fhir/Observation?{query}");
        house.get(&line, &house.first).await.refused(400, code);
        let strict = [("authorization", bearer.as_str()), ("prefer", "handling=strict")];
        house.send(&line, &strict, Body::empty()).await.refused(400, code);
        let lenient = [("authorization", bearer.as_str()), ("prefer", "handling=lenient")];
        let answer = house.send(&line, &lenient, Body::empty()).await;
        assert_eq!(answer.status == 400, is_refused_always, "{query}: {}", answer.text());
    }
    assert_eq!(house.find("Observation?code=&status=").await.total(), Some(0));
}

#[tokio::test]
async fn rest_46_long_addresses_are_taken_and_what_is_too_long_is_refused_and_not_cut() {
    let house = House::new();
    let ids: Vec<String> = (0..250).map(|n| format!("{n:036}")).collect();
    let long = format!("GET /fhir/Observation?_id={}", ids.join(","));
    assert!(long.len() > 8_192);
    assert_eq!(found(&house.get(&long, &house.first).await).total(), Some(0));
    let bearer = format!("Bearer {}", house.first);
    let post = |body: String| {
        let headers = [("authorization", bearer.clone()), (FORM.0, FORM.1.to_owned())];
        let house = &house;
        async move {
            let headers: Vec<(&str, &str)> = headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
            house.send("POST /fhir/Observation/_search", &headers, body).await
        }
    };
    post(format!("_id={}", "a".repeat(300_000))).await.refused(413, "too-long");
    post(format!("_id={}", "a,".repeat(30_000))).await.refused(400, "too-costly");
    post(format!("code={}", "1,".repeat(2_000))).await.refused(400, "too-costly");
    post("code=1&".repeat(80)).await.refused(400, "too-costly");
    post(format!("code:text={}", "é".repeat(15_000))).await.refused(400, "too-costly");
    post("a".repeat(1000)).await.refused(400, "not-supported");
    let deep = format!("GET /fhir/Observation?{}code=1", "has-member.".repeat(20));
    house.get(&deep, &house.first).await.refused(400, "too-costly");
}

#[tokio::test]
async fn rest_30_a_search_body_is_a_form() {
    let house = House::new();
    house.put("POST /fhir/Observation/_search", &house.first, "{}").await.refused(415, "not-supported");
    let empty = house.get("POST /fhir/Observation/_search", &house.first).await;
    assert_eq!(found(&empty).total(), Some(0));
}

#[tokio::test]
async fn rest_2_head_is_a_search_without_its_body() {
    let house = House::new();
    house.make(PATIENT).await;
    let head = house.get("HEAD /fhir/Patient", &house.first).await;
    assert_eq!((head.status.as_u16(), head.body.len()), (200, 0));
}
