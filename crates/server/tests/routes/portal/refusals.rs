//! Every address of a record is refused to whoever may not open it: the list is the router's own table.

use axum::http::StatusCode;

use super::Guest;
use crate::door::FORM;
use crate::house::House;

/// The addresses of a record, filled in.
fn addresses(record: i64) -> Vec<(&'static str, String)> {
    let filled = |path: &str| {
        let path = path.replace("{record}", &record.to_string()).replace("{type}", "Patient").replace("{job}", "a");
        let path = path.replace("{kind}", "problems");
        ["{id}", "{version}", "{commit}", "{import}", "{place}"]
            .into_iter()
            .fold(path, |path, name| path.replace(name, "1"))
    };
    let addresses: Vec<_> = mecum_server::portal_addresses()
        .filter(|(_, path)| path.starts_with("/r/"))
        .map(|(method, path)| (method, filled(path)))
        .collect();
    assert!(addresses.len() > 15 && addresses.iter().all(|(_, path)| !path.contains('{')), "{addresses:?}");
    addresses
}

#[tokio::test]
async fn every_address_of_a_record_is_refused_without_a_session() {
    let house = House::new();
    let token = format!("Bearer {}", house.first);
    for (method, path) in addresses(1) {
        for cookie in ["", "mecum=guessed"] {
            let headers = [FORM, ("cookie", cookie), ("authorization", token.as_str())];
            let refused = house.send(&format!("{method} {path}"), &headers, "form=x").await;
            assert_eq!(refused.status, StatusCode::UNAUTHORIZED, "{method} {path}: {}", refused.text());
        }
    }
}

#[tokio::test]
async fn every_address_of_anothers_record_is_not_there() {
    let house = House::new();
    let guest = Guest::new(&house, 1).await;
    for record in [2, 3, 0, -1] {
        for (method, path) in addresses(record) {
            let body = format!("form={}", guest.form);
            let line = format!("{method} {path}");
            let refused = house.send(&line, &[FORM, ("cookie", guest.cookie.as_str())], body).await;
            assert_eq!(refused.status, StatusCode::NOT_FOUND, "{line}: {}", refused.text());
        }
    }
}

#[tokio::test]
async fn every_form_without_the_token_of_its_session_is_refused() {
    let house = House::new();
    let (guest, other) = (Guest::new(&house, 1).await, Guest::new(&house, 1).await);
    assert_ne!(guest.form, other.form);
    let posts: Vec<_> = addresses(1).into_iter().filter(|(method, _)| *method == "POST").collect();
    assert!(posts.len() >= 6, "{posts:?}");
    for (method, path) in posts {
        for body in [String::new(), "form=".to_owned(), format!("form={}", other.form)] {
            let line = format!("{method} {path}");
            let refused = house.send(&line, &[FORM, ("cookie", guest.cookie.as_str())], body.clone()).await;
            assert_eq!(refused.status, StatusCode::FORBIDDEN, "{line} {body}: {}", refused.text());
        }
    }
    for token in ["", other.form.as_str()] {
        let refused = guest.upload_with("/r/1/import", token, &[("a.phr", b"{}")]).await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN);
    }
    assert!(guest.page("/r/1/history").await.contains("Nothing was changed yet"), "nothing was done");
}

#[tokio::test]
async fn an_address_that_names_nothing_is_not_there() {
    let house = House::new();
    let guest = Guest::new(&house, 1).await;
    for path in
        ["history/99", "history/x", "history/99/undo", "import/99", "import/x", "import/99/undo", "import/9/kept-aside"]
    {
        assert_eq!(guest.get(&format!("/r/1/{path}")).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    assert_eq!(guest.post("/r/1/history/99/undo", "").await.status, StatusCode::NOT_FOUND);
    assert_eq!(guest.post("/r/1/import/99/undo", "").await.status, StatusCode::NOT_FOUND);
    assert_eq!(guest.post("/r/1/import/job/a", "act=take&source=x").await.status, StatusCode::NOT_FOUND);
    assert_eq!(guest.get("/r/1/import/job/a").await.header("location"), "/r/1/import");
}
