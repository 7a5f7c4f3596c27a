//! search: what a query finds, as far as the caller may know of it (R4 http.html#search, search.html; design §11).
//!
//! - `decide`: the permit of a search
//! - `one`: within one record; `across`: for systems, record by record
//! - `include`: what matches refer to, and what refers to them
//! - `ticket`: where the next page goes on
//! - `everything`: `$everything`
//! - `find`: by plain words, one readable line each
//! - `condition`: the resources that a conditional create, update or reference means

mod across;
mod condition;
mod decide;
mod everything;
mod find;
mod include;
mod one;
mod ticket;

use mecum_fhir::reference::ResourceType;
use mecum_fhir::search::query::{Clause, SearchQuery, SummaryMode};
use mecum_record::access::ResourceKey;
use mecum_record::caller::Caller;
use mecum_record::ids::RecordId;

use crate::disclose::{Asked, Released};
use crate::{Failure, Phr, Rendered};

pub(crate) use condition::Condition;
pub use everything::{EverythingRequest, everything};
pub use find::{FindRequest, Findings, Hit, find};

/// Matches on a page when the client does not say.
pub const DEFAULT_COUNT: u32 = 50;

/// A search as a door hands it on. Not `Debug`: what is searched for is health data.
#[derive(Clone, Copy)]
pub struct SearchRequest<'a> {
    /// What is searched by its address below the base: `Observation`, `Patient/x/Observation`, or empty for the whole system. The
    /// pages of one search are bound to it.
    pub address: &'a str,
    /// The query.
    pub query: &'a SearchQuery,
    /// The record that is meant, for a caller bound to none who says which.
    pub record: Option<RecordId>,
}

/// A page of what was found. Not `Debug`: it is someone's health data.
pub struct SearchSet {
    /// How many matches there are in all, if it is known; includes do not count.
    pub total: Option<u64>,
    /// The matches, in their order.
    pub matches: Vec<Rendered>,
    /// What came along: `_include` and `_revinclude`.
    pub included: Vec<Rendered>,
    /// Whether more would have come along than one page takes.
    pub is_cut: bool,
    /// What the next page is asked for with; `None` when this is the last.
    pub next: Option<String>,
}

/// Searches.
///
/// # Errors
/// [`Failure::Forbidden`] without the scope to search a type that is named; [`Failure::Malformed`] for a page that is not this
/// caller's, not of this search, altered or too old, and for what cannot be answered whole.
pub fn search(
    phr: &Phr,
    caller: &Caller,
    request: &SearchRequest<'_>,
    asked: &Asked,
) -> Result<Released<SearchSet>, Failure> {
    let query = request.query;
    if query.summary == Some(SummaryMode::Text) && !(query.includes.is_empty() && query.rev_includes.is_empty()) {
        let message = "nothing can come along with _summary=text";
        return Err(Failure::malformed("not-supported", "_include", message));
    }
    match caller.bound_record().or(request.record) {
        Some(record) => one::in_record(phr, caller, record, request, asked),
        None => match centre_of(query) {
            Some(centre) => one::around(phr, caller, &centre, request, asked),
            None => across::in_granted(phr, caller, request, asked),
        },
    }
}

/// The resource at the centre of the compartment that is searched.
fn centre_of(query: &SearchQuery) -> Option<ResourceKey> {
    query.clauses.iter().find_map(|clause| match clause {
        Clause::Compartment { of, id } => Some(ResourceKey { resource_type: *of, id: id.clone() }),
        _ => None,
    })
}

/// Whether a type was named, by the address or by `_type`.
fn names_types(query: &SearchQuery) -> bool {
    query.types.len() == 1 || query.honoured.iter().any(|(name, _)| name == "_type")
}

/// The types searched, if they were named.
fn named_types(query: &SearchQuery) -> &[ResourceType] {
    if names_types(query) { &query.types } else { &[] }
}
