//! search: of a type, of the whole system, within a compartment; by GET and by POST (REST-30 to REST-46).

use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use mecum_fhir::compartment::compartment;
use mecum_fhir::outcome::{Issue, IssueCode};
use mecum_fhir::reference::{Id, ResourceType};
use mecum_fhir::search::query::{QueryContext, QueryLimits, Scope, SearchQuery};
use mecum_phr::Phr;
use mecum_phr::interaction::search::{self, SearchRequest};
use mecum_record::caller::Caller;

use super::searchset::{Links, bundle, of_ignored};
use crate::app::App;
use crate::body::form_parameters;
use crate::error::Refusal;
use crate::incoming::{Fhir, Incoming, key_of, type_of};
use crate::respond;

/// Parameters longer than this, bytes, would not fit into the address of the next page.
const MAX_QUERY_BYTES: usize = 40_000;

/// `GET [base]/Type?…`
pub(crate) async fn of_type(
    State(app): State<App>,
    Fhir(incoming): Fhir,
    Path(name): Path<String>,
) -> Result<Response, Refusal> {
    answer(app, incoming, Scope::Type(type_of(&name)?), name).await
}

/// `POST [base]/Type/_search`
pub(crate) async fn post_of_type(
    State(app): State<App>,
    Fhir(incoming): Fhir,
    Path(name): Path<String>,
    body: Body,
) -> Result<Response, Refusal> {
    let scope = Scope::Type(type_of(&name)?);
    answer(app, with_form(incoming, body).await?, scope, name).await
}

/// `GET [base]?_type=…`
pub(crate) async fn of_system(State(app): State<App>, Fhir(incoming): Fhir) -> Result<Response, Refusal> {
    answer(app, incoming, Scope::Base, String::new()).await
}

/// `POST [base]/_search`
pub(crate) async fn post_of_system(
    State(app): State<App>,
    Fhir(incoming): Fhir,
    body: Body,
) -> Result<Response, Refusal> {
    answer(app, with_form(incoming, body).await?, Scope::Base, String::new()).await
}

/// `GET [base]/Patient/id/Type?…`, `GET [base]/Patient/id/*?…`
pub(crate) async fn in_compartment(
    State(app): State<App>,
    Fhir(incoming): Fhir,
    Path((of, id, held)): Path<(String, String, String)>,
) -> Result<Response, Refusal> {
    let scope = compartment_of((&of, &id), &held)?;
    answer(app, incoming, scope, format!("{of}/{id}/{held}")).await
}

/// `POST [base]/Patient/id/Type/_search`
pub(crate) async fn post_in_compartment(
    State(app): State<App>,
    Fhir(incoming): Fhir,
    Path((of, id, held)): Path<(String, String, String)>,
    body: Body,
) -> Result<Response, Refusal> {
    let scope = compartment_of((&of, &id), &held)?;
    answer(app, with_form(incoming, body).await?, scope, format!("{of}/{id}/{held}")).await
}

fn compartment_of(centre: (&str, &str), held: &str) -> Result<Scope, Refusal> {
    if held.starts_with('$') {
        return Err(Refusal::unknown_address("there is no such operation here"));
    }
    let key = key_of(centre)?;
    let id = Id::parse(&key.id).map_err(|_| Refusal::unknown_address("this is no id of a resource"))?;
    if compartment(key.resource_type.name()).is_none() {
        return Err(Refusal::unknown_address("this type has no compartment"));
    }
    let resource_type: Option<ResourceType> = if held == "*" { None } else { Some(type_of(held)?) };
    Ok(Scope::Compartment { of: key.resource_type, id, resource_type })
}

/// What is computed of the access log and the commits is listed and read, and not searched yet: nobody is to take silence for none.
fn of_computed(types: &[ResourceType]) -> Option<Issue> {
    let [ResourceType::AUDIT_EVENT | ResourceType::PROVENANCE] = types else { return None };
    let message =
        "what this server computes of its log and its commits is not searched: ask for the type without conditions";
    Some(Issue::warning(IssueCode::Incomplete).diagnostics(message))
}

/// The parameters of the body behind those of the address: all of them hold (REST-30).
async fn with_form(mut incoming: Incoming, body: Body) -> Result<Incoming, Refusal> {
    let parameters = form_parameters(&incoming.headers, body).await?;
    incoming.query.extend(parameters);
    Ok(incoming)
}

pub(super) async fn answer(app: App, incoming: Incoming, scope: Scope, address: String) -> Result<Response, Refusal> {
    let (handling, applied) = incoming.handling();
    let context = QueryContext {
        base_url: &incoming.base,
        zone_offset_minutes: 0,
        now_us: app.phr.now_us(),
        limits: QueryLimits { max_bytes: MAX_QUERY_BYTES, ..QueryLimits::default() },
    };
    let query = SearchQuery::parse(
        &scope,
        incoming.query.iter().map(|(name, value)| (name.as_str(), value.as_str())),
        handling,
        &context,
    )?;
    let links = Links::of(&incoming, &address, &query.honoured)?;
    let mut notes: Vec<Issue> = of_computed(&query.types).into_iter().collect();
    let asked = incoming.asked.clone();
    let work = move |phr: &Phr, caller: &Caller| {
        let request = SearchRequest { address: &address, query: &query, record: None };
        search::search(phr, caller, &request, &asked).map(|released| (released, query.ignored))
    };
    let (released, ignored) = app.run(incoming.caller(), work).await?;
    notes.extend(of_ignored(&ignored));
    let text = released.map(|set| bundle(&incoming.base, &links, &notes, &set));
    let mut response = respond::text(StatusCode::OK, text);
    respond::note_applied(&mut response, applied);
    Ok(response)
}
