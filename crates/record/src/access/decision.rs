//! The whole policy, readable top to bottom: record frozen or closed → grant → SMART scope → act. Deny wins; absence is denial.
//!
//! Explicit denies of the holder, proxies and sensitivity labels join this order with the callers that need them (design §6).

use mecum_fhir::reference::ResourceType;

use super::permit::PERMIT_LIFETIME_US;
use super::{Act, Grant, Permit, Purpose, ResourceFilter, ScopeContext, ScopeSet, Verb};
use crate::caller::Caller;
use crate::ids::RecordId;

/// How a record stands at the moment of the decision.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    /// The record.
    pub record: RecordId,
    /// Whether it is closed: nothing is read or written any more.
    pub is_closed: bool,
    /// Whether it is frozen: it is read, and nothing is written.
    pub is_frozen: bool,
    /// The grants of this record to the client who asks; the rest do not matter.
    pub grants: Vec<Grant>,
}

/// Why the answer is no. Callers who may not know that the record exists are told that it was not found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Denied {
    /// The record is closed.
    #[error("this record is closed")]
    RecordClosed,
    /// The record is frozen, and the act would change it.
    #[error("this record is frozen: it can be read and not changed")]
    RecordFrozen,
    /// The caller is bound to another record, or holds no live grant for this one.
    #[error("no grant for this record")]
    NoGrant,
    /// The token's scopes do not cover the act.
    #[error("the token's scope does not cover this")]
    OutOfScope,
}

/// May this caller do this act on this record now?
///
/// # Errors
/// The first reason, in the order of this file, for which the answer is no.
pub fn decide(caller: &Caller, act: Act, standing: &Standing, now_us: i64) -> Result<Permit, Denied> {
    record_stands(act, standing)?;
    let (filter, purpose) = match caller {
        Caller::Operator { .. } | Caller::Job { .. } => (ResourceFilter::Every, Purpose::Operations),
        Caller::App { record, scopes, .. } => {
            if *record != standing.record {
                return Err(Denied::NoGrant);
            }
            (in_scope(scopes, ScopeContext::Patient, act)?, Purpose::PatientRequest)
        }
        Caller::System { client, scopes, .. } => (system(client, scopes, act, standing, now_us)?, Purpose::Treatment),
    };
    Ok(Permit {
        act,
        purpose,
        recipient: format!("{} {}", caller.kind(), caller.name()),
        filter,
        valid_until_us: now_us.saturating_add(PERMIT_LIFETIME_US),
        over: standing.record,
    })
}

fn record_stands(act: Act, standing: &Standing) -> Result<(), Denied> {
    if standing.is_closed {
        return Err(Denied::RecordClosed);
    }
    if standing.is_frozen && changes(act) {
        return Err(Denied::RecordFrozen);
    }
    Ok(())
}

/// A system reaches the directory by its scopes alone, and a person's record by a live grant that its scopes narrow.
fn system(
    client: &str,
    scopes: &ScopeSet,
    act: Act,
    standing: &Standing,
    now_us: i64,
) -> Result<ResourceFilter, Denied> {
    let own = in_scope(scopes, ScopeContext::System, act)?;
    if standing.record.is_directory() {
        return Ok(own);
    }
    let live = |grant: &&Grant| grant.client == client && grant.record == standing.record && grant.is_live(now_us);
    let mut granted: Vec<ResourceFilter> = standing
        .grants
        .iter()
        .filter(live)
        .filter_map(|grant| in_scope(&grant.scopes, ScopeContext::System, act).ok())
        .collect();
    match granted.pop() {
        None => Err(Denied::NoGrant),
        Some(only) if granted.is_empty() => Ok(own.and(only)),
        Some(last) => {
            granted.push(last);
            Ok(own.and(ResourceFilter::Or(granted)))
        }
    }
}

/// The filter that the scopes leave for this act.
fn in_scope(scopes: &ScopeSet, context: ScopeContext, act: Act) -> Result<ResourceFilter, Denied> {
    let on_type = |verb: Verb, resource_type: ResourceType| {
        let allowed = scopes.allows(context, verb, resource_type);
        if allowed { Ok(ResourceFilter::TypeIs(resource_type)) } else { Err(Denied::OutOfScope) }
    };
    let on_all = |allowed: bool| if allowed { Ok(ResourceFilter::Every) } else { Err(Denied::OutOfScope) };
    match act {
        Act::Read(resource_type) => on_type(Verb::Read, resource_type),
        Act::Create(resource_type) => on_type(Verb::Create, resource_type),
        Act::Update(resource_type) => on_type(Verb::Update, resource_type),
        Act::Delete(resource_type) => on_type(Verb::Delete, resource_type),
        Act::Search | Act::Export => readable(scopes, context),
        Act::Import => on_all([Verb::Create, Verb::Update].into_iter().all(|verb| every_type(scopes, context, verb))),
        Act::EhiExport => on_all(scopes.allows_ehi_export(context)),
        Act::Restore | Act::ReadLog | Act::ReadAccessLog | Act::Administer => Err(Denied::OutOfScope),
    }
}

/// Every type that may be read.
fn readable(scopes: &ScopeSet, context: ScopeContext) -> Result<ResourceFilter, Denied> {
    let mut types = Vec::new();
    for only in scopes.resources(context, Verb::Read) {
        match only {
            None => return Ok(ResourceFilter::Every),
            Some(resource_type) => types.push(ResourceFilter::TypeIs(resource_type)),
        }
    }
    if types.is_empty() { Err(Denied::OutOfScope) } else { Ok(ResourceFilter::Or(types)) }
}

fn every_type(scopes: &ScopeSet, context: ScopeContext, verb: Verb) -> bool {
    scopes.resources(context, verb).any(|only| only.is_none())
}

fn changes(act: Act) -> bool {
    match act {
        Act::Create(_) | Act::Update(_) | Act::Delete(_) | Act::Import | Act::Restore | Act::Administer => true,
        Act::Read(_) | Act::Search | Act::Export | Act::EhiExport | Act::ReadLog | Act::ReadAccessLog => false,
    }
}

#[cfg(test)]
mod tests {
    use mecum_fhir::reference::ResourceType;

    use super::{Denied, Standing, decide};
    use crate::access::Act;
    use crate::caller::Caller;
    use crate::ids::RecordId;

    fn check(act: Act, is_frozen: bool, is_closed: bool) -> Option<Denied> {
        let standing = Standing { record: RecordId(1), is_closed, is_frozen, grants: Vec::new() };
        decide(&Caller::Operator { name: "test".to_owned() }, act, &standing, 0).err()
    }

    #[test]
    fn a_frozen_record_and_its_past_are_read_and_nothing_is_written() {
        let patient = ResourceType::PATIENT;
        for act in [Act::Read(patient), Act::Search, Act::Export, Act::EhiExport, Act::ReadLog, Act::ReadAccessLog] {
            assert_eq!(check(act, true, false), None, "{}", act.word());
            assert_eq!(check(act, false, true), Some(Denied::RecordClosed), "{}", act.word());
        }
        let changes = [Act::Create(patient), Act::Update(patient), Act::Delete(patient), Act::Import, Act::Restore];
        for act in changes.into_iter().chain([Act::Administer]) {
            assert_eq!(check(act, true, false), Some(Denied::RecordFrozen), "{}", act.word());
            assert_eq!(check(act, false, false), None, "{}", act.word());
        }
    }
}
