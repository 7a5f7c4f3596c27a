//! `$everything`: all of a person's record, and what it refers to outside (REST-50).

use mecum_fhir::date::Interval;
use mecum_fhir::reference::ResourceType;
use mecum_fhir::search::query::{Clause, DateMatch, Prefix, SearchQuery};
use mecum_fhir::search::value::Stretch;
use mecum_record::access::{Act, Permit, ResourceFilter, ResourceKey};
use mecum_record::caller::Caller;
use mecum_record::ids::RecordId;
use mecum_store::Version;

use super::include::{Included, may_read, referred_to};
use super::{SearchRequest, SearchSet, one};
use crate::disclose::{Asked, Released};
use crate::export::in_window;
use crate::interaction::is_directory_type;
use crate::interaction::record_of_patient;
use crate::permission::permit;
use crate::{Failure, Phr};

/// Resources on a page when the client does not say.
const DEFAULT_COUNT: u32 = 500;

/// What is asked for. Not `Debug`: it names a person.
pub struct EverythingRequest<'a> {
    /// The operation's address below the base; its pages are bound to it.
    pub address: &'a str,
    /// Whose record: none for the record that the caller is bound to.
    pub patient: Option<&'a ResourceKey>,
    /// Care from this date on.
    pub start: Option<&'a str>,
    /// Care up to and with this date.
    pub end: Option<&'a str>,
    /// Only what was changed at or after this time, microseconds since the epoch.
    pub since_us: Option<i64>,
    /// Only these types; empty is every type.
    pub types: &'a [ResourceType],
    /// How many resources of the record a page has.
    pub count: Option<u32>,
    /// The ticket of a page.
    pub cursor: Option<&'a str>,
    /// The parameters as they came: what a page is bound to.
    pub honoured: &'a [(String, String)],
}

/// A page of everything in a person's record that the caller may read.
///
/// # Errors
/// [`Failure::NotFound`] for a patient who is not there or not the caller's to know of; [`Failure::Invalid`] for dates that cannot be
/// read.
pub fn everything(
    phr: &Phr,
    caller: &Caller,
    request: &EverythingRequest<'_>,
    asked: &Asked,
) -> Result<Released<SearchSet>, Failure> {
    let record = record_of_patient(phr, caller, request.patient)?;
    let whole = permit(phr, caller, Act::Search, record)?;
    let window = in_window(request.start, request.end)?;
    let permit = window.clone().map_or_else(|| whole.clone(), |window| whole.narrowed(window));
    let outside = window.map(|window| whole.narrowed(ResourceFilter::Not(Box::new(window))));
    let along = |matches: &[Version]| along(phr, caller, outside.as_ref(), request.types, matches);
    let query = query_of(request);
    let search = SearchRequest { address: request.address, query: &query, record: Some(record) };
    one::under(phr, (caller, &permit), &search, asked, &along)
}

/// What the resources of a page refer to and is on no page: what systems keep for all, and what is dated outside the time that was
/// asked for. Who names types gets these types alone.
fn along(
    phr: &Phr,
    caller: &Caller,
    outside: Option<&Permit>,
    types: &[ResourceType],
    matches: &[Version],
) -> Result<Included, Failure> {
    let is_asked_for = |key: &ResourceKey| types.is_empty() || types.contains(&key.resource_type);
    let mut found = match outside.filter(|_| types.is_empty()) {
        Some(outside) => referred_to(phr, outside, matches, &|_| true)?,
        None => Included::default(),
    };
    if let Some(directory) = may_read(phr, caller, RecordId::DIRECTORY)? {
        let takes = |key: &ResourceKey| is_directory_type(key.resource_type) && is_asked_for(key);
        let more = referred_to(phr, &directory, matches, &takes)?;
        found.versions.extend(more.versions);
        found.is_cut |= more.is_cut;
    }
    Ok(found)
}

fn query_of(request: &EverythingRequest<'_>) -> SearchQuery {
    let since = |start_us| {
        let range = Stretch { start_us, end_us: Interval::OPEN_END_US };
        Clause::LastUpdated(vec![DateMatch { prefix: Prefix::Eq, range }])
    };
    let all = || ResourceType::all().collect();
    SearchQuery {
        types: if request.types.is_empty() { all() } else { request.types.to_vec() },
        clauses: request.since_us.map(since).into_iter().collect(),
        sort: Vec::new(),
        count: Some(request.count.unwrap_or(DEFAULT_COUNT)),
        total: None,
        summary: None,
        elements: Vec::new(),
        includes: Vec::new(),
        rev_includes: Vec::new(),
        cursor: request.cursor.map(str::to_owned),
        honoured: request.honoured.to_vec(),
        ignored: Vec::new(),
    }
}
