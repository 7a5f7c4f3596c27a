//! Carrying the record away by hand.

use axum::http::StatusCode;

use super::Guest;
use crate::house::House;

#[tokio::test]
async fn phr_53_every_kind_of_file_is_fetched_under_a_name_that_says_nothing() {
    let house = House::new();
    house.patient().await;
    let guest = Guest::new(&house, 1).await;
    let long = "six+words+that+do+not+belong+together";
    let chosen = format!("format=sphr&seal=chosen&passphrase={long}&again={long}");
    for (fields, ending, start) in [
        ("format=phr", "phr", "{"),
        ("format=ndjson", "ndjson", "{"),
        ("format=bundle", "json", "{"),
        ("format=sphr&seal=open", "sphr", "PK"),
        ("format=sphr&seal=own", "sphr", "PK"),
        (chosen.as_str(), "sphr", "PK"),
        ("format=phr&start=2020&end=2024-03", "phr", "{"),
    ] {
        let file = guest.post("/r/1/export", fields).await;
        assert_eq!(file.status, StatusCode::OK, "{fields}: {}", file.text());
        let name = format!("attachment; filename=\"health-record.{ending}\"");
        assert_eq!(file.header("content-disposition"), name, "{fields}");
        assert!(file.text().starts_with(start), "{fields}");
        if start == "{" {
            assert!(file.text().contains("\"Patient\""), "{fields}");
        }
    }
    house.phr.flush_access_log().unwrap();
    let log = guest.page("/r/1/access").await;
    assert!(log.contains("began to read: export sphr"), "{log}");
}

#[tokio::test]
async fn phr_55_what_is_wrong_is_told_beside_its_field_and_the_rest_is_kept() {
    let house = House::new();
    let guest = Guest::new(&house, 1).await;
    for (fields, wrong, sentence) in [
        ("format=pdf", "format-wrong", "Choose one of these"),
        ("format=sphr&seal=magic", "seal-wrong", "Choose one of these"),
        ("format=sphr&seal=chosen", "passphrase-wrong", "Type the passphrase"),
        ("format=sphr&seal=chosen&passphrase=a&again=b", "again-wrong", "are not the same"),
        ("format=sphr&seal=chosen&passphrase=short&again=short", "passphrase-wrong", "at least 24 characters"),
        ("format=phr&start=nonsense", "start-wrong", ""),
        ("format=phr&start=2020&end=nonsense", "end-wrong", ""),
        ("format=phr&start=2021&end=2020", "start-wrong", "the start is after the end"),
    ] {
        let answer = guest.post("/r/1/export", &format!("{fields}&dummy=1")).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{fields}");
        let page = answer.text();
        assert!(page.contains(&format!("id=\"{wrong}\"")) && page.contains(sentence), "{fields}: {page}");
        assert!(!page.contains("value=\"short\""), "a passphrase is not sent back");
    }
    let kept = guest.post("/r/1/export", "format=ndjson&start=%22%3E%3Cb%3E&end=2024").await.text();
    assert!(kept.contains("value=\"ndjson\" checked") && kept.contains("value=\"2024\""), "{kept}");
    assert!(kept.contains("value=\"&#34;&#62;&#60;b&#62;\"") && !kept.contains("\"><b>"), "{kept}");
}

#[tokio::test]
async fn a_passphrase_in_an_address_is_not_listened_to() {
    let house = House::new();
    let guest = Guest::new(&house, 1).await;
    let page = guest.page("/r/1/export?format=sphr&passphrase=secret&again=secret").await;
    assert!(!page.contains("secret"), "{page}");
    assert_eq!(house.send("GET /r/1/export", &[], "").await.status, StatusCode::UNAUTHORIZED);
}
