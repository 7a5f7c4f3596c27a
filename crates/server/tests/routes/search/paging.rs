//! Pages: each match once while data changes, totals that agree, tickets that are one caller's and one search's (REST-31, REST-44, REST-45).

use super::{found, observation, sorted};
use crate::house::{House, PATIENT};

async fn with_observations(house: &House, n: usize) -> (String, Vec<String>) {
    let patient = house.make(PATIENT).await;
    let mut made = Vec::new();
    for _ in 0..n {
        made.push(house.make(&observation("8867-4", &patient)).await);
    }
    (patient, sorted(made))
}

#[tokio::test]
async fn rest_31_following_next_meets_each_match_once_while_data_changes_under_it() {
    let house = House::new();
    let (patient, made) = with_observations(&house, 7).await;
    for address in ["Observation?_count=2", "Observation?code=8867-4&_count=2", "?_type=Observation&_count=3"] {
        let first = house.find(address).await;
        let mut met = first.matches();
        let mut next = first.link("next");
        let mut n_pages = 1;
        while let Some(address) = next {
            // One comes, one changes, one that was met goes: none of it moves what is still to come.
            let new = house.make(&observation("8867-4", &patient)).await;
            let (changed, gone) = (&made[n_pages % made.len()], &new);
            let id = changed.split_once('/').unwrap().1;
            let text = observation("8867-4", &patient).replacen('{', &format!(r#"{{"id":"{id}","#), 1);
            assert_eq!(house.put(&format!("PUT /fhir/{changed}"), &house.first, &text).await.status, 200);
            house.get(&format!("DELETE /fhir/{gone}"), &house.first).await;
            let page = found(&house.get(&format!("GET {address}"), &house.first).await);
            assert!(page.matches().len() <= 3);
            met.extend(page.matches());
            next = page.link("next");
            n_pages += 1;
            assert!(n_pages < 20, "it does not end");
        }
        assert!(n_pages > 2);
        assert_eq!(sorted(met), made, "{address}");
    }
}

#[tokio::test]
async fn rest_44_all_ways_to_count_agree_and_includes_do_not_count() {
    let house = House::new();
    let (_, made) = with_observations(&house, 5).await;
    for (address, form) in [
        ("Observation", "code=8867-4&_include=Observation:subject"),
        ("Observation", "_include=*&status=final"),
        ("", "_type=Observation"),
    ] {
        let at = |more: &str| format!("{address}?{form}&{more}");
        assert_eq!(house.walk(&house.first, &at("_count=2")).await.len(), made.len());
        let post = format!("{address}/_search").trim_start_matches('/').to_owned();
        for total in [
            house.find(&at("_total=accurate&_count=1")).await.total(),
            house.find(&at("_total=estimate&_count=1")).await.total(),
            house.find(&at("_summary=count")).await.total(),
            house.find(&at("_count=0")).await.total(),
            house.find(&at("")).await.total(),
            house.find_by_form(&post, &format!("{form}&_total=accurate&_count=1")).await.total(),
            house.find_by_form(&post, &format!("{form}&_summary=count")).await.total(),
        ] {
            assert_eq!(total, Some(5), "{address} {form}");
        }
        assert_eq!(house.find(&at("_total=none")).await.total(), None);
        assert!(house.find(&at("_count=0")).await.0.get("entry").is_none());
        assert!(house.find(&at("_summary=count")).await.link("next").is_none());
        let post = house.find_by_form(&post, form).await;
        assert_eq!(post.matches(), house.find(&at("")).await.matches());
    }
}

#[tokio::test]
async fn rest_44_the_largest_page_is_the_servers_and_the_self_link_says_so() {
    let house = House::new();
    with_observations(&house, 1).await;
    let page = house.find("Observation?_count=100000").await;
    assert_eq!(page.link("self").as_deref(), Some("/fhir/Observation?_count=1000"));
    house.get("GET /fhir/Observation?_count=-1", &house.first).await.refused(400, "invalid");
}

#[tokio::test]
async fn rest_31_a_page_is_refused_to_another_caller_another_search_and_when_altered() {
    let house = House::new();
    with_observations(&house, 3).await;
    let next = house.find("Observation?_count=1").await.link("next").unwrap();
    let again = house.get(&format!("GET {next}"), &house.first).await;
    assert_eq!(found(&again).matches(), found(&house.get(&format!("GET {next}"), &house.first).await).matches());
    // Another record's token, and another client of the same record.
    house.get(&format!("GET {next}"), &house.second).await.refused(400, "value");
    house.get(&format!("GET {next}"), &house.other_client("patient/*.rs")).await.refused(400, "value");
    // A fresh token of the same client goes on.
    assert_eq!(house.get(&format!("GET {next}"), &house.token("patient/*.rs")).await.status, 200);
    for other in [
        next.replace("_count=1", "_count=2"),
        next.replace("Observation?", "Condition?"),
        next.replace("Observation?", "Observation?code=x&"),
        format!("{next}A"),
        next.replace("_cursor=", "_cursor=x"),
        next[..next.len() - 1].to_owned(),
        "/fhir/Observation?_count=1&_cursor=".to_owned() + &"A".repeat(20_000),
        "/fhir/Observation?_count=1&_cursor=%20".to_owned(),
    ] {
        house.get(&format!("GET {other}"), &house.first).await.refused(400, "value");
    }
}

#[tokio::test]
async fn rest_45_a_token_that_ends_ends_the_pages() {
    let house = House::new();
    with_observations(&house, 3).await;
    let (token, id) = house.issue("patient/*.rs");
    let next = found(&house.get("GET /fhir/Observation?_count=1", &token).await).link("next").unwrap();
    assert_eq!(house.get(&format!("GET {next}"), &token).await.status, 200);
    house.revoke(&id);
    assert_eq!(house.get(&format!("GET {next}"), &token).await.status, 401);
    // What the fresh token may not search, no old page leads to.
    house.get(&format!("GET {next}"), &house.token("patient/Observation.r")).await.refused(403, "forbidden");
}

#[tokio::test]
async fn rest_45_what_a_token_may_not_search_changes_no_total_page_or_link() {
    let house = House::new();
    let (patient, made) = with_observations(&house, 4).await;
    let condition = format!(r#"{{"resourceType":"Condition","subject":{{"reference":"{patient}"}}}}"#);
    let both = "?_type=Observation,Condition&_count=2";
    let narrow = house.token("patient/Observation.rs");
    let all = house.token("patient/*.rs");
    let shape = |page: &super::Found| (page.total(), page.matches().len(), page.link("next").is_some());
    let before = shape(&found(&house.get("GET /fhir?_count=2&_total=accurate", &narrow).await));
    for _ in 0..3 {
        house.make(&condition).await;
    }
    assert_eq!(shape(&found(&house.get("GET /fhir?_count=2&_total=accurate", &narrow).await)), before);
    assert_eq!(before, (Some(4), 2, true));
    assert_eq!(sorted(house.walk(&narrow, "?_count=3").await), made);
    assert_eq!(house.walk(&all, both).await.len(), 7);
    // A type that is named and may not be searched is refused, whether or not there is anything of it.
    house.get(&format!("GET /fhir{both}"), &narrow).await.refused(403, "forbidden");
    house.get("GET /fhir/Immunization", &narrow).await.refused(403, "forbidden");
}

#[tokio::test]
async fn rest_45_what_was_deleted_or_is_another_records_is_not_found() {
    let house = House::new();
    let (_, made) = with_observations(&house, 2).await;
    house.get(&format!("DELETE /fhir/{}", made[0]), &house.first).await;
    let left = house.find("Observation?_total=accurate").await;
    assert_eq!((left.matches(), left.total()), (vec![made[1].clone()], Some(1)));
    let other = found(&house.get("GET /fhir/Observation?_total=accurate", &house.second).await);
    assert_eq!((other.matches().len(), other.total(), other.link("next")), (0, Some(0), None));
    let id = made[1].split_once('/').unwrap().1;
    assert_eq!(found(&house.get(&format!("GET /fhir/Observation?_id={id}"), &house.second).await).total(), Some(0));
}
