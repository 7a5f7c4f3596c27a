//! transaction and batch: several interactions in one Bundle (REST-20 to REST-25).
//!
//! - `plan`: the entries as steps, checked before anything is done
//! - `place`: in which record each step works; for systems, records that are to be opened
//! - `resolve`: what names and conditions stand for
//! - `carry_out`: one commit for each record

mod carry_out;
mod place;
mod plan;
mod resolve;

use mecum_fhir::bundle::{Bundle, BundleType, Method};
use mecum_fhir::json::Limits;
use mecum_fhir::reference::ResourceType;
use mecum_fhir::resource::Resource;
use mecum_record::caller::Caller;

use super::{create, create_unless, delete, read, update};
use crate::disclose::{Asked, Released};
use crate::{Failure, Fault, Phr, Rendered};

use plan::Step;

/// What came of one entry.
pub enum Done {
    /// A resource was made.
    Created(Released<Rendered>),
    /// A resource got a new version, was read, or was there already (`ifNoneExist`).
    Present(Released<Rendered>),
    /// A resource is not there any more.
    Deleted,
}

/// What came of a Bundle, entry by entry in the order of the request.
pub struct Carried {
    /// Whether the entries were carried out together; else each for itself.
    pub is_transaction: bool,
    /// What came of each. In a transaction none has failed.
    pub entries: Vec<Result<Done, Failure>>,
}

/// Carries out a transaction, all or nothing, or a batch, each entry for itself. `base` is this service's own address.
///
/// # Errors
/// [`Failure::Malformed`] for what is neither; for a transaction the failure of its first entry that fails, by number.
pub fn carry_out(phr: &Phr, caller: &Caller, bytes: &[u8], base: &str, asked: &Asked) -> Result<Carried, Failure> {
    let resource = Resource::parse(bytes, &Limits::default())
        .map_err(|fault| Failure::malformed("structure", "", fault.to_string()))?;
    let kind = Bundle::of(&resource).and_then(Bundle::bundle_type);
    let steps = || plan::read(&resource, base);
    match kind {
        Some(BundleType::Transaction) => {
            let mut steps = steps()?.into_iter().collect::<Result<Vec<Step>, Failure>>()?;
            plan::refuse_repetition(&steps)?;
            let entries = carry_out::together(phr, caller, &mut steps, base, asked)?;
            Ok(Carried { is_transaction: true, entries: entries.into_iter().map(Ok).collect() })
        }
        Some(BundleType::Batch) => {
            let each = |step: Result<Step, Failure>| alone(phr, caller, &step?, asked);
            Ok(Carried { is_transaction: false, entries: steps()?.into_iter().map(each).collect() })
        }
        _ => Err(Failure::malformed("invalid", "Bundle.type", "only a transaction or a batch is posted here")),
    }
}

/// One entry of a batch (REST-25).
fn alone(phr: &Phr, caller: &Caller, step: &Step, asked: &Asked) -> Result<Done, Failure> {
    let text = step.resource.as_ref().map_or("", Resource::text).as_bytes();
    match step.method {
        Method::Get => Ok(Done::Present(read(phr, caller, &step.key, asked)?)),
        Method::Post => {
            let made = match &step.condition {
                Some(condition) => create_unless(phr, caller, step.key.resource_type, (text, condition), asked)?,
                None => create(phr, caller, step.key.resource_type, text, asked)?,
            };
            let mut is_new = false;
            let made = made.map(|made| {
                is_new = made.is_new;
                made.resource
            });
            Ok(if is_new { Done::Created(made) } else { Done::Present(made) })
        }
        Method::Put => {
            let mut is_new = false;
            let updated = update(phr, caller, &step.key, (text, step.if_match), asked)?.map(|updated| {
                is_new = updated.is_new;
                updated.resource
            });
            Ok(if is_new { Done::Created(updated) } else { Done::Present(updated) })
        }
        Method::Delete => delete(phr, caller, &step.key, step.if_match).map(|_| Done::Deleted),
        _ => Err(Failure::Unsupported("entries are GET, POST, PUT or DELETE".to_owned())),
    }
}

/// The failure of an entry, with the entry's number in it (REST-21).
fn in_entry(index: usize, failure: Failure) -> Failure {
    let place = format!("Bundle.entry[{index}]");
    let located = |faults: Vec<Fault>| {
        let locate = |fault: Fault| match fault.expression.as_str() {
            "" => Fault { expression: place.clone(), ..fault },
            inner => Fault { expression: place.clone(), message: format!("{inner}: {}", fault.message), ..fault },
        };
        faults.into_iter().map(locate).collect()
    };
    match failure {
        Failure::Malformed(faults) => Failure::Malformed(located(faults)),
        Failure::Invalid(faults) => Failure::Invalid(located(faults)),
        Failure::NotFound(text) => Failure::NotFound(format!("{place}: {text}")),
        Failure::Precondition(text) => Failure::Precondition(format!("{place}: {text}")),
        Failure::Unsupported(text) => Failure::Unsupported(format!("{place}: {text}")),
        other => other,
    }
}

/// Whether the type is Patient.
fn is_patient(resource_type: ResourceType) -> bool {
    resource_type.name() == "Patient"
}
