//! Asking for a permit: the record's standing is read, the one decision is made, and a refusal is written down.

use mecum_record::access::{Act, Denied, Permit, ResourceKey, Standing, decide};
use mecum_record::caller::Caller;
use mecum_record::ids::RecordId;
use mecum_store::{StoreError, Version};

use crate::interaction::is_directory_type;
use crate::{Failure, Phr};

/// May this caller do this act on this record now?
///
/// # Errors
/// [`Failure::Forbidden`] when a scope is missing; [`Failure::NotFound`] when the caller may not know that the record is there.
pub(crate) fn permit(phr: &Phr, caller: &Caller, act: Act, record: RecordId) -> Result<Permit, Failure> {
    permit_all(phr, caller, &[act], record)
}

/// The permit to read a resource of a record, and its current version, in one look at the store.
///
/// # Errors
/// As [`permit`]; what the store says.
pub(crate) fn permit_and_read(
    phr: &Phr,
    caller: &Caller,
    record: RecordId,
    key: &ResourceKey,
) -> Result<(Permit, Option<Version>), Failure> {
    let act = Act::Read(key.resource_type);
    let decided = |standing: &Standing| decide(caller, act, standing, phr.now_us());
    let seen = phr.store().read_where((record, client_of(caller)), key, decided);
    let seen = seen.map_err(|error| unless_unknown(error, record))?;
    seen.map_err(|denied| refused(phr, caller, (act, record), denied))
}

/// The name under which grants speak of a caller, if they do.
fn client_of(caller: &Caller) -> Option<&str> {
    match caller {
        Caller::System { client, .. } => Some(client.as_str()),
        Caller::Operator { .. } | Caller::Holder { .. } | Caller::App { .. } | Caller::Job { .. } => None,
    }
}

fn unless_unknown(error: StoreError, record: RecordId) -> Failure {
    match error {
        StoreError::UnknownRecord(_) => Failure::NotFound(format!("record {record}")),
        error => error.into(),
    }
}

/// Writes a refusal down, and says what the caller is told.
fn refused(phr: &Phr, caller: &Caller, (act, record): (Act, RecordId), denied: Denied) -> Failure {
    phr.desk().note_denied(caller, record, act, denied, phr.now_us());
    match denied {
        // Whoever holds no grant for a record is told what a record that is not there would tell.
        Denied::NoGrant => Failure::NotFound(format!("record {record}")),
        _ => Failure::Forbidden(denied),
    }
}

/// May this caller do all of these acts on this record now? The permit is that of the first, which there must be.
///
/// # Errors
/// As [`permit`], for the first act that is refused.
pub(crate) fn permit_all(phr: &Phr, caller: &Caller, acts: &[Act], record: RecordId) -> Result<Permit, Failure> {
    let decided = decided(phr, caller, acts, record)?;
    decided.map_err(|(act, denied)| refused(phr, caller, (act, record), denied))
}

/// The same where a refusal refuses nothing that was asked for: it gives no permit, and is not written down.
///
/// # Errors
/// What the store says.
pub(crate) fn may(phr: &Phr, caller: &Caller, acts: &[Act], record: RecordId) -> Result<Option<Permit>, Failure> {
    match decided(phr, caller, acts, record) {
        Err(Failure::NotFound(_)) => Ok(None),
        decided => Ok(decided?.ok()),
    }
}

/// The permit of the first act, if all are permitted; else the one that is not, and why.
fn decided(
    phr: &Phr,
    caller: &Caller,
    acts: &[Act],
    record: RecordId,
) -> Result<Result<Permit, (Act, Denied)>, Failure> {
    let standing = phr.store().standing(record, client_of(caller)).map_err(|error| unless_unknown(error, record))?;
    let mut first = None;
    for act in acts {
        match decide(caller, *act, &standing, phr.now_us()) {
            Ok(permit) => first = first.or(Some(permit)),
            Err(denied) => return Ok(Err((*act, denied))),
        }
    }
    first.map(Ok).ok_or_else(|| Failure::Broken("a permit was asked for no act".to_owned()))
}

/// The same for what takes long: a token that was revoked or ran out meanwhile ends it too, not only the next request.
///
/// # Errors
/// As [`permit`]; [`Failure::NotFound`] once the token holds no more.
pub(crate) fn standing_permit(phr: &Phr, caller: &Caller, act: Act, record: RecordId) -> Result<Permit, Failure> {
    if let Caller::App { token_id, .. } | Caller::System { token_id, .. } = caller {
        let now_us = phr.now_us();
        let tokens = phr.store().tokens()?;
        let is_live = tokens.iter().any(|row| row.token_id == *token_id && row.is_live(now_us));
        if !is_live {
            return Err(Failure::NotFound(format!("record {record}")));
        }
    }
    permit(phr, caller, act, record)
}

/// The record in which this caller means a resource: the one it is bound to, else the one that holds the id.
///
/// # Errors
/// [`Failure::NotFound`] when no record holds it.
pub(crate) fn record_of(phr: &Phr, caller: &Caller, key: &ResourceKey) -> Result<RecordId, Failure> {
    match caller.bound_record() {
        Some(record) => Ok(record),
        None => phr.store().locate(key)?.ok_or_else(|| Failure::NotFound(name(key))),
    }
}

/// The current version of a resource of the directory, for a caller bound to a record: a second statement, under a permit of its own.
///
/// # Errors
/// What the store says; a resource that may not be read is one that is not there.
pub(crate) fn in_directory(
    phr: &Phr,
    caller: &Caller,
    key: &ResourceKey,
) -> Result<Option<(Permit, Version)>, Failure> {
    if caller.bound_record().is_none() || !is_directory_type(key.resource_type) {
        return Ok(None);
    }
    let (permit, version) = match permit_and_read(phr, caller, RecordId::DIRECTORY, key) {
        Err(Failure::NotFound(_) | Failure::Forbidden(_)) => return Ok(None),
        found => found?,
    };
    Ok(version.filter(|version| !version.is_deleted()).map(|version| (permit, version)))
}

/// `Type/id`, for answers.
pub(crate) fn name(key: &ResourceKey) -> String {
    format!("{}/{}", key.resource_type.name(), key.id)
}
