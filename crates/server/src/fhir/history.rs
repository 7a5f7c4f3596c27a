//! history of one resource, of a type, of the record (REST-10).

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use mecum_fhir::bundle::{BundleHead, BundleType, BundleWriter, Method, NewEntry, NewRequest, NewResponse};
use mecum_fhir::date::PartialDate;
use mecum_fhir::outcome::IssueCode;
use mecum_fhir::reference::ResourceType;
use mecum_phr::Rendered;
use mecum_phr::interaction::{self, Cursor, HistoryPage, HistoryQuery};

use crate::app::App;
use crate::error::Refusal;
use crate::incoming::{Fhir, Incoming, key_of, type_of};
use crate::respond;

/// Versions on a page when the client does not say.
const DEFAULT_COUNT: usize = 50;

/// Versions on a page at most.
const MAX_COUNT: usize = 1000;

/// `GET [base]/Type/id/_history`
pub(crate) async fn instance(
    State(app): State<App>,
    Fhir(incoming): Fhir,
    Path((name, id)): Path<(String, String)>,
) -> Result<Response, Refusal> {
    let key = key_of((&name, &id))?;
    let query = query_of(&incoming)?;
    let (asked, is_short) = (incoming.asked.clone(), query.count <= DEFAULT_COUNT);
    let caller = incoming.caller();
    let address = format!("{}/{name}/{id}/_history", incoming.base);
    let work = move |phr: &_, caller: &_| interaction::instance_history(phr, caller, &key, &query, &asked);
    let released = if is_short { app.read(caller, work).await? } else { app.run(caller, work).await? };
    Ok(respond::text(StatusCode::OK, released.map(|page| bundle(&incoming, &address, &page))))
}

/// `GET [base]/Type/_history`
pub(crate) async fn of_type(
    State(app): State<App>,
    Fhir(incoming): Fhir,
    Path(name): Path<String>,
) -> Result<Response, Refusal> {
    let only = type_of(&name)?;
    let address = format!("{}/{name}/_history", incoming.base);
    recent(app, incoming, Some(only), address).await
}

/// `GET [base]/_history`
pub(crate) async fn system(State(app): State<App>, Fhir(incoming): Fhir) -> Result<Response, Refusal> {
    let address = format!("{}/_history", incoming.base);
    recent(app, incoming, None, address).await
}

async fn recent(
    app: App,
    incoming: Incoming,
    only: Option<ResourceType>,
    address: String,
) -> Result<Response, Refusal> {
    let query = query_of(&incoming)?;
    let (asked, is_short) = (incoming.asked.clone(), query.count <= DEFAULT_COUNT);
    let caller = incoming.caller();
    let work = move |phr: &_, caller: &_| interaction::recent_history(phr, caller, only, &query, &asked);
    let released = if is_short { app.read(caller, work).await? } else { app.run(caller, work).await? };
    Ok(respond::text(StatusCode::OK, released.map(|page| bundle(&incoming, &address, &page))))
}

fn query_of(incoming: &Incoming) -> Result<HistoryQuery, Refusal> {
    let mut query = HistoryQuery { since_us: i64::MIN, before: None, count: DEFAULT_COUNT };
    for (name, value) in &incoming.query {
        match name.as_str() {
            "_count" => query.count = count_of(value)?,
            "_since" => query.since_us = instant_of(value)?,
            "_before" => query.before = Some(cursor_of(value)?),
            "_format" | "_pretty" => {}
            _ => return Err(Refusal::bad_request(IssueCode::NotSupported, "a history takes _count and _since")),
        }
    }
    Ok(query)
}

pub(super) fn count_of(text: &str) -> Result<usize, Refusal> {
    let count = text.parse::<usize>().ok().filter(|count| *count > 0);
    let refused = || Refusal::bad_request(IssueCode::Value, "_count must be a number from 1");
    Ok(count.ok_or_else(refused)?.min(MAX_COUNT))
}

/// An instant's microseconds since the epoch. A plus sign that was not escaped arrives as a space.
pub(crate) fn instant_of(text: &str) -> Result<i64, Refusal> {
    let refused = |_| Refusal::bad_request(IssueCode::Value, "_since must be an instant, as 2026-01-31T10:00:00Z");
    Ok(PartialDate::parse_instant(&text.replace(' ', "+")).map_err(refused)?.bounds(0).start_us)
}

/// The place that a link of ours names: `seq.ordinal`.
pub(super) fn cursor_of(text: &str) -> Result<Cursor, Refusal> {
    let parse = || {
        let (seq, ordinal) = text.split_once('.')?;
        Some(Cursor { seq: seq.parse().ok()?, ordinal: ordinal.parse().ok()? })
    };
    parse().ok_or_else(|| Refusal::bad_request(IssueCode::Value, "follow the links of the history as they are"))
}

fn bundle(incoming: &Incoming, address: &str, page: &HistoryPage) -> String {
    let kept: Vec<String> = incoming
        .query
        .iter()
        .filter(|(name, _)| name == "_count" || name == "_since")
        .map(|(name, value)| format!("{name}={}", value.replace(['+', ' '], "%2B")))
        .collect();
    let mut own = kept.clone();
    own.extend(incoming.param("_before").map(|place| format!("_before={place}")));
    let at = |params: &[String]| {
        if params.is_empty() { address.to_owned() } else { format!("{address}?{}", params.join("&")) }
    };
    let own = at(&own);
    let next = page.next.map(|place| {
        let mut params = kept;
        params.push(format!("_before={}.{}", place.seq, place.ordinal));
        at(&params)
    });
    let links: Vec<(&str, &str)> =
        std::iter::once(("self", own.as_str())).chain(next.as_deref().map(|next| ("next", next))).collect();
    let mut writer = BundleWriter::new(&BundleHead { links: &links, ..BundleHead::of(BundleType::History) });
    for version in &page.versions {
        write(&mut writer, &incoming.base, version);
    }
    writer.finish()
}

fn write(writer: &mut BundleWriter, base: &str, version: &Rendered) {
    let name = format!("{}/{}", version.key.resource_type.name(), version.key.id);
    let (method, status) = match (&version.text, version.version) {
        (None, _) => (Method::Delete, "204"),
        (Some(_), 1) => (Method::Put, "201"),
        (Some(_), _) => (Method::Put, "200"),
    };
    writer.entry(&NewEntry {
        full_url: Some(&format!("{base}/{name}")),
        resource: version.text.as_deref(),
        search_mode: None,
        request: Some(NewRequest::of(method, &name)),
        response: Some(NewResponse {
            status,
            location: None,
            etag: Some(&respond::etag(version.version)),
            last_modified_us: Some(version.at_us),
            outcome: None,
        }),
    });
}
