//! `$everything` (REST-50).

use super::{found, observation, sorted};
use crate::house::{House, PATIENT};

async fn with_record(house: &House) -> (String, Vec<String>) {
    let patient = house.make(PATIENT).await;
    let mut all = vec![patient.clone()];
    for code in ["8867-4", "8480-6"] {
        let dated =
            observation(code, &patient).replacen('{', &format!(r#"{{"effectiveDateTime":"20{}","#, &code[1..3]), 1);
        all.push(house.make(&dated.replace("2086", "2010").replace("2048", "2020")).await);
    }
    all.push(house.make(r#"{"resourceType":"Organization","name":"Ward 4"}"#).await);
    (patient, sorted(all))
}

#[tokio::test]
async fn rest_50_everything_is_the_persons_whole_record_page_by_page() {
    let house = House::new();
    let (patient, all) = with_record(&house).await;
    for address in [format!("{patient}/$everything"), "Patient/$everything".to_owned()] {
        assert_eq!(sorted(house.find(&address).await.matches()), all, "{address}");
        assert_eq!(sorted(house.walk(&house.first, &format!("{address}?_count=1")).await), all);
        let post = house
            .put(
                &format!("POST /fhir/{address}"),
                &house.first,
                r#"{"resourceType":"Parameters","parameter":[{"name":"_count","valueInteger":3}]}"#,
            )
            .await;
        assert_eq!(found(&post).matches().len(), 3);
        assert_eq!(found(&house.get(&format!("POST /fhir/{address}"), &house.first).await).matches().len(), 4);
    }
}

#[tokio::test]
async fn rest_50_dates_types_and_time_of_change_narrow_it() {
    let house = House::new();
    let (patient, all) = with_record(&house).await;
    let of = |query: &str| format!("{patient}/$everything?{query}");
    let n = async |query: &str| house.find(&of(query)).await.matches().len();
    assert_eq!(n("start=2015").await, 3);
    assert_eq!(n("end=2015-06").await, 3);
    assert_eq!(n("start=2011&end=2012").await, 2);
    assert_eq!(n("_type=Observation").await, 2);
    assert_eq!(n("_type=Observation,Organization&start=2015").await, 2);
    assert_eq!(n("_since=2999-01-01T00:00:00Z").await, 0);
    assert_eq!(n("_since=2020-01-01T00:00:00Z").await, all.len());
    for query in ["start=x", "start=2020&end=2010", "_type=Nonsense", "_count=0", "_since=2020", "_elements=name"] {
        assert_eq!(house.get(&format!("GET /fhir/{}", of(query)), &house.first).await.status, 400, "{query}");
    }
}

#[tokio::test]
async fn rest_50_somebody_else_and_nobody_are_one_and_the_same_answer() {
    let house = House::new();
    let (patient, _) = with_record(&house).await;
    for token in [&house.second, &house.token("patient/*.cud")] {
        house.get(&format!("GET /fhir/{patient}/$everything"), token).await.refused(404, "not-found");
        house.get("GET /fhir/Patient/nobody/$everything", token).await.refused(404, "not-found");
    }
    let narrow = found(&house.get("GET /fhir/Patient/$everything", &house.token("patient/Observation.rs")).await);
    assert!(narrow.matches().iter().all(|name| name.starts_with("Observation/")));
    assert_eq!(narrow.matches().len(), 2);
    // Pages of a search are no pages of this.
    let next = house.find("Observation?_count=1").await.link("next").unwrap();
    let cursor = next.split_once("_cursor=").unwrap().1;
    let line = format!("GET /fhir/{patient}/$everything?_count=1&_cursor={cursor}");
    house.get(&line, &house.first).await.refused(400, "value");
}
