//! The history: what a change did, its undo and the proof.

use axum::http::StatusCode;

use super::Guest;
use crate::house::House;

/// A Patient that was changed once; her id.
async fn changed(house: &House) -> String {
    let id = house.patient().await;
    let text = format!(r#"{{"resourceType":"Patient","id":"{id}","active":false,"name":[{{"family":"<i>Lund"}}]}}"#);
    let changed = house.put(&format!("PUT /fhir/Patient/{id}"), &house.first, &text).await;
    assert_eq!(changed.status, StatusCode::OK, "{}", changed.text());
    id
}

#[tokio::test]
async fn phr_91_a_change_is_told_in_words_with_before_and_after() {
    let house = House::new();
    let id = changed(&house).await;
    let guest = Guest::new(&house, 1).await;
    let history = guest.page("/r/1/history").await;
    let place = |commit: &str| history.find(&format!("href=\"/r/1/history/{commit}\"")).unwrap();
    assert!(place("2") < place("1"), "the newest first");
    let second = guest.page("/r/1/history/2").await;
    for expect in ["Active", "<del><bdi>true</bdi></del>", "<ins><bdi>false</bdi></ins>", "/undo\""] {
        assert!(second.contains(expect), "{expect}: {second}");
    }
    assert!(second.contains(&format!("/r/1/e/Patient/{id}/v/2")) && !second.contains("<i>Lund"), "{second}");
    assert!(guest.page("/r/1/history/1").await.contains(">new</span>"));
}

#[tokio::test]
async fn a_long_history_has_pages() {
    let house = House::new();
    for _ in 0..52 {
        house.patient().await;
    }
    let guest = Guest::new(&house, 1).await;
    let first = guest.page("/r/1/history").await;
    assert_eq!(first.matches("class=\"entry-line\"").count(), 50);
    assert!(first.contains("/r/1/history?before=3"), "{first}");
    let second = guest.page("/r/1/history?before=3").await;
    assert_eq!(second.matches("class=\"entry-line\"").count(), 2);
    assert!(!second.contains("before="));
}

#[tokio::test]
async fn phr_59_taking_back_is_asked_first_and_tells_what_was_kept() {
    let house = House::new();
    let id = changed(&house).await;
    let guest = Guest::new(&house, 1).await;
    let asked = guest.page("/r/1/history/1/undo").await;
    assert!(asked.contains("action=\"/r/1/history/1/undo\"") && asked.contains(&guest.form));
    let kept = guest.post("/r/1/history/1/undo", "").await;
    assert_eq!(kept.status, StatusCode::OK, "{}", kept.text());
    let kept = kept.text();
    assert!(kept.contains("One entry was changed since") && kept.contains(&format!("/r/1/e/Patient/{id}")), "{kept}");
    let undone = guest.post("/r/1/history/2/undo", "").await.text();
    assert!(undone.contains("One entry is again what it was before"), "{undone}");
    assert!(house.get(&format!("GET /fhir/Patient/{id}"), &house.first).await.text().contains("\"active\":true"));
    let again = guest.post("/r/1/history/2/undo", "").await;
    assert_eq!(again.status, StatusCode::CONFLICT);
    assert!(guest.page("/r/1/history/2/undo").await.contains("was taken back by change"));
    assert!(guest.page("/r/1/history/2").await.contains("was taken back by change"));
}

#[tokio::test]
async fn phr_91_the_proof_is_shown_and_one_noted_earlier_is_held_against_the_record() {
    let house = House::new();
    house.patient().await;
    let guest = Guest::new(&house, 1).await;
    assert!(guest.page("/r/1/history/verify").await.contains("name=\"head\""));
    let proven = guest.post("/r/1/history/verify", "head=").await;
    assert_eq!(proven.status, StatusCode::OK);
    let page = proven.text();
    assert!(page.contains("Everything is as it was written"), "{page}");
    let head = page.split("<code>1:").nth(1).unwrap().split('<').next().unwrap();
    house.patient().await;
    for (head, expect) in [
        (format!("1:{head}"), "holds the proof you noted"),
        (format!("1:{}", "0".repeat(64)), "written anew"),
        (format!("9:{head}"), "set back to an earlier state"),
    ] {
        let told = guest.post("/r/1/history/verify", &format!("head={head}")).await.text();
        assert!(told.contains(expect), "{expect}: {told}");
    }
    let wrong = guest.post("/r/1/history/verify", "head=%22%3E%3Cscript%3E").await;
    assert_eq!(wrong.status, StatusCode::BAD_REQUEST);
    let wrong = wrong.text();
    assert!(wrong.contains("This is no proof") && wrong.contains("aria-invalid"), "{wrong}");
    assert!(wrong.contains("value=\"&#34;&#62;&#60;script&#62;\""), "the rest of the form is kept: {wrong}");
}
