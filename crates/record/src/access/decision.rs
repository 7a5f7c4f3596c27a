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
        // What systems keep outside any record is about nobody: whoever may read the type may look it up.
        Caller::App { scopes, .. } if standing.record.is_directory() && looks(act) => {
            (in_scope(scopes, ScopeContext::Patient, act)?, Purpose::PatientRequest)
        }
        Caller::Holder { record, .. } => (holder(*record, act, standing)?, Purpose::PatientRequest),
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

/// The holder does with her record what she likes; keys and tokens are handed out at the command line only.
fn holder(record: RecordId, act: Act, standing: &Standing) -> Result<ResourceFilter, Denied> {
    match act {
        _ if record != standing.record => Err(Denied::NoGrant),
        Act::Administer => Err(Denied::OutOfScope),
        _ => Ok(ResourceFilter::Every),
    }
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
        Act::Search | Act::Export => every(scopes, context, Verb::Read),
        // What a chain looks through tells of it as a match does: the whole search is narrowed to what may be searched.
        Act::SearchType(resource_type) => {
            on_type(Verb::Search, resource_type)?;
            every(scopes, context, Verb::Search)
        }
        Act::SearchSystem => every(scopes, context, Verb::Search),
        Act::Import => on_all([Verb::Create, Verb::Update].into_iter().all(|verb| every_type(scopes, context, verb))),
        Act::EhiExport => on_all(scopes.allows_ehi_export(context)),
        Act::Restore | Act::ReadLog | Act::ReadAccessLog | Act::Administer => Err(Denied::OutOfScope),
    }
}

/// Every type on which the verb is allowed.
fn every(scopes: &ScopeSet, context: ScopeContext, verb: Verb) -> Result<ResourceFilter, Denied> {
    let mut types = Vec::new();
    for only in scopes.resources(context, verb) {
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

fn looks(act: Act) -> bool {
    matches!(act, Act::Read(_) | Act::Search | Act::SearchType(_) | Act::SearchSystem)
}

fn changes(act: Act) -> bool {
    match act {
        Act::Create(_) | Act::Update(_) | Act::Delete(_) | Act::Import | Act::Restore | Act::Administer => true,
        Act::Read(_) | Act::Search | Act::SearchType(_) | Act::SearchSystem => false,
        Act::Export | Act::EhiExport | Act::ReadLog | Act::ReadAccessLog => false,
    }
}

#[cfg(test)]
mod tests {
    use mecum_fhir::reference::ResourceType;

    use super::{Denied, Standing, decide};
    use crate::access::{Act, ResourceFilter, ScopeSet};
    use crate::caller::Caller;
    use crate::ids::RecordId;

    fn app(scopes: &str, act: Act, record: RecordId) -> Result<ResourceFilter, Denied> {
        let scopes = ScopeSet::parse(scopes).expect("scopes of the test");
        let (token_id, client) = ("t".to_owned(), "app".to_owned());
        let app = Caller::App { token_id, client, record: RecordId(1), scopes };
        let standing = Standing { record, is_closed: false, is_frozen: false, grants: Vec::new() };
        decide(&app, act, &standing, 0).map(|permit| permit.filter().clone())
    }

    #[test]
    fn sal_a_search_asks_for_the_letter_s_on_its_type_and_sees_no_type_without_it() {
        let (patient, observation) = (ResourceType::PATIENT, ResourceType::OBSERVATION);
        let scopes = "patient/Patient.r patient/Observation.rs";
        let only = ResourceFilter::Or(vec![ResourceFilter::TypeIs(observation)]);
        assert_eq!(app(scopes, Act::SearchType(observation), RecordId(1)), Ok(only.clone()));
        assert_eq!(app(scopes, Act::SearchSystem, RecordId(1)), Ok(only));
        assert_eq!(app(scopes, Act::SearchType(patient), RecordId(1)), Err(Denied::OutOfScope));
        assert_eq!(app("patient/*.cru", Act::SearchSystem, RecordId(1)), Err(Denied::OutOfScope));
    }

    #[test]
    fn an_app_may_look_into_the_directory_by_its_scopes_and_change_nothing_there() {
        let practitioner = ResourceType::PRACTITIONER;
        let all = "patient/*.cruds";
        assert!(app(all, Act::Read(practitioner), RecordId::DIRECTORY).is_ok());
        assert!(app("patient/Observation.rs", Act::Read(practitioner), RecordId::DIRECTORY).is_err());
        for act in [Act::Create(practitioner), Act::Update(practitioner), Act::Import, Act::Export, Act::ReadAccessLog]
        {
            assert!(app(all, act, RecordId::DIRECTORY).is_err(), "{}", act.word());
        }
        assert_eq!(app(all, Act::Read(practitioner), RecordId(2)), Err(Denied::NoGrant));
    }

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
