//! In which record each step of a transaction works; a system that brings Patients brings their records (design §3).

use std::collections::{BTreeMap, HashMap};

use mecum_fhir::bundle::Method;
use mecum_record::access::{Grant, ResourceKey, ScopeSet};
use mecum_record::caller::Caller;
use mecum_record::ids::RecordId;

use super::super::create::is_directory_type;
use super::plan::Step;
use super::resolve::Names;
use super::{in_entry, is_patient};
use crate::permission::name;
use crate::{Failure, Phr, record};

/// Where a step works.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Home {
    /// In a record that is there.
    Record(RecordId),
    /// In the record that will be opened for the Patient of that step.
    Of(usize),
}

/// The home of every step, in their order.
pub(super) fn homes(phr: &Phr, caller: &Caller, steps: &[Step], names: &Names) -> Result<Vec<Home>, Failure> {
    if let Some(record) = caller.bound_record() {
        return Ok(vec![Home::Record(record); steps.len()]);
    }
    let mut patients: HashMap<String, Home> = HashMap::new();
    for step in steps.iter().filter(|step| is_patient(step.key.resource_type) && step.resource.is_some()) {
        let home = phr.store().locate(&step.key)?.map_or(Home::Of(step.index), Home::Record);
        patients.insert(name(&step.key), home);
    }
    let place = |step: &Step| home(phr, step, names, &patients).map_err(|failure| in_entry(step.index, failure));
    steps.iter().map(place).collect()
}

fn home(phr: &Phr, step: &Step, names: &Names, patients: &HashMap<String, Home>) -> Result<Home, Failure> {
    if let Some(home) = patients.get(&name(&step.key)) {
        return Ok(*home);
    }
    if step.method != Method::Post
        && let Some(record) = phr.store().locate(&step.key)?
    {
        return Ok(Home::Record(record));
    }
    if is_directory_type(step.key.resource_type) {
        return Ok(Home::Record(RecordId::DIRECTORY));
    }
    let Some(resource) = &step.resource else { return Err(Failure::NotFound(name(&step.key))) };
    for reference in resource.subject_reference().into_iter().chain(resource.references()) {
        let text = reference.text();
        let target = names.resolve(&text).unwrap_or_else(|| text.into_owned());
        if let Some(home) = patients.get(&target) {
            return Ok(*home);
        }
        let key =
            super::super::prepare::relative_key(&target).filter(|key: &ResourceKey| is_patient(key.resource_type));
        if let Some(record) = key.map(|key| phr.store().locate(&key)).transpose()?.flatten() {
            return Ok(Home::Record(record));
        }
    }
    let mut homes = patients.values();
    match (homes.next(), homes.next()) {
        (Some(only), None) => Ok(*only),
        _ => Err(Failure::invalid("business-rule", "", "it cannot be told whose record this belongs to")),
    }
}

/// Opens the records that are missing, each with a grant of everything to the system that brings it.
pub(super) fn open(phr: &Phr, caller: &Caller, homes: &[Home]) -> Result<Vec<RecordId>, Failure> {
    let mut of: BTreeMap<usize, RecordId> = BTreeMap::new();
    for home in homes {
        if let Home::Of(index) = home {
            of.insert(*index, RecordId::DIRECTORY);
        }
    }
    let names: Vec<String> = of.keys().map(|_| format!("from {}", caller.name())).collect();
    let opened = if names.is_empty() { Vec::new() } else { record::open_many(phr, caller, &names)? };
    let everything = ScopeSet::parse("system/*.cruds")
        .map_err(|error| Failure::Broken(format!("a scope of our own cannot be read: {error}")))?;
    for (record, place) in opened.into_iter().zip(of.values_mut()) {
        *place = record;
        phr.store().add_grant(&Grant {
            record,
            client: caller.name().to_owned(),
            scopes: everything.clone(),
            starts_at: phr.now_us(),
            ends_at: None,
            revoked_at: None,
        })?;
    }
    let record_of = |home: &Home| match home {
        Home::Record(record) => *record,
        Home::Of(index) => of.get(index).copied().unwrap_or(RecordId::DIRECTORY),
    };
    Ok(homes.iter().map(record_of).collect())
}
