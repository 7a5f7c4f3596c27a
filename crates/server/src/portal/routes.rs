//! Every address for people, on one page.

use axum::Router;
use axum::extract::{DefaultBodyLimit, Request};
use axum::http::HeaderName;
use axum::http::header::{
    ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_EXPOSE_HEADERS, CACHE_CONTROL, CONTENT_SECURITY_POLICY,
    REFERRER_POLICY, X_FRAME_OPTIONS,
};
use axum::middleware::Next;
use axum::response::Response;
use axum::routing::{MethodRouter, get, post};

use super::{
    access, assets, commit, door, entry, export, file, history, home, import, search, timeline, trend, verify,
};
use crate::app::App;
use crate::respond::set;

/// Nothing runs and nothing loads but what this origin serves: no inline script, no inline style, no other origin.
const POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; \
    frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// What answers under an address.
type Answering = fn() -> MethodRouter<App>;

/// The addresses for people: method, path, what answers. Those under `/r/` are of one record and need a session for it; what comes
/// by POST there carries the session's form token. The router is made from this table, and a test refuses every line of it.
const PLACES: [(&str, &str, Answering); 32] = [
    ("GET", "/", || get(door::front)),
    ("GET", "/sign-in/{link}", || get(door::look)),
    ("POST", "/sign-in", || post(door::enter)),
    ("POST", "/sign-out", || post(door::leave)),
    ("GET", "/assets/{name}", || get(assets::asset)),
    ("GET", "/r/{record}", || get(home::home)),
    ("GET", "/r/{record}/timeline", || get(timeline::timeline)),
    ("GET", "/r/{record}/search", || get(search::ask)),
    ("POST", "/r/{record}/search", || post(search::found)),
    ("POST", "/r/{record}/search/typing", || post(search::typing)),
    ("GET", "/r/{record}/list/{kind}", || get(timeline::list)),
    ("GET", "/r/{record}/trend/{id}", || get(trend::trend)),
    ("GET", "/r/{record}/file/{type}/{id}/{place}", || get(file::file)),
    ("GET", "/r/{record}/e/{type}/{id}", || get(entry::entry)),
    ("GET", "/r/{record}/e/{type}/{id}/v/{version}", || get(entry::version)),
    ("GET", "/r/{record}/history", || get(history::history)),
    ("GET", "/r/{record}/history/verify", || get(verify::ask)),
    ("POST", "/r/{record}/history/verify", || post(verify::prove)),
    ("GET", "/r/{record}/history/{commit}", || get(commit::commit)),
    ("GET", "/r/{record}/history/{commit}/undo", || get(commit::ask_undo)),
    ("POST", "/r/{record}/history/{commit}/undo", || post(commit::undo)),
    ("GET", "/r/{record}/access", || get(access::access)),
    ("GET", "/r/{record}/import", || get(import::choose)),
    // What comes in is counted as it comes; there is no bound on the body as a whole.
    ("POST", "/r/{record}/import", || post(import::receive).layer(DefaultBodyLimit::disable())),
    ("GET", "/r/{record}/import/job/{job}", || get(import::job)),
    ("POST", "/r/{record}/import/job/{job}", || post(import::decide)),
    ("GET", "/r/{record}/import/{import}", || get(import::one)),
    ("GET", "/r/{record}/import/{import}/kept-aside", || get(import::kept_aside_file)),
    ("GET", "/r/{record}/import/{import}/undo", || get(import::ask_undo)),
    ("POST", "/r/{record}/import/{import}/undo", || post(import::undo)),
    ("GET", "/r/{record}/export", || get(export::choose)),
    ("POST", "/r/{record}/export", || post(export::fetch)),
];

/// The addresses for people, as the router knows them: method and path.
pub fn portal_addresses() -> impl Iterator<Item = (&'static str, &'static str)> {
    PLACES.iter().map(|(method, path, _)| (*method, *path))
}

/// The routes for people.
pub(crate) fn portal_routes() -> Router<App> {
    PLACES.iter().fold(Router::new(), |routes, (_, path, answering)| routes.route(path, answering()))
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
