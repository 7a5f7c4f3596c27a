//! update: a new version of a resource, or for system clients a new resource under an id of their own (REST-6).

use mecum_record::access::{Act, ResourceKey};
use mecum_record::caller::Caller;
use mecum_record::commit::CommitAct;
use mecum_record::ids::{RecordId, VersionId};
use mecum_store::Expected;

use super::create::{home_of, words};
use super::prepare::{parse, put};
use super::read::hidden;
use crate::disclose::{Asked, Released};
use crate::permission::{name, permit};
use crate::{Failure, Phr, Rendered};

/// A resource after an update.
pub struct Updated {
    /// As it is now.
    pub resource: Rendered,
    /// Whether it was not there before, or was deleted.
    pub is_new: bool,
}

/// Puts a new version of a resource; `if_match` must be the version it is at.
///
/// # Errors
/// [`Failure::Precondition`] when it is at another version; [`Failure::NotFound`] for an id that is not there, unless a system
/// client names one; [`Failure::Malformed`] when body and address disagree.
pub fn update(
    phr: &Phr,
    caller: &Caller,
    key: &ResourceKey,
    (bytes, if_match): (&[u8], Option<VersionId>),
    asked: &Asked,
) -> Result<Released<Updated>, Failure> {
    let (record, is_there) = place_of(phr, caller, key)?;
    let permit = permit(phr, caller, Act::Update(key.resource_type), record).map_err(|failure| hidden(failure, key))?;
    if is_there && phr.store().read(&permit, key)?.is_none() {
        return Err(Failure::NotFound(name(key)));
    }
    let resource = parse(bytes, key.resource_type)?;
    if resource.id().as_deref() != Some(key.id.as_str()) {
        return Err(Failure::malformed("invalid", "id", "the id in the body must be the one in the address"));
    }
    let expected = if_match.map_or(Expected::Whatever, Expected::Version);
    let change = put(phr, &permit, (&resource, key), expected, &|_| None)?;
    let now_us = phr.now_us();
    let words = words(caller, CommitAct::Update, now_us, format!("update {}", name(key)));
    let changes = [change];
    let committed = phr.store().commit(std::slice::from_ref(&permit), &words, &changes)?;
    let written = committed.written.first().ok_or_else(|| Failure::Broken("nothing was written".to_owned()))?;
    let resource = Rendered::of_change(&changes[0], written.version.0, committed.at_us);
    let updated = Updated { resource, is_new: written.is_new };
    phr.desk().release(phr.store(), (caller, &permit), asked, (updated, std::slice::from_ref(key)), now_us)
}

/// The record of the resource, and whether it is there; a system client may name an id that nobody has.
fn place_of(phr: &Phr, caller: &Caller, key: &ResourceKey) -> Result<(RecordId, bool), Failure> {
    let holder = phr.store().locate(key)?;
    match (caller.bound_record(), holder) {
        (Some(bound), Some(holder)) if bound == holder => Ok((bound, true)),
        // An id of another record and an id of nobody look alike: both are not there.
        (Some(_), _) => Err(Failure::NotFound(name(key))),
        (None, Some(holder)) => Ok((holder, true)),
        (None, None) => Ok((home_of(caller, key.resource_type)?, false)),
    }
}
