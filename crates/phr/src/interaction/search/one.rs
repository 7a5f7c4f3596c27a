//! A search within one record: decide, seek, include, release.

use mecum_fhir::search::query::{SearchQuery, SummaryMode, TotalMode};
use mecum_fhir::subset::Subset;
use mecum_record::access::{Permit, ResourceKey};
use mecum_record::caller::Caller;
use mecum_record::ids::RecordId;
use mecum_store::{PageWish, SearchPage, Version};

use super::decide::{decided, may_search};
use super::include::{Included, included};
use super::ticket::{Ticket, is_under_same_filter};
use super::{DEFAULT_COUNT, SearchRequest, SearchSet};
use crate::disclose::{Asked, Released};
use crate::{Failure, Phr, Rendered};

/// Stored bodies on one page at most, bytes: memory stays bounded whatever the matches are.
const MAX_PAGE_BYTES: usize = 16 << 20;

/// Searches one record.
pub(super) fn in_record(
    phr: &Phr,
    caller: &Caller,
    record: RecordId,
    request: &SearchRequest<'_>,
    asked: &Asked,
) -> Result<Released<SearchSet>, Failure> {
    let permit = decided(phr, caller, record, request.query)?;
    let along = |matches: &[Version]| included(phr, caller, record, request.query, matches);
    under(phr, (caller, &permit), request, asked, &along)
}

/// Searches the record that holds the centre of a compartment. One that is not there, or not the caller's to know of, has an empty
/// compartment: both look like one in which nothing was found.
pub(super) fn around(
    phr: &Phr,
    caller: &Caller,
    centre: &ResourceKey,
    request: &SearchRequest<'_>,
    asked: &Asked,
) -> Result<Released<SearchSet>, Failure> {
    let record = phr.store().locate(centre)?.unwrap_or(RecordId::DIRECTORY);
    let record = match may_search(phr, caller, record, request.query)? {
        Some(_) => record,
        None => RecordId::DIRECTORY,
    };
    in_record(phr, caller, record, request, asked)
}

/// Searches under a permit that was decided; `along` says what comes along with the matches of a page.
pub(super) fn under(
    phr: &Phr,
    (caller, permit): (&Caller, &Permit),
    request: &SearchRequest<'_>,
    asked: &Asked,
    along: &dyn Fn(&[Version]) -> Result<Included, Failure>,
) -> Result<Released<SearchSet>, Failure> {
    let query = request.query;
    let ticket = Ticket::read(phr, (caller, permit), request)?;
    if is_total_only(query) {
        let set = SearchSet::of_total(count(phr, permit, query)?);
        return phr.desk().release(phr.store(), (caller, permit), asked, (set, &[]), phr.now_us());
    }
    let page = page(phr, permit, query, (ticket.as_ref(), page_size(query)))?;
    let total = match query.total {
        Some(TotalMode::Accurate | TotalMode::Estimate) if is_under_same_filter(ticket.as_ref(), permit) => page.total,
        Some(TotalMode::Accurate | TotalMode::Estimate) => i64::try_from(count(phr, permit, query)?).ok(),
        // A page that is the only one says how many there are without another look.
        None if ticket.is_none() && page.next.is_none() => i64::try_from(page.matches.len()).ok(),
        Some(TotalMode::None) | None => None,
    };
    let total = total.and_then(|total| u64::try_from(total).ok());
    let included = along(&page.matches)?;
    let next = |place: String| Ticket::behind(permit, place).write(phr, (caller, permit), request);
    let next = page.next.map(next).transpose()?;
    let keys: Vec<ResourceKey> = page.matches.iter().chain(&included.versions).map(|found| found.key.clone()).collect();
    let set = SearchSet { total, next, ..rendered(query, &page.matches, &included) };
    phr.desk().release(phr.store(), (caller, permit), asked, (set, &keys), phr.now_us())
}

/// A page of the matches in the record of a permit, behind the place of a ticket.
pub(super) fn page(
    phr: &Phr,
    permit: &Permit,
    query: &SearchQuery,
    (ticket, limit): (Option<&Ticket>, usize),
) -> Result<SearchPage, Failure> {
    let with_total = matches!(query.total, Some(TotalMode::Accurate | TotalMode::Estimate));
    let wish = PageWish { limit, max_bytes: MAX_PAGE_BYTES, with_total };
    let cursor = ticket.map(|ticket| ticket.place.clone()).filter(|place| !place.is_empty());
    Ok(phr.store().search(permit, &SearchQuery { cursor, ..query.clone() }, wish)?)
}

/// How many matches there are now.
pub(super) fn count(phr: &Phr, permit: &Permit, query: &SearchQuery) -> Result<u64, Failure> {
    let total = phr.store().count(permit, &SearchQuery { cursor: None, ..query.clone() })?;
    Ok(u64::try_from(total).unwrap_or(0))
}

/// Whether only the number of matches is wanted.
pub(super) fn is_total_only(query: &SearchQuery) -> bool {
    query.count == Some(0) || query.summary == Some(SummaryMode::Count)
}

/// How many matches a page has.
pub(super) fn page_size(query: &SearchQuery) -> usize {
    usize::try_from(query.count.unwrap_or(DEFAULT_COUNT)).unwrap_or(usize::MAX)
}

/// What was found as it goes out, whole or in part. `_elements` speaks of matches only (R4 search.html#elements).
pub(super) fn rendered(query: &SearchQuery, matches: &[Version], included: &Included) -> SearchSet {
    let part = Subset::of(query.summary, &query.elements);
    let part_included = Subset::of(query.summary, &[]);
    let render = |versions: &[Version], part: Option<&Subset>| -> Vec<Rendered> {
        let whole = versions.iter().map(Rendered::of);
        match part {
            Some(part) => whole.map(|whole| whole.reduced(part)).collect(),
            None => whole.collect(),
        }
    };
    SearchSet {
        total: None,
        matches: render(matches, part.as_ref()),
        included: render(&included.versions, part_included.as_ref()),
        is_cut: included.is_cut,
        next: None,
    }
}

impl SearchSet {
    /// Nothing but the number of matches.
    pub(super) fn of_total(total: u64) -> SearchSet {
        SearchSet { total: Some(total), matches: Vec::new(), included: Vec::new(), is_cut: false, next: None }
    }
}
