//! A search by a system that is bound to no record: the directory and the records granted to it, one after the other, each decided
//! for itself. No statement joins two records (design §4).

use mecum_fhir::search::query::{SearchQuery, TotalMode};
use mecum_record::access::{Permit, ResourceKey};
use mecum_record::caller::Caller;
use mecum_record::ids::RecordId;
use mecum_store::Version;

use super::decide::{decided, may_search};
use super::include::included;
use super::one::{count, is_total_only, page, page_size, rendered};
use super::ticket::Ticket;
use super::{SearchRequest, SearchSet};
use crate::disclose::{Asked, Released};
use crate::{Failure, Phr, Rendered};

/// Records asked for one page or total at most.
const MAX_RECORDS: usize = 1000;

/// Searches what is granted to a system, in the order of the records' numbers.
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
    let ticket = Ticket::read(phr, (caller, &directory), request)?;
    let across = Across { phr, caller, client, request, directory };
    if is_total_only(request.query) {
        let set = SearchSet::of_total(across.total()?);
        return phr.desk().release(phr.store(), (caller, &across.directory), asked, (set, &[]), phr.now_us());
    }
    across.page(ticket, asked)
}

struct Across<'a> {
    phr: &'a Phr,
    caller: &'a Caller,
    client: &'a str,
    request: &'a SearchRequest<'a>,
    directory: Permit,
}

/// Records to ask.
struct Candidates {
    records: Vec<RecordId>,
    /// The first of those that are too many for one page.
    behind: Option<RecordId>,
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
        let candidates = self.candidates(RecordId(1))?;
        if candidates.behind.is_some() {
            return Err(too_many());
        }
        for record in candidates.records {
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
        let Candidates { records, behind } = match query.sort.is_empty() {
            true => self.candidates(from)?,
            false => Candidates { records: vec![self.only_one(from, is_first)?], behind: None },
        };
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

    /// The records from one on that may have something to give, in order.
    fn candidates(&self, from: RecordId) -> Result<Candidates, Failure> {
        let store = self.phr.store();
        let worth = store.records_worth_asking(self.request.query)?;
        if let Some(worth) = worth.as_ref().filter(|worth| worth.len() <= MAX_RECORDS) {
            return Ok(Candidates { records: worth.range(from..).copied().collect(), behind: None });
        }
        let granted = store.granted_records(self.client, from, MAX_RECORDS + 1)?;
        let behind = granted.get(MAX_RECORDS).copied();
        let directory = Some(RecordId::DIRECTORY).filter(|directory| *directory >= from);
        let is_worth = |record: &RecordId| worth.as_ref().is_none_or(|worth| worth.contains(record));
        let records = directory.into_iter().chain(granted.into_iter().take(MAX_RECORDS)).filter(is_worth);
        Ok(Candidates { records: records.collect(), behind })
    }

    /// The one record that an order is asked over: no order is made of those of several people.
    fn only_one(&self, from: RecordId, is_first: bool) -> Result<RecordId, Failure> {
        if !is_first {
            return Ok(from);
        }
        let Candidates { records, behind } = self.candidates(from)?;
        let mut found = Vec::new();
        for record in records {
            if let Some(permit) = may_search(self.phr, self.caller, record, self.request.query)?
                && count(self.phr, &permit, self.request.query)? > 0
            {
                found.push(record);
            }
            if found.len() > 1 {
                break;
            }
        }
        match (found.as_slice(), behind) {
            ([], None) => Ok(RecordId::DIRECTORY),
            ([only], None) => Ok(*only),
            _ => {
                let message = "an order over several people is not to be had: name the patient, or leave `_sort` out";
                Err(Failure::malformed("too-costly", "_sort", message))
            }
        }
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
