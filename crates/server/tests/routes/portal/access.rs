//! Who looked: own looks apart from what was given out.

use super::Guest;
use crate::house::House;

#[tokio::test]
async fn aud_7_own_looks_are_told_apart_from_what_was_given_out() {
    let house = House::new();
    let id = house.patient().await;
    let guest = Guest::new(&house, 1).await;
    house.get(&format!("GET /fhir/Patient/{id}"), &house.first).await;
    house
        .get(&format!("GET /fhir/Patient/{id}"), &house.token("patient/Observation.rs"))
        .await
        .refused(403, "forbidden");
    guest.page(&format!("/r/1/e/Patient/{id}")).await;
    let page = guest.page("/r/1/access").await;
    for expect in
        ["own look", "given out", "refused", "The program tester", "signed in here", "the page of an entry (Patient)"]
    {
        assert!(page.contains(expect), "{expect}: {page}");
    }
    assert!(page.contains(&format!("href=\"/r/1/e/Patient/{id}\"")));
    assert!(page.contains("may have seen anything their grant admits"), "it is not closed yet: {page}");
    let others = guest.page("/r/1/access?only=others").await;
    assert!(!others.contains(">own look<") && others.contains(">given out<"), "{others}");
    house.phr.close().unwrap();
    let closed = guest.page("/r/1/access").await;
    assert!(!closed.contains("may have seen anything") && closed.contains("was done after"), "{closed}");
}

#[tokio::test]
async fn a_long_access_log_has_pages_and_nothing_is_on_two() {
    let house = House::new();
    let guest = Guest::new(&house, 1).await;
    for _ in 0..60 {
        guest.page("/r/1/history").await;
        house.phr.flush_access_log().unwrap();
    }
    let (mut path, mut n_lines) = ("/r/1/access".to_owned(), Vec::new());
    loop {
        let page = guest.page(&path).await;
        n_lines.push(page.matches("class=\"entry-line\"").count());
        let Some(rest) = page.split("/r/1/access?before=").nth(1) else { break };
        path = format!("/r/1/access?before={}", rest.split('"').next().unwrap());
    }
    assert_eq!(n_lines[0], 50);
    assert!(n_lines.len() == 2 && n_lines[1] >= 12, "{n_lines:?}");
}

#[tokio::test]
async fn a_hostile_name_of_a_program_stays_a_text() {
    let house = House::new();
    let guest = Guest::new(&house, 1).await;
    let scopes = mecum_record::access::ScopeSet::parse("patient/*.rs").unwrap();
    let name = "<script>alert(1)</script>";
    let record = Some(mecum_record::ids::RecordId(1));
    let token =
        mecum_phr::token::issue(&house.phr, &crate::house::operator(), name, record, &scopes, 60_000_000).unwrap();
    house.get("GET /fhir/_history", &token.token).await;
    let page = guest.page("/r/1/access").await;
    assert!(!page.contains("<script>alert") && page.contains("&#60;script&#62;alert"), "{page}");
}
