//! history: of one resource, of a type, of the record; newest first, deletions included (REST-10).

use mecum_fhir::reference::ResourceType;
use mecum_record::access::{Act, ResourceKey};
use mecum_record::caller::Caller;
use mecum_store::{Cursor, Version};

use super::read::hidden;
use crate::disclose::{Asked, Released};
use crate::permission::{name, permit, record_of};
use crate::{Failure, Phr, Rendered};

/// Versions of one resource shown at most; more are reached with `_since` over the type.
const MAX_INSTANCE_VERSIONS: i64 = 1000;

/// What a history is asked for.
#[derive(Clone, Copy, Debug)]
pub struct HistoryQuery {
    /// Only versions made at or after this time, microseconds since the epoch.
    pub since_us: i64,
    /// Only versions before this place; `None` for the newest.
    pub before: Option<Cursor>,
    /// At most so many.
    pub count: usize,
}

/// A page of a history.
pub struct HistoryPage {
    /// The versions, newest first.
    pub versions: Vec<Rendered>,
    /// Where the next page begins; `None` when this is the last.
    pub next: Option<Cursor>,
}

/// The versions of one resource.
///
/// # Errors
/// [`Failure::NotFound`] when it was never there or is hidden.
pub fn instance_history(
    phr: &Phr,
    caller: &Caller,
    key: &ResourceKey,
    query: &HistoryQuery,
    asked: &Asked,
) -> Result<Released<HistoryPage>, Failure> {
    let record = record_of(phr, caller, key)?;
    let permit = permit(phr, caller, Act::Read(key.resource_type), record).map_err(|failure| hidden(failure, key))?;
    let mut versions = phr.store().history(&permit, key, None, MAX_INSTANCE_VERSIONS)?;
    if versions.is_empty() {
        return Err(Failure::NotFound(name(key)));
    }
    versions.retain(|version| version.at_us >= query.since_us && is_before(version, query.before));
    let page = page(&versions, query.count);
    phr.desk().release(phr.store(), (caller, &permit), asked, (page, std::slice::from_ref(key)), phr.now_us())
}

/// The versions of a type, or of all types, in the record the caller is bound to.
///
/// # Errors
/// [`Failure::Invalid`] for a caller bound to no record, who has to name one.
pub fn recent_history(
    phr: &Phr,
    caller: &Caller,
    only: Option<ResourceType>,
    query: &HistoryQuery,
    asked: &Asked,
) -> Result<Released<HistoryPage>, Failure> {
    let record = caller.bound_record().ok_or_else(no_record)?;
    let permit = permit(phr, caller, Act::Search, record)?;
    let before = query.before.unwrap_or(Cursor { seq: i64::MAX, ordinal: 0 });
    // One more than asked for tells whether there is a next page.
    let versions = phr.store().recent(&permit, only, (query.since_us, before), query.count + 1)?;
    let page = page(&versions, query.count);
    let keys: Vec<ResourceKey> = page.versions.iter().map(|version| version.key.clone()).collect();
    phr.desk().release(phr.store(), (caller, &permit), asked, (page, &keys), phr.now_us())
}

fn no_record() -> Failure {
    Failure::invalid("required", "", "a system's history of a type needs a record: ask for one resource's history")
}

fn is_before(version: &Version, before: Option<Cursor>) -> bool {
    before.is_none_or(|before| version.cursor() < before)
}

fn page(versions: &[Version], count: usize) -> HistoryPage {
    let shown = &versions[..versions.len().min(count)];
    let next = if versions.len() > count { shown.last().map(Version::cursor) } else { None };
    HistoryPage { versions: shown.iter().map(Rendered::of).collect(), next }
}
