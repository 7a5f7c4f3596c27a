//! create: a new resource under an id that this server chooses (REST-4).

use mecum_fhir::reference::ResourceType;
use mecum_record::access::{Act, ResourceKey};
use mecum_record::caller::Caller;
use mecum_record::commit::{CommitAct, CommitDetail};
use mecum_record::ids::{RecordId, mint};
use mecum_store::{CommitWords, Expected};

use super::prepare::{parse, put};
use crate::disclose::{Asked, Released};
use crate::moment::random_u64;
use crate::permission::permit;
use crate::{Failure, Phr, Rendered};

/// A resource that was made.
pub struct Created {
    /// As it is now.
    pub resource: Rendered,
}

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
    let now_us = phr.now_us();
    let key = ResourceKey { resource_type, id: mint(now_us, random_u64()) };
    let change = put(phr, &permit, (&resource, &key), Expected::Absent, &|_| None)?;
    let words = words(caller, CommitAct::Create, now_us, format!("create {}", resource_type.name()));
    let changes = [change];
    let committed = phr.store().commit(std::slice::from_ref(&permit), &words, &changes)?;
    let rendered = Rendered::of_change(&changes[0], 1, committed.at_us);
    let created = Created { resource: rendered };
    phr.desk().release(phr.store(), (caller, &permit), asked, (created, &[key]), now_us)
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
