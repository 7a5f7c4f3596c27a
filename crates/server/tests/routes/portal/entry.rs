//! The page of an entry: what changed between its versions, and who looked at it.

use axum::http::StatusCode;

use super::Guest;
use crate::house::House;

/// A Patient in two versions; her id.
async fn in_two_versions(house: &House) -> String {
    let id = house.patient().await;
    let text = format!(r#"{{"resourceType":"Patient","id":"{id}","active":false,"name":[{{"family":"<i>Lund"}}]}}"#);
    let changed = house.put(&format!("PUT /fhir/Patient/{id}"), &house.first, &text).await;
    assert_eq!(changed.status, StatusCode::OK, "{}", changed.text());
    id
}

#[tokio::test]
async fn phr_91_a_version_stands_beside_the_one_before_it_in_words() {
    let house = House::new();
    let id = in_two_versions(&house).await;
    let guest = Guest::new(&house, 1).await;
    for path in [format!("/r/1/e/Patient/{id}"), format!("/r/1/e/Patient/{id}/v/2")] {
        let page = guest.page(&path).await;
        for expect in [
            "What changed in version 2",
            "<del><bdi>true</bdi></del>",
            "<ins><bdi>false</bdi></ins>",
            ">changed</span>",
            ">added</span>",
            "&#60;i&#62;Lund",
            "<th scope=\"col\">Version 1</th>",
        ] {
            assert!(page.contains(expect), "{expect}: {page}");
        }
    }
    let first = guest.page(&format!("/r/1/e/Patient/{id}/v/1")).await;
    assert!(!first.contains("What changed") && first.contains("This is an older version"), "{first}");
}

#[tokio::test]
async fn an_entry_that_was_deleted_and_brought_back_is_compared_with_what_was_deleted() {
    let house = House::new();
    let id = in_two_versions(&house).await;
    let gone = house.get(&format!("DELETE /fhir/Patient/{id}"), &house.first).await;
    assert!(gone.status.is_success(), "{}", gone.text());
    let guest = Guest::new(&house, 1).await;
    assert_eq!(guest.get(&format!("/r/1/e/Patient/{id}")).await.status, StatusCode::GONE);
    let text = format!(r#"{{"resourceType":"Patient","id":"{id}","active":true,"name":[{{"family":"<i>Lund"}}]}}"#);
    house.put(&format!("PUT /fhir/Patient/{id}"), &house.first, &text).await;
    let page = guest.page(&format!("/r/1/e/Patient/{id}")).await;
    for expect in ["What changed in version 4", "Version 3 was a deletion", "<del><bdi>false</bdi></del>"] {
        assert!(page.contains(expect), "{expect}: {page}");
    }
    assert!(!page.contains("<ins><bdi>&#60;i&#62;Lund"), "what is the same is not listed: {page}");
}

#[tokio::test]
async fn aud_7_who_looked_at_an_entry_stands_on_its_page() {
    let house = House::new();
    let (seen, unseen) = (house.patient().await, house.patient().await);
    house.get(&format!("GET /fhir/Patient/{seen}"), &house.first).await;
    let guest = Guest::new(&house, 1).await;
    guest.page(&format!("/r/1/e/Patient/{seen}")).await;
    house.phr.flush_access_log().unwrap();
    let page = guest.page(&format!("/r/1/e/Patient/{seen}")).await;
    for expect in [
        "The program tester received it: POST Patient, GET Patient",
        "(signed in here) looked at it: the page of an entry",
    ] {
        assert!(page.contains(expect), "{expect}: {page}");
    }
    assert!(page.contains(&format!("/r/1/access?entry=Patient/{seen}")), "{page}");
    let log = guest.page(&format!("/r/1/access?entry=Patient/{seen}")).await;
    assert!(
        log.contains("The program tester received it: POST Patient, GET Patient") && !log.contains("began to read"),
        "{log}"
    );
    let other = guest.page(&format!("/r/1/e/Patient/{unseen}")).await;
    assert!(!other.contains("GET Patient"), "{other}");
    for wrong in ["entry=Patient", "entry=Nothing/1", "entry=Patient/%3Cscript%3E"] {
        assert_eq!(guest.get(&format!("/r/1/access?{wrong}")).await.status, StatusCode::NOT_FOUND, "{wrong}");
    }
}

#[tokio::test]
async fn aud_7_what_left_as_a_whole_may_have_held_the_entry_and_is_said_so() {
    let house = House::new();
    let id = house.patient().await;
    let guest = Guest::new(&house, 1).await;
    let exported = guest.post("/r/1/export", "format=phr&seal=open").await;
    assert_eq!(exported.status, StatusCode::OK);
    let page = guest.page(&format!("/r/1/access?entry=Patient/{id}")).await;
    assert!(page.contains("may have received it, among what went out as a whole"), "{page}");
}
