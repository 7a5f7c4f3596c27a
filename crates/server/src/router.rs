//! Every route on one page.

use std::sync::Arc;

use axum::Router;
use axum::extract::{DefaultBodyLimit, Request};
use axum::http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, ETAG, EXPIRES, LAST_MODIFIED, LINK, LOCATION};
use axum::http::{HeaderName, Method, Uri};
use axum::middleware::from_fn;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use mecum_phr::Phr;
use tower::Layer;
use tower::util::MapRequestLayer;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::cors::{Any, CorsLayer};

use crate::app::App;
use crate::error::{Refusal, caught, wrong_method};
use crate::fhir::{
    create, definitions, delete, everything, export, history, import, job, metadata, projected, read, search,
    transaction, update,
};
use crate::{health, portal, watch};

/// What can be done with every type, as the CapabilityStatement says it, what changes a resource last; the routes below are the
/// same in code.
pub(crate) const INTERACTIONS: [&str; 8] =
    ["read", "vread", "history-instance", "history-type", "search-type", "create", "update", "delete"];

/// What can be done with the whole system.
pub(crate) const SYSTEM_INTERACTIONS: [&str; 4] = ["transaction", "batch", "history-system", "search-system"];

/// The operations: name, definition, and the types they are also told of (PHR-51).
pub(crate) const OPERATIONS: [(&str, &str, &[&str]); 3] = [
    ("phr-export", "http://hl7.org/fhir/uv/phr/OperationDefinition/phr-export", &["Bundle", "Patient"]),
    ("import", "http://hl7.org/fhir/uv/phr/OperationDefinition/phr-import", &["Bundle"]),
    ("ehi-export", "urn:mecum:OperationDefinition:ehi-export", &["Patient"]),
];

/// The operations of a type alone.
pub(crate) const TYPE_OPERATIONS: [(&str, &str, &[&str]); 1] =
    [("everything", "http://hl7.org/fhir/OperationDefinition/Patient-everything", &["Patient"])];

/// The service for one record store, listening nowhere yet.
pub fn router(phr: Arc<Phr>) -> Router {
    routes(App::new(phr, false))
}

pub(crate) fn routes(app: App) -> Router {
    watch::counters();
    let routes = Router::new()
        .route("/health", get(health::health))
        .route("/ready", get(health::ready))
        .route("/metrics", get(health::metrics))
        .route("/fhir", get(search::of_system).post(transaction::transaction))
        .route("/fhir/_search", post(search::post_of_system))
        .route("/fhir/metadata", get(metadata::metadata))
        .route("/fhir/OperationDefinition/phr-export", get(definitions::export))
        .route("/fhir/OperationDefinition/phr-import", get(definitions::import))
        .route("/fhir/OperationDefinition/ehi-export", get(definitions::ehi_export))
        .route("/fhir/_history", get(history::system))
        .route("/fhir/Bundle/$phr-export", get(export::get).post(export::post))
        .route("/fhir/Patient/{id}/$phr-export", get(export::get_instance).post(export::post_instance))
        .route("/fhir/Patient/{id}/$ehi-export", post(job::ehi_export))
        .route("/fhir/job/{id}", get(job::status).delete(job::remove))
        .route("/fhir/job/{id}/{file}", get(job::file))
        // A form is counted by nobody before it is read: the bound of axum, 2 MB, would refuse most files.
        .route("/fhir/Bundle/$import", post(import::import).layer(DefaultBodyLimit::disable()))
        .route("/fhir/AuditEvent", get(projected::audit_events).post(create::audit_event))
        .route("/fhir/Provenance", get(projected::provenances).post(create::provenance))
        .route("/fhir/Patient/$everything", get(everything::get_type).post(everything::post_type))
        .route("/fhir/Patient/{id}/$everything", get(everything::get_instance).post(everything::post_instance))
        .route("/fhir/{type}", get(search::of_type).post(create::create))
        .route("/fhir/{type}/_search", post(search::post_of_type))
        .route("/fhir/{type}/_history", get(history::of_type))
        .route("/fhir/{type}/{id}", get(read::read).put(update::update).delete(delete::delete))
        .route("/fhir/{type}/{id}/_history", get(history::instance))
        .route("/fhir/{type}/{id}/_history/{version}", get(read::vread))
        .route("/fhir/{type}/{id}/{held}", get(search::in_compartment))
        .route("/fhir/{type}/{id}/{held}/_search", post(search::post_in_compartment))
        .merge(portal::portal_routes())
        .method_not_allowed_fallback(not_that_way)
        .fallback(nothing_here)
        .layer(CatchPanicLayer::custom(caught))
        .layer(from_fn(watch::watch))
        .with_state(app);
    // The address is trimmed before it is routed, so that `[base]` and `[base]/` are one (REST-15).
    Router::new()
        .fallback_service(MapRequestLayer::new(trimmed).layer(routes))
        .layer(cors())
        .layer(from_fn(portal::guard))
        .layer(from_fn(watch::guard))
}

async fn nothing_here() -> Refusal {
    Refusal::unknown_address("there is nothing under this address")
}

/// An operation that nobody knows is not there; anything else is there and takes other methods (REST-14).
async fn not_that_way(uri: Uri) -> Response {
    let last = uri.path().rsplit('/').next().unwrap_or_default();
    if last.starts_with('$') {
        return Refusal::unknown_address("there is no such operation here").into_response();
    }
    wrong_method().into_response()
}

/// Removes slashes at the end of the address.
fn trimmed(mut request: Request) -> Request {
    let path = request.uri().path();
    if path.len() > 1 && path.ends_with('/') {
        let short = path.trim_end_matches('/');
        let short = if short.is_empty() { "/" } else { short };
        let target = request.uri().query().map_or_else(|| short.to_owned(), |query| format!("{short}?{query}"));
        if let Ok(uri) = target.parse::<Uri>() {
            *request.uri_mut() = uri;
        }
    }
    request
}

/// Programs in browsers may call, by token and never by cookie, and read what REST says in headers (EHI-3).
fn cors() -> CorsLayer {
    let name = HeaderName::from_static;
    CorsLayer::new()
        .allow_origin(Any)
        .allow_methods([Method::GET, Method::POST, Method::PUT, Method::DELETE])
        .allow_headers([
            AUTHORIZATION,
            ACCEPT,
            CONTENT_TYPE,
            name("prefer"),
            name("if-match"),
            name("if-none-match"),
            name("if-modified-since"),
            name("if-none-exist"),
        ])
        .expose_headers([
            ETAG,
            LOCATION,
            LAST_MODIFIED,
            LINK,
            EXPIRES,
            name("content-location"),
            name("content-disposition"),
            name("preference-applied"),
            name("retry-after"),
            name("x-phr-version"),
            name("x-request-id"),
        ])
}
