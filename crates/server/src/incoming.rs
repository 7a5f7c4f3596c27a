//! What a request says of itself: token, base address, format, preferences (REST-11, REST-12).

use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::header::{ACCEPT, HOST};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName};
use axum::response::{IntoResponse, Response};
use mecum_fhir::form;
use mecum_fhir::outcome::IssueCode;
use mecum_fhir::reference::{Id, ResourceType};
use mecum_fhir::search::query::{Handling, SummaryMode};
use mecum_fhir::subset::Subset;
use mecum_phr::disclose::Asked;
use mecum_record::access::ResourceKey;
use mecum_record::caller::Caller;
use mecum_record::ids::VersionId;

use crate::app::App;
use crate::caller::Bearer;
use crate::error::Refusal;
use crate::watch::REQUEST_ID;

/// What a write answers with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Return {
    Minimal,
    Representation,
    Outcome,
}

/// A request of a known caller. Not `Debug`: its query may hold health data.
pub(crate) struct Incoming {
    /// Who asks.
    caller: Arc<Caller>,
    /// The service's address as the client reached it, without a last slash.
    pub(crate) base: String,
    pub(crate) headers: HeaderMap,
    pub(crate) query: Vec<(String, String)>,
    /// What the access log says was asked: method and path, never the query.
    pub(crate) asked: Asked,
}

/// A request that is answered in FHIR's JSON; any other wish is refused (REST-12).
pub(crate) struct Fhir(pub(crate) Incoming);

impl FromRequestParts<App> for Incoming {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Response> {
        read(parts, app).await.map_err(IntoResponse::into_response)
    }
}

impl FromRequestParts<App> for Fhir {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Response> {
        let incoming = read(parts, app).await.map_err(IntoResponse::into_response)?;
        incoming.takes_fhir_json().map_err(IntoResponse::into_response)?;
        Ok(Fhir(incoming))
    }
}

async fn read(parts: &Parts, app: &App) -> Result<Incoming, Refusal> {
    let caller = app.caller(Bearer::of(&parts.headers)?).await?;
    let path = parts.uri.path();
    let what = format!("{} {}", parts.method, path.strip_prefix("/fhir/").unwrap_or(path));
    let request_id = parts.headers.get(REQUEST_ID).and_then(|id| id.to_str().ok()).map(str::to_owned);
    Ok(Incoming {
        caller,
        base: base_of(&parts.headers, app.is_behind_proxy),
        query: query_of(parts)?,
        headers: parts.headers.clone(),
        asked: Asked { what: what.chars().take(200).collect(), request_id },
    })
}

pub(crate) fn query_of(parts: &Parts) -> Result<Vec<(String, String)>, Refusal> {
    let unreadable = |_| Refusal::bad_request(IssueCode::Invalid, "the query cannot be read");
    form::parameters(parts.uri.query().unwrap_or_default()).map_err(unreadable)
}

/// `http://host/fhir`; a proxy in front says with which scheme and name the client came.
pub(crate) fn base_of(headers: &HeaderMap, is_behind_proxy: bool) -> String {
    let forwarded =
        |name: &'static str| if is_behind_proxy { text(headers, &HeaderName::from_static(name)) } else { None };
    let scheme = if forwarded("x-forwarded-proto") == Some("https") { "https" } else { "http" };
    let host = forwarded("x-forwarded-host").or_else(|| text(headers, &HOST)).filter(|host| is_host(host));
    format!("{scheme}://{}/fhir", host.unwrap_or("localhost"))
}

/// Nothing from outside goes into an address but what a host can be.
fn is_host(text: &str) -> bool {
    !text.is_empty()
        && text.len() <= 255
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-:[]_".contains(&byte))
}

fn text<'h>(headers: &'h HeaderMap, name: &HeaderName) -> Option<&'h str> {
    headers.get(name)?.to_str().ok()
}

impl Incoming {
    /// Who asks, to be handed to the dispatch of the request.
    pub(crate) fn caller(&self) -> Arc<Caller> {
        Arc::clone(&self.caller)
    }

