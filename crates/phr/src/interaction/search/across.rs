//! A search by a system that is bound to no record: the directory and the records granted to it, one after the other, each decided
//! for itself. No statement joins two records (design §4).

use mecum_fhir::reference::ResourceType;
use mecum_fhir::search::query::{Clause, Matches, RefMatch, SearchQuery, TotalMode};
use mecum_fhir::search::value::RefTarget;
use mecum_record::access::{Permit, ResourceKey};
use mecum_record::caller::Caller;
use mecum_record::ids::RecordId;
use mecum_store::Version;

use super::decide::{decided, may_search};
use super::include::included;
use super::one::{self, count, is_total_only, page, page_size, rendered};
use super::ticket::Ticket;
use super::{SearchRequest, SearchSet};
use crate::disclose::{Asked, Released};
use crate::{Failure, Phr, Rendered};

/// Records asked for one page or total at most.
const MAX_RECORDS: usize = 1000;

/// Searches what is granted to a system, in the order of the records' numbers; one record alone where the query says which.
pub(super) fn in_granted(
    phr: &Phr,
    caller: &Caller,
    request: &SearchRequest<'_>,
    asked: &Asked,
) -> Result<Released<SearchSet>, Failure> {
    let Caller::System { client, .. } = caller else {
        return Err(Failure::invalid("required", "record", "say in which record"));
    };
    let directory = decided(phr, caller, RecordId::DIRECTORY, request.query)?;
    if let Some(record) = home_of(phr, request.query)? {
        return one::in_record_or_nothing(phr, caller, record, request, asked);
    }
    let ticket = Ticket::read(phr, (caller, &directory), request)?;
    let across = Across { phr, caller, client, request, directory };
    if is_total_only(request.query) {
        let set = SearchSet::of_total(across.total()?);
        return phr.desk().release(phr.store(), (caller, &across.directory), asked, (set, &[]), phr.now_us());
    }
    if !request.query.sort.is_empty() {
        let message = "an order over several people is not to be had: name the patient, or leave `_sort` out";
        return Err(Failure::malformed("too-costly", "_sort", message));
    }
    across.page(ticket, asked)
}

/// The record that a query is about, if it asks for one resource by its id, or for what refers to one.
fn home_of(phr: &Phr, query: &SearchQuery) -> Result<Option<RecordId>, Failure> {
    for clause in &query.clauses {
        let candidates: Vec<ResourceKey> = match clause {
            Clause::Id(ids) if ids.len() == 1 => keys(&query.types, &ids[0]),
            Clause::Has { any_of: Matches::Reference(targets), .. } => match targets.as_slice() {
                [RefMatch::To(RefTarget::Resource(resource_type, id))] => keys(&[*resource_type], id),
                [RefMatch::ToId { types, id }] => keys(types, id),
                _ => Vec::new(),
            },
            _ => Vec::new(),
        };
        for key in candidates {
            // What is in the directory is referred to from everywhere.
            if let Some(record) = phr.store().locate(&key)?.filter(|record| !record.is_directory()) {
                return Ok(Some(record));
            }
        }
    }
    Ok(None)
}

fn keys(types: &[ResourceType], id: &str) -> Vec<ResourceKey> {
    types.iter().take(MAX_TYPES).map(|of| ResourceKey { resource_type: *of, id: id.to_owned() }).collect()
}

/// Types for which an id is looked up.
const MAX_TYPES: usize = 8;

struct Across<'a> {
    phr: &'a Phr,
    caller: &'a Caller,
    client: &'a str,
    request: &'a SearchRequest<'a>,
    directory: Permit,
}

/// What one record gave to a page.
struct Part {
    permit: Permit,
    keys: Vec<ResourceKey>,
}

