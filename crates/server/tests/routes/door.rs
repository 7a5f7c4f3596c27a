//! Signing in at the portal, and every page refused to whoever may not open it.

use axum::body::Body;
use axum::http::StatusCode;
use mecum_phr::sign_in;
use mecum_record::ids::RecordId;

use crate::house::{House, operator};

pub(crate) const FORM: (&str, &str) = ("content-type", "application/x-www-form-urlencoded");

fn link(house: &House, records: &[i64]) -> String {
    let records: Vec<RecordId> = records.iter().map(|number| RecordId(*number)).collect();
    sign_in::issue_link(&house.phr, &operator(), &records).unwrap().to_string()
}

/// The cookie of a new session.
pub(crate) async fn signed_in(house: &House, records: &[i64]) -> String {
    let link = link(house, records);
    let entered = house.send("POST /sign-in", &[FORM], format!("link={link}")).await;
    assert_eq!(entered.status, StatusCode::SEE_OTHER, "{}", entered.text());
    let cookie = entered.header("set-cookie");
    cookie.split(';').next().unwrap().to_owned()
}

pub(crate) fn form_token(page: &str) -> String {
    page.split("name=\"form\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned()
}

#[tokio::test]
async fn a_sign_in_link_is_used_by_its_button_and_not_by_looking_at_it() {
    let house = House::new();
    let link = link(&house, &[1]);
    for _ in 0..3 {
        let looked = house.send(&format!("GET /sign-in/{link}"), &[], Body::empty()).await;
        assert_eq!(looked.status, StatusCode::OK);
        assert!(looked.headers.get("set-cookie").is_none() && looked.text().contains(&link));
    }
    let entered = house.send("POST /sign-in", &[FORM], format!("link={link}")).await;
    assert_eq!((entered.status, entered.header("location")), (StatusCode::SEE_OTHER, "/"));
    let cookie = entered.header("set-cookie");
    for part in ["__Host-mecum=", "; HttpOnly", "; SameSite=Strict", "; Secure", "; Path=/"] {
        assert!(cookie.contains(part), "{part} in {cookie}");
    }
    for request in [format!("GET /sign-in/{link}"), "POST /sign-in".to_owned()] {
        let again = house.send(&request, &[FORM], format!("link={link}")).await;
        assert_eq!(again.status, StatusCode::GONE, "{request}");
        assert!(again.headers.get("set-cookie").is_none());
    }
}

#[tokio::test]
async fn of_many_who_press_the_button_at_once_one_gets_in() {
    let house = House::new();
    let link = link(&house, &[1]);
    let press = || house.send("POST /sign-in", &[FORM], format!("link={link}"));
    let pressed = futures_util::future::join_all((0..16).map(|_| press())).await;
    assert_eq!(pressed.iter().filter(|answer| answer.status == StatusCode::SEE_OTHER).count(), 1);
}

#[tokio::test]
async fn a_session_opens_its_records_and_no_other() {
    let house = House::new();
    let cookie = signed_in(&house, &[1]).await;
    let own = house.send("GET /r/1", &[("cookie", &cookie)], Body::empty()).await;
    assert_eq!((own.status, own.header("cache-control")), (StatusCode::OK, "no-store"));
    let others = house.send("GET /r/2", &[("cookie", &cookie)], Body::empty()).await;
    let nobodys = house.send("GET /r/77", &[("cookie", &cookie)], Body::empty()).await;
    assert_eq!((others.status, nobodys.status), (StatusCode::NOT_FOUND, StatusCode::NOT_FOUND));
    assert_eq!(others.text(), nobodys.text(), "nobody learns which records there are");
    let both = signed_in(&house, &[1, 2]).await;
    let page = house.send("GET /r/2", &[("cookie", &both)], Body::empty()).await.text();
    assert!(page.contains("second") && page.contains("href=\"/r/1\""), "{page}");
}

#[tokio::test]
async fn signing_out_takes_the_form_of_the_session_itself_and_ends_it() {
    let house = House::new();
    let (cookie, other) = (signed_in(&house, &[1]).await, signed_in(&house, &[1]).await);
    let page = |cookie: String| {
        let house = &house;
        async move { house.send("GET /r/1", &[("cookie", &cookie)], Body::empty()).await }
    };
    let foreign = form_token(&page(other.clone()).await.text());
    let leave = |cookie: String, form: String| {
        let house = &house;
        async move { house.send("POST /sign-out", &[FORM, ("cookie", &cookie)], format!("form={form}")).await.status }
    };
    assert_eq!(leave(cookie.clone(), foreign).await, StatusCode::FORBIDDEN);
    assert_eq!(page(cookie.clone()).await.status, StatusCode::OK, "nothing was ended");
    let own = form_token(&page(cookie.clone()).await.text());
    assert_eq!(leave(cookie.clone(), own).await, StatusCode::SEE_OTHER);
    assert_eq!(page(cookie).await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(page(other).await.status, StatusCode::OK, "another session stands");
}

#[tokio::test]
async fn no_page_of_a_record_is_shown_without_its_session() {
    let house = House::new();
    let token = format!("Bearer {}", house.first);
    for cookie in ["", "mecum=", "mecum=guessed", "__Host-mecum=a; mecum=b"] {
        let refused = house.send("GET /r/1", &[("cookie", cookie), ("authorization", &token)], Body::empty()).await;
        assert_eq!(refused.status, StatusCode::UNAUTHORIZED, "{cookie}: a token is for programs");
    }
}

#[tokio::test]
async fn every_page_forbids_what_it_does_not_need() {
    let house = House::new();
    for path in ["/", "/r/1", "/sign-in/x", "/nothing"] {
        let page = house.send(&format!("GET {path}"), &[], Body::empty()).await;
        let policy = page.header("content-security-policy");
        assert!(policy.starts_with("default-src 'none'") && !policy.contains("unsafe"), "{path}: {policy}");
        assert!(page.headers.get("access-control-allow-origin").is_none(), "{path}");
        for (name, value) in [("x-content-type-options", "nosniff"), ("referrer-policy", "no-referrer")] {
            assert_eq!(page.header(name), value, "{path}");
        }
    }
}

#[tokio::test]
async fn the_holders_own_look_is_a_line_and_no_disclosure() {
    let house = House::new();
    let cookie = signed_in(&house, &[1]).await;
    house.send("GET /r/1", &[("cookie", &cookie)], Body::empty()).await;
    house.phr.flush_access_log().unwrap();
    let lines = mecum_phr::commits::access_log(&house.phr, &operator(), RecordId(1), i64::MAX, 50).unwrap().deliver();
    let kinds: Vec<&str> = lines.iter().map(|line| line.kind.word()).collect();
    assert!(kinds.contains(&"look") && !kinds.contains(&"opened"), "{kinds:?}");
}
