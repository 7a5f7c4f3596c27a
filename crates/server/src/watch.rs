//! The log line and the counters of a request: method, route, status, time. Never its query, body, token, or an id in it.

use std::sync::OnceLock;
use std::time::Instant;

use axum::extract::{MatchedPath, Request};
use axum::http::HeaderValue;
use axum::http::header::{CACHE_CONTROL, X_CONTENT_TYPE_OPTIONS};
use axum::middleware::Next;
use axum::response::Response;
use mecum_phr::moment::random_u64;
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};

/// The header that names a request in the log and in the access log.
pub(crate) const REQUEST_ID: &str = "x-request-id";

/// Bounds of the durations that are counted, seconds.
const BUCKETS: [f64; 12] = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 5.0, 30.0];

/// The counters of this process; `None` when another recorder is there already or the bounds are not taken.
pub(crate) fn counters() -> Option<&'static PrometheusHandle> {
    static HANDLE: OnceLock<Option<PrometheusHandle>> = OnceLock::new();
    let install = || {
        let recorder = PrometheusBuilder::new().set_buckets(&BUCKETS).ok()?.build_recorder();
        let handle = recorder.handle();
        metrics::set_global_recorder(recorder).ok().map(|()| handle)
    };
    HANDLE.get_or_init(install).as_ref()
}

/// Gives the request an id of ours, and tells about it when it is answered.
pub(crate) async fn watch(mut request: Request, next: Next) -> Response {
    let started = Instant::now();
    let id = format!("{:016x}", random_u64());
    let route = request.extensions().get::<MatchedPath>().map_or("none", MatchedPath::as_str).to_owned();
    let method = method_name(request.method().as_str());
    let id_value = HeaderValue::from_str(&id).ok();
    if let Some(value) = &id_value {
        request.headers_mut().insert(REQUEST_ID, value.clone());
    }
    let mut response = next.run(request).await;
    if let Some(value) = id_value {
        response.headers_mut().insert(REQUEST_ID, value);
    }
    let (status, seconds) = (response.status().as_u16(), started.elapsed().as_secs_f64());
    tracing::info!(request = id, method, route, status, ms = seconds * 1000.0, "{method} {route} {status}");
    let class = format!("{}xx", status / 100);
    metrics::counter!("mecum_requests_total", "method" => method, "route" => route.clone(), "status" => class)
        .increment(1);
    metrics::histogram!("mecum_request_seconds", "method" => method, "route" => route).record(seconds);
    response
}

/// A method's name, if it is one of HTTP's: no label is made from what a client invents.
fn method_name(name: &str) -> &'static str {
    const KNOWN: [&str; 7] = ["GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS"];
    KNOWN.into_iter().find(|known| *known == name).unwrap_or("other")
}

/// What every answer says about itself: nobody keeps a copy, nobody guesses what it is.
pub(crate) async fn guard(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    // The style sheet and the script say so themselves: they may be kept.
    headers.entry(CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    response
}
