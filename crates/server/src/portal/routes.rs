//! Every address for people, on one page.

use axum::Router;
use axum::extract::Request;
use axum::http::HeaderName;
use axum::http::header::{
    ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_EXPOSE_HEADERS, CACHE_CONTROL, CONTENT_SECURITY_POLICY,
    REFERRER_POLICY, X_FRAME_OPTIONS,
};
use axum::middleware::Next;
use axum::response::Response;
use axum::routing::{get, post};

use super::{assets, door, entry, file, home, timeline, trend};
use crate::app::App;
use crate::respond::set;

/// Nothing runs and nothing loads but what this origin serves: no inline script, no inline style, no other origin.
const POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; \
    frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// The addresses for people. Those under `/r/` are of one record and need a session for it.
pub(crate) fn portal_routes() -> Router<App> {
    Router::new()
        .route("/", get(door::front))
        .route("/sign-in/{link}", get(door::look))
        .route("/sign-in", post(door::enter))
        .route("/sign-out", post(door::leave))
        .route("/assets/{name}", get(assets::asset))
        .route("/r/{record}", get(home::home))
        .route("/r/{record}/timeline", get(timeline::timeline))
        .route("/r/{record}/list/{kind}", get(timeline::list))
        .route("/r/{record}/e/{type}/{id}", get(entry::entry))
        .route("/r/{record}/file/{type}/{id}/{place}", get(file::file))
        .route("/r/{record}/trend/{id}", get(trend::trend))
        .route("/r/{record}/e/{type}/{id}/v/{version}", get(entry::version))
}

/// What every page says to the browser, beyond what every answer says.
pub(crate) async fn guard(request: Request, next: Next) -> Response {
    let is_page = !request.uri().path().starts_with("/fhir");
    let mut response = next.run(request).await;
    if is_page {
        let headers = response.headers_mut();
        // Other sites' scripts may call FHIR by token; they have no business with pages.
        headers.remove(ACCESS_CONTROL_ALLOW_ORIGIN);
        headers.remove(ACCESS_CONTROL_EXPOSE_HEADERS);
        let has_own = |name: &HeaderName| headers.contains_key(name);
        let (policy, cache) = (!has_own(&CONTENT_SECURITY_POLICY), !has_own(&CACHE_CONTROL));
        if policy {
            set(headers, CONTENT_SECURITY_POLICY, POLICY);
        }
        if cache {
            set(headers, CACHE_CONTROL, "no-store");
        }
        set(headers, X_FRAME_OPTIONS, "SAMEORIGIN");
        set(headers, REFERRER_POLICY, "no-referrer");
        set(headers, HeaderName::from_static("cross-origin-opener-policy"), "same-origin");
        set(headers, HeaderName::from_static("cross-origin-resource-policy"), "same-origin");
        set(headers, HeaderName::from_static("permissions-policy"), "camera=(), microphone=(), geolocation=()");
    }
    response
}
