//! The newest Provenances or AuditEvents of a record, page by page, until search finds them.

use mecum_fhir::reference::ResourceType;
use mecum_record::caller::Caller;
use mecum_store::Cursor;

use super::audit_event::{EventWriter, n_events};
use super::provenance::{TARGETS, of_commit};
use super::{View, rendered_keys};
use crate::commits::access_entry;
use crate::disclose::{Asked, Released};
use crate::{Failure, Phr, Rendered};

/// Commits or lines of the log that are looked at for one page: a caller from whom most is hidden gets short pages.
const MAX_LOOKED_AT: i64 = 200;

/// Commits or lines read at a time.
const BATCH: i64 = 20;

/// A page of them.
pub struct ProjectedPage {
    /// Newest first.
    pub resources: Vec<Rendered>,
    /// Where the next page begins; `None` when this is the last.
    pub next: Option<Cursor>,
}

/// The Provenances (else the AuditEvents) of the record the caller is bound to, those before a place, newest first.
///
/// # Errors
/// [`Failure::Invalid`] for a caller bound to no record; [`Failure::Forbidden`] without the scopes.
pub fn list(
    phr: &Phr,
    caller: &Caller,
    resource_type: ResourceType,
    (before, count): (Option<Cursor>, usize),
    asked: &Asked,
) -> Result<Released<ProjectedPage>, Failure> {
    let needs_one =
        || Failure::invalid("required", "", "a system's list of a type needs a record: ask for one resource");
    let record = caller.bound_record().ok_or_else(needs_one)?;
    let view = View::of(phr, caller, resource_type, record)?;
    let before = before.unwrap_or(Cursor { seq: i64::MAX, ordinal: 0 });
    let page = Page { resources: Vec::new(), place: before, count };
    let page = match resource_type {
        ResourceType::PROVENANCE => provenances(&view, page)?,
        ResourceType::AUDIT_EVENT => audit_events(&view, page)?,
        _ => return Err(Failure::Unsupported("only Provenance and AuditEvent are listed".to_owned())),
    };
    let keys = rendered_keys(&page.resources);
    phr.desk().release(phr.store(), (caller, &view.own), asked, (page, &keys), phr.now_us())
}

/// A page being filled: `place` is the last place that was looked at.
struct Page {
    resources: Vec<Rendered>,
    place: Cursor,
    count: usize,
}

impl Page {
    /// Takes what stands at a place, if anything does; whether there is room for more.
    fn take(&mut self, place: Cursor, found: Option<Rendered>) -> bool {
        self.place = place;
        self.resources.extend(found);
        self.resources.len() < self.count
    }

    fn ended(self, is_last: bool) -> ProjectedPage {
        ProjectedPage { resources: self.resources, next: (!is_last).then_some(self.place) }
    }

    /// The places within what stands at `seq`, newest first: those before the page's own, where it begins in the middle.
    fn places(&self, seq: i64, n: i64) -> impl Iterator<Item = Cursor> + use<> {
        let end = if self.place.seq == seq { n.min(self.place.ordinal - 1) } else { n };
        (1..=end).rev().map(move |ordinal| Cursor { seq, ordinal })
    }

    /// Behind which place of the chain to read: what the page begins in the middle of is read again.
    fn before_seq(&self) -> i64 {
        if self.place.ordinal > 1 { self.place.seq.saturating_add(1) } else { self.place.seq }
    }
}

fn provenances(view: &View<'_>, mut page: Page) -> Result<ProjectedPage, Failure> {
    for _ in 0..MAX_LOOKED_AT / BATCH {
        let commits = view.phr.store().log(&view.seen, page.before_seq(), BATCH)?;
        for commit in &commits {
            let n_pages = (commit.n_versions + TARGETS - 1) / TARGETS;
            for place in page.places(commit.seq, n_pages) {
                let found = of_commit(view, commit, place.ordinal)?;
                if !page.take(place, found) {
                    return Ok(page.ended(false));
                }
            }
            page.place = Cursor { seq: commit.seq, ordinal: 0 };
        }
        if commits.is_empty() {
            return Ok(page.ended(true));
        }
    }
    Ok(page.ended(false))
}

fn audit_events(view: &View<'_>, mut page: Page) -> Result<ProjectedPage, Failure> {
    view.phr.flush_access_log()?;
    let writer = EventWriter::new(view)?;
    for _ in 0..MAX_LOOKED_AT / BATCH {
        let lines = view.phr.store().access_lines(&view.own, page.before_seq(), BATCH)?;
        let is_last = lines.is_empty();
        for line in lines {
            let entry = access_entry(line)?;
            for place in page.places(entry.seq, n_events(&entry)) {
                let found = writer.event(&entry, place.ordinal)?;
                if !page.take(place, found) {
                    return Ok(page.ended(false));
                }
            }
            page.place = Cursor { seq: entry.seq, ordinal: 0 };
        }
        if is_last {
            return Ok(page.ended(true));
        }
    }
    Ok(page.ended(false))
}
