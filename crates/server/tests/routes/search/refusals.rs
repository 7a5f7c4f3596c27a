//! Who may not search, and what there is nothing to search in.

use crate::house::House;

const ADDRESSES: [&str; 11] = [
    "GET /fhir",
    "GET /fhir/Observation",
    "GET /fhir/Patient/x/Observation",
    "GET /fhir/Patient/x/*",
    "GET /fhir/Patient/$everything",
    "GET /fhir/Patient/x/$everything",
    "POST /fhir/_search",
    "POST /fhir/Observation/_search",
    "POST /fhir/Patient/x/Observation/_search",
    "POST /fhir/Patient/$everything",
    "POST /fhir/Patient/x/$everything",
];

#[tokio::test]
async fn every_way_to_search_refuses_whoever_shows_no_token() {
    let house = House::new();
    for line in ADDRESSES {
        house.send(line, &[], "").await.refused(401, "login");
        house.get(line, "mecum_nobody").await.refused(401, "login");
    }
}

#[tokio::test]
async fn sal_every_way_to_search_refuses_whoever_may_not() {
    let house = House::new();
    let id = house.patient().await;
    let writer = house.token("patient/*.cud");
    for line in ADDRESSES {
        let line = line.replace("/x", &format!("/{id}"));
        let answer = house.get(&line, &writer).await;
        let expect =
            if line.ends_with("/$everything") && line.contains(&id) { (404, "not-found") } else { (403, "forbidden") };
        answer.refused(expect.0, expect.1);
    }
    // Reading a type is not searching it.
    house.get("GET /fhir/Observation", &house.token("patient/*.r")).await.refused(403, "forbidden");
}

#[tokio::test]
async fn what_cannot_be_searched_is_not_there() {
    let house = House::new();
    for line in [
        "GET /fhir/Nonsense?_id=1",
        "GET /fhir/Patient/x/Nonsense",
        "GET /fhir/Nonsense/x/Patient",
        "GET /fhir/Organization/x/Patient",
        "GET /fhir/Patient/x_y/Observation",
        "GET /fhir/Patient/x/$nonsense",
        "POST /fhir/Patient/x/$nonsense",
        "GET /fhir/Observation/$nonsense",
        "POST /fhir/Nonsense/_search",
        "GET /fhir/Observation/x/$everything",
    ] {
        house.get(line, &house.first).await.refused(404, "not-found");
    }
    house.get("DELETE /fhir/Observation", &house.first).await.refused(405, "not-supported");
    house.get("GET /fhir/_search", &house.first).await.refused(405, "not-supported");
}
