//! Finding as a person does: by plain words or by a query, one readable line for each resource.

use mecum_fhir::form;
use mecum_fhir::json::Limits;
use mecum_fhir::reading::{Headline, headline, label};
use mecum_fhir::reference::ResourceType;
use mecum_fhir::resource::Resource;
use mecum_fhir::search::query::{CURSOR, Handling, QueryContext, QueryLimits, Scope, SearchQuery};
use mecum_fhir::search::terms;
use mecum_record::caller::Caller;
use mecum_record::ids::RecordId;

use super::{SearchRequest, search};
use crate::disclose::{Asked, Released};
use crate::{Failure, Phr, Rendered};

/// What is looked for. Not `Debug`: it is health data.
pub struct FindRequest<'a> {
    /// The record.
    pub record: RecordId,
    /// Words, or a query as `Observation?code=8867-4`.
    pub what: &'a str,
    /// How many resources are shown at most.
    pub limit: u32,
    /// The page, as the one before named it.
    pub page: Option<&'a str>,
}

/// A resource that was found, as a person reads it. Not `Debug`: it is someone's health data.
pub struct Hit {
    /// What kind it is, in words: `Medication request`.
    pub kind: String,
    /// `Type/id`.
    pub name: String,
    /// What it says.
    pub headline: Option<Headline>,
}

/// What was found.
pub struct Findings {
    /// The resources of this page.
    pub hits: Vec<Hit>,
    /// How many there are in all, if it is known.
    pub total: Option<u64>,
    /// The next page, if there is one.
    pub next: Option<String>,
}

/// Looks for words in names, codes, texts and notes, or asks a query.
///
/// # Errors
/// [`Failure::Invalid`] for words of which nothing can be looked for; otherwise as [`search`].
pub fn find(
    phr: &Phr,
    caller: &Caller,
    request: &FindRequest<'_>,
    asked: &Asked,
) -> Result<Released<Findings>, Failure> {
    let (scope, address, mut parameters) = read(request.what)?;
    if parameters.iter().all(|(name, _)| name != "_count") {
        parameters.push(("_count".to_owned(), request.limit.to_string()));
    }
    if parameters.iter().all(|(name, _)| name != "_total") {
        parameters.push(("_total".to_owned(), "accurate".to_owned()));
    }
    parameters.extend(request.page.map(|page| (CURSOR.to_owned(), page.to_owned())));
    let limits = QueryLimits::default();
    let context = QueryContext { base_url: "", zone_offset_minutes: 0, now_us: phr.now_us(), limits };
    let query = SearchQuery::parse(&scope, parameters, Handling::Strict, &context)
        .map_err(|fault| Failure::malformed(fault.code().code(), "", fault.to_string()))?;
    let search_request = SearchRequest { address, query: &query, record: Some(request.record) };
    let released = search(phr, caller, &search_request, asked)?;
    Ok(released.map(|set| Findings {
        hits: set.matches.iter().chain(&set.included).map(hit).collect(),
        total: set.total,
        next: set.next,
    }))
}

/// Names and values.
type Parameters = Vec<(String, String)>;

/// What is searched, its address, and by which parameters.
fn read(what: &str) -> Result<(Scope, &str, Parameters), Failure> {
    let what = what.trim();
    let unreadable = |_| Failure::malformed("invalid", "", "the query cannot be read");
    if let Some((before, query)) = what.split_once('?') {
        if before.is_empty() {
            return Ok((Scope::Base, before, form::parameters(query).map_err(unreadable)?));
        }
        if let Some(resource_type) = ResourceType::parse(before) {
            return Ok((Scope::Type(resource_type), before, form::parameters(query).map_err(unreadable)?));
        }
    }
    if terms(what).is_empty() {
        let message = "say what to look for: words of two letters or more, or a query as Observation?code=8867-4";
        return Err(Failure::invalid("value", "", message));
    }
    let words = what.replace('\\', "\\\\").replace(',', "\\,");
    Ok((Scope::Base, "", vec![("_content".to_owned(), words)]))
}

fn hit(rendered: &Rendered) -> Hit {
    let text = rendered.text.as_deref().unwrap_or_default();
    let headline = Resource::parse(text.as_bytes(), &Limits::default()).ok().map(|resource| headline(&resource));
    let type_name = rendered.key.resource_type.name();
    Hit { kind: label(type_name), name: format!("{type_name}/{}", rendered.key.id), headline }
}
