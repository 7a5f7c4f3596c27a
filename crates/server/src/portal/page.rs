//! A rendered page as an answer.

use askama::Template;
use axum::http::header::{CONTENT_TYPE, LOCATION};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use mecum_phr::disclose::Released;

use super::trouble::Trouble;
use crate::respond::set;

const HTML: &str = "text/html; charset=utf-8";

/// A page that holds nobody's health data.
pub(super) fn public(status: StatusCode, page: &impl Template) -> Response {
    match page.render() {
        Ok(html) => answer(status, html),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

/// A page of somebody's health data, rendered from what was released.
pub(super) fn released<T: Template>(page: Released<T>) -> Result<Response, Trouble> {
    released_with(StatusCode::OK, page)
}

/// The same with another status, e.g. for a form that was filled in wrongly.
pub(super) fn released_with<T: Template>(status: StatusCode, page: Released<T>) -> Result<Response, Trouble> {
    let html = page.map(|page| page.render()).deliver().map_err(|_| Trouble::broken())?;
    Ok(answer(status, html))
}

/// Go there next, by GET.
pub(super) fn see_other(address: &str) -> Response {
    let mut response = StatusCode::SEE_OTHER.into_response();
    set(response.headers_mut(), LOCATION, address);
    response
}

fn answer(status: StatusCode, html: String) -> Response {
    let mut response = (status, html).into_response();
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(HTML));
    response
}
