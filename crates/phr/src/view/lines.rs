//! Entries as lines: a timeline newest first, what has no date, and how many there are of each kind.

use mecum_fhir::json::Limits;
use mecum_fhir::reading::{Headline, headline};
use mecum_fhir::resource::Resource;
use mecum_record::access::{Act, Permit, ResourceFilter, ResourceKey};
use mecum_record::caller::Caller;
use mecum_record::ids::RecordId;
use mecum_store::{TimePlace, Timed};

use super::kind::Kind;
use crate::disclose::{Asked, Released};
use crate::permission::permit;
use crate::{Failure, Phr};

/// Lines on one page at most.
pub const MAX_LINES: usize = 500;

/// One entry in one line. Not `Debug`: it is someone's health data.
#[derive(Clone)]
pub struct Line {
    /// Which resource.
    pub key: ResourceKey,
    /// Its kind.
    pub kind: Kind,
    /// What it says.
    pub headline: Headline,
    /// Its clinical date, microseconds since the epoch; `None` for one without.
    pub dated_us: Option<i64>,
}

/// A page of lines.
pub struct Lines {
    /// The lines.
    pub lines: Vec<Line>,
    /// Where the next page begins; `None` when this is the last.
    pub next: Option<TimePlace>,
}

/// Which lines are wanted.
#[derive(Clone)]
pub struct LinesQuery {
    /// Only these, beyond what the permit lets through.
    pub narrowed: ResourceFilter,
    /// Whether those without a clinical date are wanted, instead of those with one.
    pub undated: bool,
    /// Behind this place.
    pub behind: TimePlace,
    /// So many at most.
    pub count: usize,
}

/// Entries with a clinical date, newest first; or those without one, in the order in which they came.
///
/// # Errors
/// [`Failure::Forbidden`] for whoever may not see the record.
pub fn lines(
    phr: &Phr,
    caller: &Caller,
    record: RecordId,
    query: &LinesQuery,
    asked: &Asked,
) -> Result<Released<Lines>, Failure> {
    let permit = permit(phr, caller, Act::Search, record)?;
    let page = read(phr, &permit, query)?;
    let keys: Vec<ResourceKey> = page.lines.iter().map(|line| line.key.clone()).collect();
    phr.desk().release(phr.store(), (caller, &permit), asked, (page, &keys), phr.now_us())
}

/// The page, for functions that release more than it.
pub(super) fn read(phr: &Phr, permit: &Permit, query: &LinesQuery) -> Result<Lines, Failure> {
    let count = query.count.clamp(1, MAX_LINES);
    // One more than asked for tells whether there is a next page.
    let mut found = if query.undated {
        let behind = if query.behind == TimePlace::NEWEST { 0 } else { query.behind.entry_no };
        phr.store().undated(permit, &query.narrowed, behind, count + 1)?
    } else {
        phr.store().timeline(permit, &query.narrowed, query.behind, count + 1)?
    };
    let is_more = found.len() > count;
    found.truncate(count);
    let next = found.last().filter(|_| is_more).map(|last| last.place);
    Ok(Lines { lines: found.iter().map(line).collect::<Result<_, _>>()?, next })
}

/// How many entries of each kind there are; kinds without any are left out.
///
/// # Errors
/// [`Failure::Forbidden`] for whoever may not see the record.
pub fn kind_counts(
    phr: &Phr,
    caller: &Caller,
    record: RecordId,
    asked: &Asked,
) -> Result<Released<Vec<(Kind, i64)>>, Failure> {
    let permit = permit(phr, caller, Act::Search, record)?;
    let mut counts: Vec<(Kind, i64)> = Kind::ALL.map(|kind| (kind, 0)).to_vec();
    for (resource_type, categories, n) in phr.store().type_counts(&permit)? {
        let kind = Kind::of(resource_type, categories);
        if let Some((_, count)) = counts.iter_mut().find(|(of, _)| *of == kind) {
            *count += n;
        }
    }
    counts.retain(|(_, n)| *n > 0);
    phr.desk().release(phr.store(), (caller, &permit), asked, (counts, &[]), phr.now_us())
}

fn line(timed: &Timed) -> Result<Line, Failure> {
    let damaged = || Failure::Damaged("a stored resource cannot be read: run mecum verify".to_owned());
    let version = &timed.version;
    let body = version.body.as_ref().ok_or_else(damaged)?;
    let resource = Resource::parse(body.text.as_bytes(), &Limits::default()).map_err(|_| damaged())?;
    Ok(Line {
        key: version.key.clone(),
        kind: Kind::of(version.key.resource_type, version.facts.categories),
        headline: headline(&resource),
        dated_us: version.facts.dated.map(|dated| dated.from_us),
    })
}
