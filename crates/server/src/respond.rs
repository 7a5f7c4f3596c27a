//! Answers: only what was released leaves, with the headers that REST asks for (REST-2, REST-4, REST-11).

use axum::body::Body;
use axum::http::header::{
    CONTENT_DISPOSITION, CONTENT_TYPE, ETAG, IF_MODIFIED_SINCE, IF_NONE_MATCH, LAST_MODIFIED, LOCATION,
};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use mecum_fhir::outcome::{Issue, IssueCode, Outcome};
use mecum_phr::Rendered;
use mecum_phr::disclose::Released;
use mecum_phr::interaction::BinaryContent;
use mecum_record::ids::VersionId;

use crate::http_date;
use crate::incoming::{Incoming, Return, version_of_etag};

/// The media type of answers.
pub(crate) const FHIR_JSON: &str = "application/fhir+json; charset=utf-8";

/// A text of FHIR's JSON that holds nobody's health data.
pub(crate) fn public(status: StatusCode, text: String) -> Response {
    let mut response = (status, text).into_response();
    set(response.headers_mut(), CONTENT_TYPE, FHIR_JSON);
    response
}

/// A released text of FHIR's JSON.
pub(crate) fn text(status: StatusCode, released: Released<String>) -> Response {
    public(status, released.deliver())
}

/// A resource that was read; 304 when the client has it already.
pub(crate) fn read(incoming: &Incoming, released: Released<Rendered>) -> Response {
    let rendered = released.deliver();
    let is_known = has_it(incoming, &rendered);
    let mut response =
        if is_known { StatusCode::NOT_MODIFIED.into_response() } else { whole(StatusCode::OK, &rendered) };
    mark(response.headers_mut(), &rendered);
    response
}

/// What a `Binary` holds, never shown in place: whatever it is, it must not run as a page of ours (PHR-28).
pub(crate) fn content(released: Released<BinaryContent>) -> Response {
    let BinaryContent { content_type, bytes } = released.deliver();
    let mut response = bytes.into_response();
    let headers = response.headers_mut();
    set(headers, CONTENT_TYPE, "application/octet-stream");
    set(headers, CONTENT_TYPE, &content_type);
    set(headers, CONTENT_DISPOSITION, "attachment");
    response
}

/// What a write came to.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Written {
    Created,
    Updated,
    /// `If-None-Exist` found it.
    Found,
}

/// A resource that was written, or that was there.
pub(crate) fn written(incoming: &Incoming, what: Written, released: Released<Rendered>) -> Response {
    let rendered = released.deliver();
    let (wanted, applied) = incoming.wanted_return();
    let (status, words) = match what {
        Written::Created => (StatusCode::CREATED, "created"),
        Written::Updated => (StatusCode::OK, "updated"),
        Written::Found => (StatusCode::OK, "there is one already"),
    };
    let mut response = match wanted {
        Return::Minimal => status.into_response(),
        Return::Representation => whole(status, &rendered),
        Return::Outcome => public(status, done(words)),
    };
    let headers = response.headers_mut();
    mark(headers, &rendered);
    if what != Written::Updated {
        set(headers, LOCATION, &location(&incoming.base, &rendered));
    }
    note_applied(&mut response, applied);
    response
}

/// Says which preference was honoured, if the client had one (REST-11).
pub(crate) fn note_applied(response: &mut Response, applied: Option<&'static str>) {
    if let Some(applied) = applied {
        set(response.headers_mut(), HeaderName::from_static("preference-applied"), applied);
    }
}

/// `[base]/Type/id/_history/v`.
pub(crate) fn location(base: &str, rendered: &Rendered) -> String {
    let (name, id) = (rendered.key.resource_type.name(), &rendered.key.id);
    format!("{base}/{name}/{id}/_history/{}", rendered.version)
}

/// An OperationOutcome that says what was done.
pub(crate) fn done(message: &str) -> String {
    Outcome::of(Issue::information(IssueCode::Informational).diagnostics(message)).to_json()
}

/// A header whose value is ours; one that could not be sent is left out.
pub(crate) fn set(headers: &mut HeaderMap, name: HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        headers.insert(name, value);
    }
}

/// `ETag` and `Last-Modified`.
pub(crate) fn mark(headers: &mut HeaderMap, rendered: &Rendered) {
    set(headers, ETAG, &etag(rendered.version));
    if let Some(date) = http_date::format(rendered.at_us) {
        set(headers, LAST_MODIFIED, &date);
    }
}

/// `W/"3"`.
pub(crate) fn etag(version: i64) -> String {
    format!("W/\"{version}\"")
}

fn whole(status: StatusCode, rendered: &Rendered) -> Response {
    let mut response = (status, Body::from(rendered.text.clone().unwrap_or_default())).into_response();
    set(response.headers_mut(), CONTENT_TYPE, FHIR_JSON);
    response
}

/// `If-None-Match` decides alone when it is there (RFC 9110 section 13.2.2).
fn has_it(incoming: &Incoming, rendered: &Rendered) -> bool {
    if let Some(tags) = incoming.header(&IF_NONE_MATCH) {
        return tags
            .split(',')
            .any(|tag| tag.trim() == "*" || version_of_etag(tag) == Some(VersionId(rendered.version)));
    }
    let since = incoming.header(&IF_MODIFIED_SINCE).and_then(http_date::parse_seconds);
    since.is_some_and(|since| rendered.at_us.div_euclid(1_000_000) <= since)
}
