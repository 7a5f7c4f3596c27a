//! The home page: what was brought in last, what needs a look, and what an empty record says.

use super::Guest;
use super::import::brought_in;
use crate::house::House;

const LINES: &str = concat!(
    r#"{"resourceType":"Patient","id":"p","identifier":[{"system":"urn:s","value":"1"}],"birthDate":"1970-01-01"}"#,
    "\n",
    r#"{"resourceType":"AllergyIntolerance","id":"a","code":{"text":"penicillin"},"verificationStatus":{"coding":[{"code":"refuted"}]},"patient":{"reference":"Patient/p"},"recorder":{"reference":"Practitioner/nobody"}}"#,
    "\nnot <b>a resource\n"
);

#[tokio::test]
async fn an_empty_record_says_how_it_fills() {
    let house = House::new();
    let guest = Guest::new(&house, 1).await;
    let page = guest.page("/r/1").await;
    for expect in ["This record is empty", "That does not mean there is none", "Nothing was brought in yet"] {
        assert!(page.contains(expect), "{expect}: {page}");
    }
    assert!(page.contains("href=\"/r/1/import\""), "{page}");
}

#[tokio::test]
async fn home_tells_what_came_last_and_what_needs_a_look_until_it_is_taken_back() {
    let house = House::new();
    let guest = Guest::new(&house, 1).await;
    brought_in(&guest, &[("visit.phr", LINES.as_bytes())], "Pulse").await;
    let page = guest.page("/r/1").await;
    for expect in [
        "Brought in last",
        "visit.phr",
        "2 new entries",
        "href=\"/r/1/import/1\"",
        "href=\"/r/1/history/1\"",
        "Pulse: one line could not be read and is kept aside",
        "Pulse: one reference leads nowhere",
        "Said not to be so, or entered in error",
        "penicillin",
    ] {
        assert!(page.contains(expect), "{expect}: {page}");
    }
    guest.post("/r/1/import/1/undo", "").await;
    let page = guest.page("/r/1").await;
    assert!(!page.contains("kept aside") && page.contains("Nothing was brought in yet"), "{page}");
}
