//! Looking for words on a page, and the answers that arrive while somebody types.

use axum::http::StatusCode;
use mecum_phr::commits::{AccessKind, access_log};
use mecum_record::ids::RecordId;

use super::Guest;
use crate::house::{House, operator};

async fn with_pulses(house: &House) {
    for text in ["resting pulse", "pulse <b>after</b> a walk", "weight"] {
        let body = format!(r#"{{"resourceType":"Observation","status":"final","code":{{"text":"{text}"}}}}"#);
        let made = house.put("POST /fhir/Observation", &house.first, &body).await;
        assert_eq!(made.status, StatusCode::CREATED, "{}", made.text());
    }
}

#[tokio::test]
async fn answers_while_typing_are_a_piece_of_the_page_with_its_count() {
    let house = House::new();
    with_pulses(&house).await;
    let guest = Guest::new(&house, 1).await;
    let answer = guest.post("/r/1/search/typing", "what=pul").await;
    assert_eq!((answer.status, answer.header("cache-control")), (StatusCode::OK, "no-store"));
    let piece = answer.text();
    assert!(piece.contains("2 entries were found") && piece.contains("resting pulse"), "{piece}");
    assert!(!piece.contains("<html") && !piece.contains("<b>after") && !piece.contains("weight"), "{piece}");
    let page = guest.post("/r/1/search", "what=pul").await.text();
    for hit in piece.split("href=\"").skip(1).map(|rest| rest.split('"').next().unwrap()) {
        assert!(page.contains(hit), "the page without script finds the same: {hit}");
    }
    for (what, expect) in [("p", "at least three letters"), ("Patient%3Fx%3Dy", "at least three letters")] {
        let short = guest.post("/r/1/search/typing", &format!("what={what}")).await.text();
        assert!(short.contains(expect) && !short.contains("href"), "{what}: {short}");
    }
    let none = guest.post("/r/1/search/typing", "what=zebra").await.text();
    assert!(none.contains("Nothing was found") && none.contains("Try one word alone"), "{none}");
    let empty = guest.post("/r/1/search/typing", "what=").await.text();
    assert!(!empty.contains("<p") && !empty.contains("<section"), "{empty}");
}

#[tokio::test]
async fn the_search_page_brings_its_script_and_works_by_its_button() {
    let house = House::new();
    let guest = Guest::new(&house, 1).await;
    let page = guest.page("/r/1/search").await;
    assert!(page.contains("data-typing=\"/r/1/search/typing\"") && page.contains("type=\"submit\""), "{page}");
    let script = page.split("<script type=\"module\" src=\"").nth(1).unwrap().split('"').next().unwrap();
    let asset = guest.get(script).await;
    assert_eq!(asset.header("content-type"), "text/javascript; charset=utf-8");
    assert!(asset.text().contains("data-typing") && asset.header("cache-control").contains("immutable"));
}

#[tokio::test]
async fn aud_7_somebody_who_types_is_one_look_that_names_all_that_was_shown() {
    let house = House::new();
    with_pulses(&house).await;
    let guest = Guest::new(&house, 1).await;
    house.phr.flush_access_log().unwrap();
    for what in ["pul", "puls", "pulse", "weight"] {
        guest.post("/r/1/search/typing", &format!("what={what}")).await;
    }
    house.phr.flush_access_log().unwrap();
    let lines = access_log(&house.phr, &operator(), RecordId(1), i64::MAX, 50).unwrap().deliver();
    let looks = lines.iter().filter(|line| line.kind == AccessKind::Look);
    let searches = looks.flat_map(|line| line.detail["requests"].as_array().unwrap());
    let searches: Vec<_> = searches.filter(|request| request["asked"] == "page search").collect();
    assert_eq!(searches.len(), 1, "{searches:?}");
    assert_eq!(searches[0]["count"], 3, "each entry once: {searches:?}");
    assert_eq!(searches[0]["resources"].as_array().unwrap().len(), 3);
    assert!(!searches[0].to_string().contains("puls"), "what was typed is not written down");
}
