//! The newest AuditEvents and Provenances that are computed of the access log and the commits, page by page, until search finds
//! them (AUD-6, PRV-1).

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use mecum_fhir::bundle::{BundleHead, BundleType, BundleWriter, NewEntry, SearchMode};
use mecum_fhir::reference::ResourceType;
use mecum_fhir::search::query::Scope;
use mecum_phr::projection::{self, ProjectedPage};

use super::history::{count_of, cursor_of};
use super::search;
use crate::app::App;
use crate::error::Refusal;
use crate::incoming::{Fhir, Incoming};
use crate::respond;

/// Resources on a page when the client does not say.
const DEFAULT_COUNT: usize = 50;

/// The parameters of the list; with any other it is a search.
const LISTED: [&str; 4] = ["_count", "_before", "_format", "_pretty"];

/// `GET [base]/AuditEvent`
pub(crate) async fn audit_events(State(app): State<App>, Fhir(incoming): Fhir) -> Result<Response, Refusal> {
    list(app, incoming, ResourceType::AUDIT_EVENT).await
}

/// `GET [base]/Provenance`
pub(crate) async fn provenances(State(app): State<App>, Fhir(incoming): Fhir) -> Result<Response, Refusal> {
    list(app, incoming, ResourceType::PROVENANCE).await
}

/// Whoever searches gets what is stored; the list of what is computed takes no conditions.
async fn list(app: App, incoming: Incoming, resource_type: ResourceType) -> Result<Response, Refusal> {
    if incoming.query.iter().any(|(name, _)| !LISTED.contains(&name.as_str())) {
        return search::answer(app, incoming, Scope::Type(resource_type), resource_type.name().to_owned()).await;
    }
    let (mut before, mut count) = (None, DEFAULT_COUNT);
    for (name, value) in &incoming.query {
        match name.as_str() {
            "_count" => count = count_of(value)?,
            "_before" => before = Some(cursor_of(value)?),
            _ => {}
        }
    }
    let (caller, asked) = (incoming.caller(), incoming.asked.clone());
    let work = move |phr: &_, caller: &_| projection::list(phr, caller, resource_type, (before, count), &asked);
    let released = app.run(caller, work).await?;
    let address = format!("{}/{}?_count={count}", incoming.base, resource_type.name());
    Ok(respond::text(StatusCode::OK, released.map(|page| bundle(&incoming, &address, &page))))
}

fn bundle(incoming: &Incoming, address: &str, page: &ProjectedPage) -> String {
    let at = |place: &str| if place.is_empty() { address.to_owned() } else { format!("{address}&_before={place}") };
    let own = at(incoming.param("_before").unwrap_or_default());
    let next = page.next.map(|place| at(&format!("{}.{}", place.seq, place.ordinal)));
    let links: Vec<(&str, &str)> =
        std::iter::once(("self", own.as_str())).chain(next.as_deref().map(|next| ("next", next))).collect();
    let mut writer = BundleWriter::new(&BundleHead { links: &links, ..BundleHead::of(BundleType::Searchset) });
    for resource in &page.resources {
        let full_url = format!("{}/{}/{}", incoming.base, resource.key.resource_type.name(), resource.key.id);
        writer.entry(&NewEntry {
            full_url: Some(&full_url),
            resource: resource.text.as_deref(),
            search_mode: Some(SearchMode::Match),
            ..NewEntry::default()
        });
    }
    writer.finish()
}
