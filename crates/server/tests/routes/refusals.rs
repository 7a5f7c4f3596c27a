//! What is refused, on every route.

use axum::body::Body;

use crate::house::House;

/// Every route that needs a token; `ID` stands for a Patient of the first record.
const ROUTES: [&str; 20] = [
    "POST /fhir",
    "GET /fhir/_history",
    "POST /fhir/Patient",
    "GET /fhir/Patient/_history",
    "GET /fhir/Patient/ID",
    "PUT /fhir/Patient/ID",
    "DELETE /fhir/Patient/ID",
    "GET /fhir/Patient/ID/_history",
    "GET /fhir/Patient/ID/_history/1",
    "GET /fhir/Bundle/$phr-export",
    "POST /fhir/Bundle/$phr-export",
    "GET /fhir/Patient/ID/$phr-export",
    "POST /fhir/Patient/ID/$phr-export",
    "POST /fhir/Bundle/$import",
    "GET /fhir/AuditEvent",
    "GET /fhir/Provenance",
    "POST /fhir/Patient/ID/$ehi-export",
    "GET /fhir/job/1-x",
    "DELETE /fhir/job/1-x",
    "GET /fhir/job/1-x/Patient.ndjson",
];

#[tokio::test]
async fn every_route_refuses_a_missing_a_wrong_and_a_malformed_token_alike() {
    let house = House::new();
    for route in ROUTES {
        let mut answers = Vec::new();
        for header in [None, Some("Bearer mecum_nobody"), Some("Bearer"), Some("Basic dTpw"), Some("Bearer ")] {
            let mut headers = vec![("content-type", "application/fhir+json")];
            headers.extend(header.map(|value| ("authorization", value)));
            let answer = house.send(route, &headers, r#"{"resourceType":"Parameters"}"#).await;
            answer.refused(401, "login");
            assert_eq!(answer.header("www-authenticate"), "Bearer realm=\"mecum\"", "{route}");
            answers.push(answer.body);
        }
        assert!(answers.windows(2).all(|pair| pair[0] == pair[1]), "{route}");
    }
}

#[tokio::test]
async fn who_asks_is_known_before_anything_else_of_a_request_is_judged() {
    let house = House::new();
    let no_resource = ("content-type", "text/plain");
    let json = ("content-type", "application/fhir+json");
    for (line, header, status) in [
        ("GET /fhir/Nonsense/1", json, 404),
        ("GET /fhir/Patient/with_underscore", json, 404),
        ("GET /fhir/Patient/1?_format=xml", json, 406),
        ("GET /fhir/Patient/_history?_count=x", json, 400),
        ("GET /fhir/Bundle/$phr-export?outputFormat=pdf", json, 400),
        ("POST /fhir/Bundle/$phr-export", json, 400),
        ("POST /fhir/Bundle/$import", no_resource, 415),
        ("POST /fhir/Patient", no_resource, 415),
        ("POST /fhir/Patient", json, 400),
        ("PUT /fhir/Patient/1", ("if-match", "x"), 400),
        ("POST /fhir", json, 400),
    ] {
        for (token, expect) in [("mecum_nobody", 401), (house.first.as_str(), status)] {
            let bearer = format!("Bearer {token}");
            let answer = house.send(line, &[("authorization", bearer.as_str()), header], "{").await;
            assert_eq!(answer.status.as_u16(), expect, "{line}: {}", answer.text());
        }
    }
}

#[tokio::test]
async fn a_resource_of_another_record_is_told_like_one_that_is_not_there() {
    let house = House::new();
    let id = house.patient().await;
    // Who may export everything is tried where that is.
    let with_id = |route: &&str| route.contains("/ID") && !route.starts_with("DELETE") && !route.contains("$ehi");
    for route in ROUTES.into_iter().filter(with_id) {
        let kind = if route.contains('$') { "Parameters" } else { "Patient" };
        let body = |id: &str| format!(r#"{{"resourceType":"{kind}","id":"{id}"}}"#);
        let theirs = house.put(&route.replace("ID", &id), &house.second, &body(&id)).await;
        let nobodys = house.put(&route.replace("ID", "nobody"), &house.second, &body("nobody")).await;
        theirs.refused(404, "not-found");
        assert_eq!(theirs.text().replace(&id, "nobody"), nobodys.text(), "{route}");
    }
    // A deletion tells the same whether or not there was anything, and does nothing to what is another's.
    let theirs = house.get(&format!("DELETE /fhir/Patient/{id}"), &house.second).await;
    let nobodys = house.get("DELETE /fhir/Patient/nobody", &house.second).await;
    assert_eq!((theirs.status, theirs.body), (nobodys.status, nobodys.body));
    assert_eq!(house.get(&format!("GET /fhir/Patient/{id}"), &house.first).await.status, 200);
}

#[tokio::test]
async fn a_scope_that_is_missing_is_forbidden() {
    let house = House::new();
    let id = house.patient().await;
    let reader = house.token("patient/Observation.rs");
    house.get(&format!("GET /fhir/Patient/{id}"), &reader).await.refused(403, "forbidden");
    house.put("POST /fhir/Patient", &reader, crate::house::PATIENT).await.refused(403, "forbidden");
}

#[tokio::test]
async fn rest_14_a_method_that_an_address_does_not_take_is_405_with_allow() {
    let house = House::new();
    for (line, allow) in [
        ("PUT /fhir/Patient", "GET,HEAD,POST"),
        ("GET /fhir/Patient/_search", "POST"),
        ("DELETE /fhir/metadata", "GET,HEAD"),
        ("PATCH /fhir/Patient/1", "GET,HEAD,PUT,DELETE"),
    ] {
        let answer = house.get(line, &house.first).await;
        answer.refused(405, "not-supported");
        assert_eq!(answer.header("allow"), allow, "{line}");
    }
}

#[tokio::test]
async fn rest_14_what_is_unknown_is_404_with_an_outcome() {
    let house = House::new();
    for line in [
        "GET /nothing",
        "GET /fhir/Patient/1/2/3/4",
        "GET /fhir/Nonsense/1",
        "POST /fhir/Patient/1/$nonsense",
        "POST /fhir/Patient/$nonsense",
        "GET /fhir/Patient/$nonsense",
        "GET /fhir/Patient/with_underscore",
    ] {
        house.get(line, &house.first).await.refused(404, "not-found");
    }
}

#[tokio::test]
async fn every_answer_says_that_it_is_not_to_be_kept_or_guessed_at() {
    let house = House::new();
    for line in ["GET /health", "GET /fhir/metadata", "GET /nothing", "GET /fhir/Patient/1"] {
        let answer = house.send(line, &[], Body::empty()).await;
        assert_eq!(answer.header("cache-control"), "no-store", "{line}");
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{line}");
    }
}

#[tokio::test]
async fn counters_name_routes_and_never_ids_or_tokens() {
    let house = House::new();
    let id = house.patient().await;
    house.get(&format!("GET /fhir/Patient/{id}"), &house.first).await;
    let text = house.send("GET /metrics", &[], Body::empty()).await.text();
    assert!(text.contains("route=\"/fhir/{type}/{id}\""), "{text}");
    assert!(!text.contains(&id) && !text.contains(&house.first));
    assert_eq!(house.send("GET /ready", &[], Body::empty()).await.text(), "ready\n");
}