    /// A header as text.
    pub(crate) fn header(&self, name: &HeaderName) -> Option<&str> {
        text(&self.headers, name)
    }

    /// The first parameter of that name.
    pub(crate) fn param(&self, name: &str) -> Option<&str> {
        self.query.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// One value of `Prefer`, e.g. `return`.
    fn preference(&self, name: &str) -> Option<&str> {
        let values = self.headers.get_all("prefer").iter().filter_map(|value| value.to_str().ok());
        let mut items = values.flat_map(|value| value.split([',', ';'])).filter_map(|item| item.split_once('='));
        items
            .find(|(known, _)| known.trim().eq_ignore_ascii_case(name))
            .map(|(_, value)| value.trim().trim_matches('"'))
    }

    /// Whether a client would rather fetch the answer later (REST-11).
    pub(crate) fn prefers_async(&self) -> bool {
        let values = self.headers.get_all("prefer").iter().filter_map(|value| value.to_str().ok());
        values.flat_map(|value| value.split([',', ';'])).any(|item| item.trim().eq_ignore_ascii_case("respond-async"))
    }

    /// What a write is answered with, and whether the client said so.
    pub(crate) fn wanted_return(&self) -> (Return, Option<&'static str>) {
        match self.preference("return") {
            Some("minimal") => (Return::Minimal, Some("return=minimal")),
            Some("OperationOutcome") => (Return::Outcome, Some("return=OperationOutcome")),
            Some("representation") => (Return::Representation, Some("return=representation")),
            _ => (Return::Representation, None),
        }
    }

    /// Whether what is not understood is to be refused.
    pub(crate) fn is_strict(&self) -> bool {
        self.preference("handling") == Some("strict")
    }

    /// What a search does about parameters it does not know, and whether the client said so (REST-33). Strict is the default: a
    /// misspelt parameter must not find everything.
    pub(crate) fn handling(&self) -> (Handling, Option<&'static str>) {
        match self.preference("handling") {
            Some("lenient") => (Handling::Lenient, Some("handling=lenient")),
            Some("strict") => (Handling::Strict, Some("handling=strict")),
            _ => (Handling::Strict, None),
        }
    }

    /// The part of a resource that `_summary` and `_elements` ask for, if not the whole (REST-2, REST-44).
    pub(crate) fn subset(&self) -> Result<Option<Subset>, Refusal> {
        let refused = || Refusal::bad_request(IssueCode::Value, "_summary is true, text, data or false here");
        let summary = match self.param("_summary") {
            None | Some("") => None,
            Some("true") => Some(SummaryMode::True),
            Some("text") => Some(SummaryMode::Text),
            Some("data") => Some(SummaryMode::Data),
            Some("false") => Some(SummaryMode::False),
            Some(_) => return Err(refused()),
        };
        let elements: Vec<String> = self
            .param("_elements")
            .into_iter()
            .flat_map(|names| names.split(','))
            .map(str::trim)
            .filter(|name| !name.is_empty())
            .map(str::to_owned)
            .collect();
        Ok(Subset::of(summary, &elements))
    }

    /// The version named by `If-Match`.
    pub(crate) fn if_match(&self) -> Result<Option<VersionId>, Refusal> {
        let Some(value) = self.headers.get("if-match") else { return Ok(None) };
        let version = value.to_str().ok().and_then(version_of_etag);
        let refused = || Refusal::bad_request(IssueCode::Value, "If-Match must name one version, as W/\"3\"");
        version.map(Some).ok_or_else(refused)
    }

    /// The condition of a create, in `If-None-Exist`. One that cannot be read must not be taken for none.
    pub(crate) fn if_none_exist(&self) -> Result<Option<&str>, Refusal> {
        let Some(value) = self.headers.get("if-none-exist") else { return Ok(None) };
        let refused = |_| Refusal::bad_request(IssueCode::Value, "If-None-Exist cannot be read");
        value.to_str().map(Some).map_err(refused)
    }

    /// Whether a client asks for FHIR's JSON by name; a `Binary` goes out as what it holds otherwise (REST-66).
    pub(crate) fn names_fhir_json(&self) -> bool {
        let named = |wanted: &str| !wanted.contains('*') && is_fhir_json(wanted);
        self.param("_format").is_some() || self.header(&ACCEPT).is_some_and(|accept| accept.split(',').any(named))
    }

    /// Refuses a client that does not take FHIR's JSON.
    pub(crate) fn takes_fhir_json(&self) -> Result<(), Refusal> {
        let wanted = match self.param("_format") {
            Some(format) => Some(format),
            None => self.header(&ACCEPT),
        };
        match wanted {
            Some(wanted) if !wanted.split(',').any(is_fhir_json) => {
                Err(Refusal::not_acceptable("answers are application/fhir+json, FHIR version 4.0"))
            }
            _ => Ok(()),
        }
    }
}

/// Whether one media type of a list, or a short name, means FHIR's JSON of version 4.0.
fn is_fhir_json(wanted: &str) -> bool {
    let known = ["application/fhir+json", "application/json", "application/*", "*/*", "json", "text/json"];
    // A plus sign that was not escaped arrives as a space.
    let essence = essence(wanted).replace(' ', "+");
    known.contains(&essence.as_str()) && is_version_4_0(wanted)
}

/// A media type without its parameters, in lower case.
pub(crate) fn essence(media_type: &str) -> String {
    media_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
}

/// Whether `fhirVersion` is absent or 4.0.
pub(crate) fn is_version_4_0(media_type: &str) -> bool {
    let mut parameters = media_type.split(';').skip(1).filter_map(|parameter| parameter.split_once('='));
    parameters
        .find(|(name, _)| name.trim().eq_ignore_ascii_case("fhirversion"))
        .is_none_or(|(_, value)| ["4.0", "4.0.1"].contains(&value.trim().trim_matches('"')))
}

/// `W/"3"` or `"3"`.
pub(crate) fn version_of_etag(text: &str) -> Option<VersionId> {
    let text = text.trim();
    let digits = text.strip_prefix("W/").unwrap_or(text).strip_prefix('"')?.strip_suffix('"')?;
    digits.parse().ok().filter(|number| *number > 0).map(VersionId)
}

/// The type in an address; one that FHIR does not know is not there (REST-2).
pub(crate) fn type_of(name: &str) -> Result<ResourceType, Refusal> {
    ResourceType::parse(name).ok_or_else(|| Refusal::unknown_address("there is no such resource type in FHIR R4"))
}

/// AuditEvents are added and never changed (AUD-6).
pub(crate) fn refuse_change(resource_type: ResourceType) -> Result<(), Refusal> {
    if resource_type == ResourceType::AUDIT_EVENT { Err(Refusal::only_read()) } else { Ok(()) }
}

/// The resource in an address; what is no id names nothing.
pub(crate) fn key_of((name, id): (&str, &str)) -> Result<ResourceKey, Refusal> {
    let resource_type = type_of(name)?;
    if id.starts_with('$') {
        return Err(Refusal::unknown_address("there is no such operation here"));
    }
    if !Id::is_valid(id) {
        return Err(Refusal::unknown_address("this is no id of a resource"));
    }
    Ok(ResourceKey { resource_type, id: id.to_owned() })
}

/// Whether the browser came by a name of this machine itself, where there is no TLS and none is needed.
pub(crate) fn is_loopback(headers: &HeaderMap, is_behind_proxy: bool) -> bool {
    let base = base_of(headers, is_behind_proxy);
    let host = base.strip_prefix("http://").and_then(|rest| rest.split('/').next()).unwrap_or_default();
    let name = host.rsplit_once(':').map_or(host, |(name, _)| name);
    matches!(name, "localhost" | "127.0.0.1" | "[::1]")
}
