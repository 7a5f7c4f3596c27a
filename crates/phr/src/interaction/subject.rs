//! Whose record a request means that names a Patient, or none (PHR-56).

use mecum_fhir::reference::ResourceType;
use mecum_record::access::{Act, ResourceKey};
use mecum_record::caller::Caller;
use mecum_record::ids::RecordId;

use crate::permission::{name, permit, record_of};
use crate::{Failure, Phr};

/// The record of the person that the Patient is; without one, the record that the caller is bound to.
///
/// # Errors
/// [`Failure::NotFound`] for a Patient who is not there or who is somebody else, which look alike; [`Failure::Invalid`] when a
/// caller bound to no record names nobody.
pub fn record_of_patient(phr: &Phr, caller: &Caller, patient: Option<&ResourceKey>) -> Result<RecordId, Failure> {
    let Some(key) = patient else {
        let missing = || Failure::invalid("required", "patient", "a system has to name the patient");
        return caller.bound_record().ok_or_else(missing);
    };
    let not_found = || Failure::NotFound(name(key));
    if ResourceType::parse("Patient") != Some(key.resource_type) {
        return Err(not_found());
    }
    let record = record_of(phr, caller, key)?;
    let permit = permit(phr, caller, Act::Read(key.resource_type), record).map_err(|failure| match failure {
        Failure::NotFound(_) | Failure::Forbidden(_) => not_found(),
        other => other,
    })?;
    if let Some(subject) = phr.store().record(record)?.profile.subject_id {
        return if subject == key.id { Ok(record) } else { Err(not_found()) };
    }
    // Nobody has said yet who the person is: a Patient of this record it must be.
    match phr.store().read(&permit, key)? {
        Some(version) if !version.is_deleted() => Ok(record),
        Some(_) | None => Err(not_found()),
    }
}