impl Across<'_> {
    /// How many matches there are in all.
    fn total(&self) -> Result<u64, Failure> {
        let mut total = count(self.phr, &self.directory, self.request.query)?;
        let records = self.records(RecordId(1))?;
        if records.len() > MAX_RECORDS {
            return Err(too_many());
        }
        for record in records {
            if let Some(permit) = may_search(self.phr, self.caller, record, self.request.query)? {
                total += count(self.phr, &permit, self.request.query)?;
            }
        }
        Ok(total)
    }

    /// A page: what is left of the record where the last one ended, then one record after the other until the page is full.
    fn page(&self, ticket: Option<Ticket>, asked: &Asked) -> Result<Released<SearchSet>, Failure> {
        let query = self.request.query;
        let is_first = ticket.is_none();
        let mut begun = Some(ticket.unwrap_or_else(|| Ticket::begin(RecordId::DIRECTORY)));
        let mut left = page_size(query);
        let mut set = SearchSet { total: None, matches: Vec::new(), included: Vec::new(), is_cut: false, next: None };
        let mut parts: Vec<Part> = Vec::new();
        let from = begun.as_ref().map_or(RecordId::DIRECTORY, |ticket| ticket.record);
        let mut records = self.records(from)?;
        let behind = records.get(MAX_RECORDS).copied();
        records.truncate(MAX_RECORDS);
        for record in records {
            if left == 0 {
                return self.finished(set, &parts, Some(Ticket::begin(record)), asked);
            }
            let ticket = begun.take().filter(|ticket| ticket.record == record);
            let Some(permit) = may_search(self.phr, self.caller, record, query)? else { continue };
            // Each record is counted by itself where that was asked for.
            let page = page(self.phr, &permit, &SearchQuery { total: None, ..query.clone() }, (ticket.as_ref(), left))?;
            left = left.saturating_sub(page.matches.len());
            let next = page.next.map(|place| Ticket::behind(&permit, place));
            self.add(&mut set, &mut parts, permit, &page.matches)?;
            if next.is_some() {
                return self.finished(set, &parts, next, asked);
            }
        }
        if behind.is_none() && is_first {
            set.total = u64::try_from(set.matches.len()).ok();
        }
        self.finished(set, &parts, behind.map(Ticket::begin), asked)
    }

    /// The records that may have something to give, in order, from one on; one more than a page asks for.
    fn records(&self, from: RecordId) -> Result<Vec<RecordId>, Failure> {
        let granted = self.phr.store().granted_records(self.client, from, MAX_RECORDS + 1)?;
        let directory = Some(RecordId::DIRECTORY).filter(|directory| *directory >= from);
        Ok(directory.into_iter().chain(granted).collect())
    }

    fn add(
        &self,
        set: &mut SearchSet,
        parts: &mut Vec<Part>,
        permit: Permit,
        matches: &[Version],
    ) -> Result<(), Failure> {
        if matches.is_empty() {
            return Ok(());
        }
        let along = included(self.phr, self.caller, permit.over(), self.request.query, matches)?;
        let keys = matches.iter().chain(&along.versions).map(|version| version.key.clone()).collect();
        let more = rendered(self.request.query, matches, &along);
        set.matches.extend(more.matches);
        set.is_cut |= more.is_cut;
        // What systems keep for all may come along with several people.
        let is_new = |found: &Rendered| set.included.iter().all(|known| known.key != found.key);
        let news: Vec<Rendered> = more.included.into_iter().filter(is_new).collect();
        set.included.extend(news);
        parts.push(Part { permit, keys });
        Ok(())
    }

    fn finished(
        &self,
        mut set: SearchSet,
        parts: &[Part],
        next: Option<Ticket>,
        asked: &Asked,
    ) -> Result<Released<SearchSet>, Failure> {
        let write = |ticket: Ticket| ticket.write(self.phr, (self.caller, &self.directory), self.request);
        set.next = next.map(write).transpose()?;
        if matches!(self.request.query.total, Some(TotalMode::Accurate | TotalMode::Estimate)) {
            set.total = Some(self.total()?);
        }
        if self.request.query.total == Some(TotalMode::None) {
            set.total = None;
        }
        // A search that found nothing is told of where nobody's data is.
        let own = (&self.directory, &[][..]);
        let mut shown: Vec<(&Permit, &[ResourceKey])> =
            parts.iter().map(|part| (&part.permit, part.keys.as_slice())).collect();
        if shown.is_empty() {
            shown.push(own);
        }
        self.phr.desk().release_from(self.phr.store(), (self.caller, &shown), asked, set, self.phr.now_us())
    }
}

fn too_many() -> Failure {
    let message = format!("more than {MAX_RECORDS} people are granted to you: name one, or ask without a total");
    Failure::malformed("too-costly", "_total", message)
}
