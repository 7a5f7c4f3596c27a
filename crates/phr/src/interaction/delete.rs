//! delete: later reads say that it is gone, its history stays (REST-9).

use mecum_record::access::{Act, ResourceKey};
use mecum_record::caller::Caller;
use mecum_record::commit::CommitAct;
use mecum_record::ids::VersionId;
use mecum_store::{Change, Content, Expected};

use super::create::words;
use crate::permission::{name, permit, record_of};
use crate::{Failure, Phr};

/// What a deletion did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deleted {
    /// This is the version that says so.
    Now(VersionId),
    /// It was not there, or deleted already, or hidden: nothing was changed.
    Already,
}

/// Deletes a resource; `if_match` must be the version it is at.
///
/// # Errors
/// [`Failure::Precondition`] when it is at another version; [`Failure::Forbidden`] without the scope.
pub fn delete(phr: &Phr, caller: &Caller, key: &ResourceKey, if_match: Option<VersionId>) -> Result<Deleted, Failure> {
    let record = match record_of(phr, caller, key) {
        Err(Failure::NotFound(_)) => return Ok(Deleted::Already),
        record => record?,
    };
    let permit = match permit(phr, caller, Act::Delete(key.resource_type), record) {
        Err(Failure::NotFound(_)) => return Ok(Deleted::Already),
        permit => permit?,
    };
    let Some(current) = phr.store().read(&permit, key)?.filter(|version| !version.is_deleted()) else {
        return Ok(Deleted::Already);
    };
    let change = Change {
        key: key.clone(),
        content: Content::Deleted,
        facts: current.facts,
        origin_digest: None,
        expected: Expected::Version(if_match.unwrap_or(current.version)),
    };
    let words = words(caller, CommitAct::Delete, phr.now_us(), format!("delete {}", name(key)));
    let committed = phr.store().commit(&[permit], &words, &[change])?;
    phr.desk().note_event(caller, record, &format!("delete {}", name(key)), phr.now_us());
    Ok(committed.written.first().map_or(Deleted::Already, |written| Deleted::Now(written.version)))
}
