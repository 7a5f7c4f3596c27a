//! The change that takes back what a commit did to one resource.

use mecum_fhir::json::Limits;
use mecum_fhir::resource::Resource;
use mecum_record::access::{Facts, Permit};
use mecum_record::ids::VersionId;
use mecum_store::{Change, Content, Expected, Version};

use crate::{Failure, Phr};

/// What becomes of one version of a commit that is taken back.
pub(super) enum Restored {
    /// The resource becomes what it was before.
    To(Box<Change>),
    /// It was changed since, and stays.
    Kept,
    /// Nothing: the commit made a later version of it, or left it as it was.
    Nothing,
}

/// What takes back one version of a commit, with the resource as it stands now.
pub(super) fn restored(phr: &Phr, permit: &Permit, version: &Version) -> Result<Restored, Failure> {
    let store = phr.store();
    let Some(current) = store.read(permit, &version.key)? else {
        return Err(Failure::Damaged("a resource of a commit has no current version: run mecum verify".to_owned()));
    };
    let is_current = (current.commit, current.ordinal) == (version.commit, version.ordinal);
    if !is_current {
        // A file may hold a resource twice: its last version is what the commit left.
        let left = store.version_before(permit, &version.key, version.seq.saturating_add(1))?;
        let is_left = left.as_ref().is_some_and(|left| left.commit == version.commit);
        if is_left && left.is_some_and(|left| left.ordinal != version.ordinal) {
            return Ok(Restored::Nothing);
        }
        // A change that was itself taken back leaves what the commit left; the content alone says so.
        if !is_left || current.body != version.body {
            return Ok(Restored::Kept);
        }
    }
    let before = store.version_before(permit, &version.key, version.seq)?.filter(|before| !before.is_deleted());
    match before {
        Some(before) => put(&before, &current).map(|change| Restored::To(Box::new(change))),
        None if current.is_deleted() => Ok(Restored::Nothing),
        None => Ok(Restored::To(Box::new(deletion(&current)))),
    }
}

/// What a writer of the next version believes of the current one.
fn expected(current: &Version) -> Expected {
    Expected::Version(if current.is_deleted() { VersionId(0) } else { current.version })
}

fn put(before: &Version, current: &Version) -> Result<Change, Failure> {
    let damaged = || Failure::Damaged("an earlier version is damaged: run mecum verify".to_owned());
    let body = before.body.clone().ok_or_else(damaged)?;
    let resource = Resource::parse(body.text.as_bytes(), &Limits::default()).map_err(|_| damaged())?;
    Ok(Change {
        key: before.key.clone(),
        // By the rules of today, which may know more than those it was written under.
        facts: Facts::of(&resource, before.facts.source),
        content: Content::Put(body),
        // The line it came from is known by the version that was taken from it.
        origin_digest: None,
        expected: expected(current),
    })
}

fn deletion(current: &Version) -> Change {
    Change {
        key: current.key.clone(),
        content: Content::Deleted,
        facts: current.facts,
        origin_digest: None,
        expected: expected(current),
    }
}
