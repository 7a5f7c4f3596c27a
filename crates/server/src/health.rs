//! For whoever runs the program: is it there, can it work, how much does it do. No health data, no ids.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use mecum_phr::token;

use crate::app::App;
use crate::watch::counters;

/// `GET /health`: the program runs.
pub(crate) async fn health() -> &'static str {
    "ok\n"
}

/// `GET /ready`: the store answers.
pub(crate) async fn ready(State(app): State<App>) -> Response {
    let phr = Arc::clone(&app.phr);
    // A look-up that finds nothing asks the database all the same.
    match tokio::task::spawn_blocking(move || token::caller_of(&phr, "-")).await {
        Ok(Ok(_)) => "ready\n".into_response(),
        Ok(Err(_)) | Err(_) => (StatusCode::SERVICE_UNAVAILABLE, "the store does not answer\n").into_response(),
    }
}

/// `GET /metrics`: counters as text.
pub(crate) async fn metrics() -> Response {
    match counters() {
        Some(handle) => ([(CONTENT_TYPE, "text/plain; version=0.0.4")], handle.render()).into_response(),
        None => (StatusCode::NOT_FOUND, "nothing is counted here\n").into_response(),
    }
}
