//! read, vread, create, update and delete of one resource.

use axum::body::Body;

use crate::house::{Answer, House, PATIENT};

#[tokio::test]
async fn rest_4_create_gives_an_id_and_says_where_the_resource_is() {
    let house = House::new();
    let sent = r#"{"resourceType":"Patient","id":"mine","active":true}"#;
    let made = house.put("POST /fhir/Patient/", &house.first, sent).await;
    assert_eq!(made.status, 201);
    let id = made.json()["id"].as_str().unwrap().to_owned();
    assert_ne!(id, "mine");
    assert_eq!(made.header("location"), format!("http://test/fhir/Patient/{id}/_history/1"));
    assert_eq!(made.header("etag"), "W/\"1\"");
    assert!(made.header("last-modified").ends_with("GMT"));
    let read = house.get(&format!("GET /fhir/Patient/{id}"), &house.first).await;
    assert_eq!((read.status.as_u16(), read.json()), (200, made.json()));
}

#[tokio::test]
async fn rest_4_what_is_malformed_is_400_and_what_breaks_a_rule_422() {
    let house = House::new();
    house.put("POST /fhir/Patient", &house.first, "{").await.refused(400, "structure");
    house.put("POST /fhir/Patient", &house.first, r#"{"resourceType":"Group"}"#).await.refused(400, "invalid");
    let bad = house.put("POST /fhir/Patient", &house.first, r#"{"resourceType":"Patient","gender":"x"}"#).await;
    assert_eq!(bad.status, 422, "{}", bad.text());
    for (condition, status, code) in [
        ("nonsense=a", 400, "not-supported"),
        ("identifier=a&birthdate=b", 400, "invalid"),
        ("identifier=%", 400, "invalid"),
        ("identifier=", 412, "conflict"),
        ("_count=1", 412, "conflict"),
        ("", 412, "conflict"),
    ] {
        unless(&house, &house.first, condition).await.refused(status, code);
    }
}

const TAGGED: &str = r#"{"resourceType":"Patient","identifier":[{"system":"urn:s","value":"a b"}]}"#;

async fn unless(house: &House, token: &str, condition: &str) -> Answer {
    let bearer = format!("Bearer {token}");
    let headers =
        [("authorization", bearer.as_str()), ("content-type", "application/fhir+json"), ("if-none-exist", condition)];
    house.send("POST /fhir/Patient", &headers, TAGGED).await
}

#[tokio::test]
async fn rest_5_a_conditional_create_makes_one_finds_it_and_refuses_more() {
    let house = House::new();
    let made = unless(&house, &house.first, "identifier=urn:s%7Ca%20b").await;
    assert_eq!(made.status, 201);
    for condition in ["identifier=urn:s|a%20b", "?identifier=a%20b"] {
        let found = unless(&house, &house.first, condition).await;
        assert_eq!((found.status.as_u16(), found.json()), (200, made.json()));
        assert_eq!((found.header("location"), found.header("etag")), (made.header("location"), "W/\"1\""));
    }
    // What another record holds is not there, and whoever may not read a type cannot find out what there is of it.
    assert_eq!(unless(&house, &house.second, "identifier=a%20b").await.status, 201);
    unless(&house, &house.token("patient/*.c"), "identifier=a%20b").await.refused(403, "forbidden");
    house.put("POST /fhir/Patient", &house.first, TAGGED).await;
    unless(&house, &house.first, "identifier=a%20b").await.refused(412, "conflict");
    // Any search of the type is a condition; what may not be searched is no condition.
    let id = made.json()["id"].as_str().unwrap().to_owned();
    let by_id = unless(&house, &house.first, &format!("_id={id}&name:missing=true")).await;
    assert_eq!((by_id.status.as_u16(), by_id.json()), (200, made.json()));
    let both = "identifier=urn:s|a%20b&active:missing=true";
    unless(&house, &house.first, both).await.refused(412, "conflict");
    unless(&house, &house.token("patient/*.cru"), "identifier=a%20b").await.refused(403, "forbidden");
    // One that was deleted does not count.
    house.get(&format!("DELETE /fhir/Patient/{id}"), &house.first).await;
    assert_eq!(unless(&house, &house.first, "identifier=a%20b").await.status, 200);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn rest_5_of_many_who_create_the_same_at_once_one_makes_it() {
    let house = House::new();
    let asks = (0..6).map(|_| unless(&house, &house.first, "identifier=urn:s|a%20b"));
    let answers = futures_util::future::join_all(asks).await;
    let mut statuses: Vec<u16> = answers.iter().map(|answer| answer.status.as_u16()).collect();
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 200, 200, 200, 200, 201]);
    assert!(answers.iter().all(|answer| answer.json()["id"] == answers[0].json()["id"]));
}

#[tokio::test]
async fn rest_12_other_formats_are_406_and_415() {
    let house = House::new();
    let id = house.patient().await;
    let bearer = format!("Bearer {}", house.first);
    for (line, accept, status) in [
        (format!("GET /fhir/Patient/{id}"), "application/fhir+xml", 406),
        (format!("GET /fhir/Patient/{id}"), "application/fhir+json; fhirVersion=5.0", 406),
        (format!("GET /fhir/Patient/{id}"), "application/fhir+json; fhirVersion=4.0", 200),
        (format!("GET /fhir/Patient/{id}?_format=json"), "text/html", 200),
        (format!("GET /fhir/Patient/{id}?_format=application/fhir%2Bjson"), "text/html", 200),
        (format!("GET /fhir/Patient/{id}?_format=xml"), "application/fhir+json", 406),
        (format!("GET /fhir/Patient/{id}"), "text/html, */*;q=0.1", 200),
    ] {
        let answer = house.send(&line, &[("authorization", &bearer), ("accept", accept)], Body::empty()).await;
        assert_eq!(answer.status, status, "{line} {accept}");
    }
    for (media_type, status) in [("text/xml", 415), ("", 415), ("application/json;charset=utf-8", 201)] {
        let headers = [("authorization", bearer.as_str()), ("content-type", media_type)];
        assert_eq!(house.send("POST /fhir/Patient", &headers, PATIENT).await.status, status, "{media_type}");
    }
}

#[tokio::test]
async fn rest_6_update_needs_the_id_and_the_version_it_names() {
    let house = House::new();
    let id = house.patient().await;
    let line = format!("PUT /fhir/Patient/{id}");
    let body = format!(r#"{{"resourceType":"Patient","id":"{id}","active":false}}"#);
    let updated = house.put(&line, &house.first, &body).await;
    assert_eq!((updated.status.as_u16(), updated.header("etag")), (200, "W/\"2\""));
    house.put(&line, &house.first, PATIENT).await.refused(400, "invalid");
    let bearer = format!("Bearer {}", house.first);
    let with = |etag: &'static str| {
        [("authorization", bearer.clone()), ("content-type", "application/json".into()), ("if-match", etag.into())]
    };
    for (etag, status) in [("W/\"1\"", 412), ("nonsense", 400), ("W/\"2\"", 200)] {
        let headers = with(etag);
        let headers: Vec<(&str, &str)> = headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
        assert_eq!(house.send(&line, &headers, body.clone()).await.status, status, "{etag}");
    }
}

#[tokio::test]
async fn rest_9_delete_is_the_same_twice_and_a_read_afterwards_is_410() {
    let house = House::new();
    let id = house.patient().await;
    let line = format!("DELETE /fhir/Patient/{id}");
    assert_eq!(house.get(&line, &house.first).await.status, 200);
    assert_eq!(house.get(&line, &house.first).await.status, 200);
    house.get(&format!("GET /fhir/Patient/{id}"), &house.first).await.refused(410, "deleted");
    house.get(&format!("GET /fhir/Patient/{id}/_history/2"), &house.first).await.refused(410, "deleted");
    house.get(&format!("GET /fhir/Patient/{id}/_history/3"), &house.first).await.refused(404, "not-found");
    assert_eq!(house.get(&format!("GET /fhir/Patient/{id}/_history/1"), &house.first).await.status, 200);
}

#[tokio::test]
async fn rest_11_prefer_decides_what_a_write_answers() {
    let house = House::new();
    let bearer = format!("Bearer {}", house.first);
    for (prefer, expect) in
        [("return=minimal", ""), ("return=representation", "Patient"), ("return=OperationOutcome", "OperationOutcome")]
    {
        let headers = [("authorization", bearer.as_str()), ("content-type", "application/json"), ("prefer", prefer)];
        let made = house.send("POST /fhir/Patient", &headers, PATIENT).await;
        assert_eq!((made.status.as_u16(), made.header("preference-applied")), (201, prefer));
        let kind =
            if made.body.is_empty() { String::new() } else { made.json()["resourceType"].as_str().unwrap().into() };
        assert_eq!(kind, expect);
    }
}

#[tokio::test]
async fn rest_2_what_the_client_has_already_is_304() {
    let house = House::new();
    let id = house.patient().await;
    let line = format!("GET /fhir/Patient/{id}");
    let modified = house.get(&line, &house.first).await.header("last-modified").to_owned();
    let bearer = format!("Bearer {}", house.first);
    for (name, value, status) in [
        ("if-none-match", "W/\"1\"", 304),
        ("if-none-match", "W/\"2\"", 200),
        ("if-modified-since", modified.as_str(), 304),
        ("if-modified-since", "Sun, 06 Nov 1994 08:49:37 GMT", 200),
        ("if-modified-since", "nonsense", 200),
    ] {
        let answer = house.send(&line, &[("authorization", &bearer), (name, value)], Body::empty()).await;
        assert_eq!(answer.status, status, "{name} {value}");
        assert_eq!(answer.body.is_empty(), status == 304);
    }
    let head = house.get(&line.replace("GET", "HEAD"), &house.first).await;
    assert_eq!((head.status.as_u16(), head.header("etag"), head.body.len()), (200, "W/\"1\"", 0));
}
