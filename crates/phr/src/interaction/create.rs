//! create: a new resource under an id that this server chooses (REST-4), unless there is one already (REST-5).

use mecum_fhir::reference::ResourceType;
use mecum_fhir::resource::Resource;
use mecum_record::access::{Act, Permit, ResourceKey};
use mecum_record::caller::Caller;
use mecum_record::commit::{CommitAct, CommitDetail};
use mecum_record::ids::{RecordId, mint};
use mecum_store::{Change, CommitWords, Expected, StoreError};

use super::prepare::{parse, put};
use super::search::Condition;
use crate::disclose::{Asked, Released};
use crate::moment::random_u64;
use crate::permission::permit;
use crate::{Failure, Phr, Rendered};

/// A resource that was made, or that was there.
pub struct Created {
    /// As it is now.
    pub resource: Rendered,
    /// Whether it was made; else `If-None-Exist` found it.
    pub is_new: bool,
}

/// How often a condition is looked up again because somebody wrote meanwhile.
const MAX_ATTEMPTS: usize = 8;

/// Makes a resource; an id that was sent is ignored.
///
/// # Errors
/// [`Failure::Malformed`] or [`Failure::Invalid`] for what was sent, [`Failure::Forbidden`] without the scope.
pub fn create(
    phr: &Phr,
    caller: &Caller,
    resource_type: ResourceType,
    bytes: &[u8],
    asked: &Asked,
) -> Result<Released<Created>, Failure> {
    let record = home_of(caller, resource_type)?;
    let permit = permit(phr, caller, Act::Create(resource_type), record)?;
    let resource = parse(bytes, resource_type)?;
    let change = new_change(phr, &permit, &resource)?;
    let words = words_of(phr, caller, resource_type);
    let committed = phr.store().commit(std::slice::from_ref(&permit), &words, std::slice::from_ref(&change))?;
    release(phr, (caller, &permit), asked, (&change, committed.at_us))
}

/// Makes a resource unless there is one that the condition describes (REST-5). Of two who do so at once, one makes it.
///
/// # Errors
/// [`Failure::Malformed`] for a condition that cannot be read; [`Failure::Precondition`] when more than one resource fits;
/// [`Failure::Forbidden`] also for whoever may not search or read that type; otherwise as [`create`].
pub fn create_unless(
    phr: &Phr,
    caller: &Caller,
    resource_type: ResourceType,
    (bytes, condition): (&[u8], &str),
    asked: &Asked,
) -> Result<Released<Created>, Failure> {
    let record = home_of(caller, resource_type)?;
    let read = permit(phr, caller, Act::Read(resource_type), record)?;
    let permit = permit(phr, caller, Act::Create(resource_type), record)?;
    let condition = Condition::parse(phr, resource_type, condition, "")?;
    let resource = parse(bytes, resource_type)?;
    for _ in 0..MAX_ATTEMPTS {
        let seq = phr.store().head(&read)?.seq;
        match condition.matches(phr, caller, record)?.as_slice() {
            [] => {}
            [only] => {
                // It may be gone by now: then it is looked up again.
                let Some(version) = phr.store().read(&read, only)?.filter(|version| !version.is_deleted()) else {
                    continue;
                };
                let found = Created { resource: Rendered::of(&version), is_new: false };
                let found = (found, std::slice::from_ref(only));
                return phr.desk().release(phr.store(), (caller, &read), asked, found, phr.now_us());
            }
            _ => return Err(Failure::Precondition("If-None-Exist matches more than one resource".to_owned())),
        }
        let change = new_change(phr, &permit, &resource)?;
        let words = words_of(phr, caller, resource_type);
        let (permits, changes) = (std::slice::from_ref(&permit), std::slice::from_ref(&change));
        match phr.store().commit_behind(permits, &words, changes, seq) {
            Err(StoreError::ChainMoved) => {}
            committed => return release(phr, (caller, &permit), asked, (&change, committed?.at_us)),
        }
    }
    Err(Failure::Busy("the record is being written to by others".to_owned()))
}

/// The change that makes the resource, under an id of its own.
fn new_change(phr: &Phr, permit: &Permit, resource: &Resource) -> Result<Change, Failure> {
    let key = ResourceKey { resource_type: resource.resource_type(), id: mint(phr.now_us(), random_u64()) };
    put(phr, permit, (resource, &key), Expected::Absent, &|_| None)
}

fn words_of(phr: &Phr, caller: &Caller, resource_type: ResourceType) -> CommitWords {
    words(caller, CommitAct::Create, phr.now_us(), format!("create {}", resource_type.name()))
}

fn release(
    phr: &Phr,
    (caller, permit): (&Caller, &Permit),
    asked: &Asked,
    (change, at_us): (&Change, i64),
) -> Result<Released<Created>, Failure> {
    let created = Created { resource: Rendered::of_change(change, 1, at_us), is_new: true };
    let key = std::slice::from_ref(&change.key);
    phr.desk().release(phr.store(), (caller, permit), asked, (created, key), phr.now_us())
}

/// Where a new resource goes: the record the caller is bound to, or the directory for what a system keeps outside any record.
///
/// # Errors
/// [`Failure::Invalid`] when a system sends health data without a record: that comes in with its Patient, by transaction or import.
pub(super) fn home_of(caller: &Caller, resource_type: ResourceType) -> Result<RecordId, Failure> {
    if let Some(record) = caller.bound_record() {
        return Ok(record);
    }
    if is_directory_type(resource_type) {
        return Ok(RecordId::DIRECTORY);
    }
    Err(Failure::invalid(
        "business-rule",
        "",
        "a system sends a person's data together with the Patient, by transaction or $import",
    ))
}

/// The types that a system client keeps outside any person's record (design §3).
pub(crate) fn is_directory_type(resource_type: ResourceType) -> bool {
    matches!(
        resource_type.name(),
        "Practitioner"
            | "PractitionerRole"
            | "Organization"
            | "OrganizationAffiliation"
            | "Location"
            | "HealthcareService"
            | "Endpoint"
            | "Medication"
            | "InsurancePlan"
    )
}

/// The words of a commit by this caller.
pub(crate) fn words(caller: &Caller, act: CommitAct, at_us: i64, message: String) -> CommitWords {
    let author = format!("{} {}", caller.kind(), caller.name());
    CommitWords { at_us, act, detail: CommitDetail { author, message }, reverts: None }
}
