//! In which record each step of a transaction works; a system that brings Patients brings their records (design §3).

use std::collections::{BTreeMap, HashMap};

use mecum_fhir::bundle::Method;
use mecum_record::access::{Act, Permit, ResourceKey};
use mecum_record::caller::Caller;
use mecum_record::ids::RecordId;
use mecum_store::{Claimed, NewPerson, PersonKey, PersonName, Profile, identifiers_of};

use super::super::create::is_directory_type;
use super::plan::Step;
use super::resolve::{Names, identifier_of};
use super::{in_entry, is_patient};
use crate::import::load::everything;
use crate::permission::{name, permit};
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
        let located = match phr.store().locate(&step.key)? {
            Some(record) => Some(record),
            None => conditioned(phr, caller, step)?,
        };
        patients.insert(name(&step.key), located.map_or(Home::Of(step.index), Home::Record));
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

/// The record that an `ifNoneExist` of a Patient means: the one that this client gave a Patient with that identifier.
fn conditioned(phr: &Phr, caller: &Caller, step: &Step) -> Result<Option<RecordId>, Failure> {
    let Some(query) = step.condition.as_deref().filter(|_| step.method == Method::Post) else { return Ok(None) };
    let refused = || Failure::Precondition("a system's condition on a Patient is identifier=system|value".to_owned());
    let (system, value) = identifier_of(query).ok_or_else(refused)?;
    let Some(system) = system else { return Ok(None) };
    let key = phr.store().person_key(caller.name(), PersonName::Identifier { system: &system, value: &value });
    let directory = permit(phr, caller, Act::Create(step.key.resource_type), RecordId::DIRECTORY)?;
    Ok(phr.store().people_known(&directory, &[key])?.get(&key).copied())
}

/// The records in which the steps work, and those among them that were opened for this and are not there for others yet.
pub(super) struct Places {
    pub(super) of_steps: Vec<RecordId>,
    pub(super) opened: Vec<RecordId>,
}

impl Places {
    /// Removes what was opened for a transaction that came to nothing.
    pub(super) fn give_up(&self, phr: &Phr) {
        for record in &self.opened {
            if let Err(error) = phr.store().give_up_record(*record) {
                tracing::warn!(record = record.0, %error, "a record without a commit remains and will be swept later");
            }
        }
    }
}

/// Opens the records that are missing, each with a grant of everything to the system that brings it. They are there for others
/// with the commit.
pub(super) fn open(phr: &Phr, caller: &Caller, steps: &[Step], homes: &[Home]) -> Result<Places, Failure> {
    let mut places = Places { of_steps: Vec::new(), opened: Vec::new() };
    match open_each(phr, caller, (steps, homes), &mut places.opened) {
        Ok(of) => {
            let record_of = |home: &Home| match home {
                Home::Record(record) => *record,
                Home::Of(index) => of.get(index).copied().unwrap_or(RecordId::DIRECTORY),
            };
            places.of_steps = homes.iter().map(record_of).collect();
            Ok(places)
        }
        Err(failure) => {
            places.give_up(phr);
            Err(failure)
        }
    }
}

fn open_each(
    phr: &Phr,
    caller: &Caller,
    (steps, homes): (&[Step], &[Home]),
    opened: &mut Vec<RecordId>,
) -> Result<BTreeMap<usize, RecordId>, Failure> {
    let mut of: BTreeMap<usize, RecordId> = BTreeMap::new();
    for home in homes {
        let Home::Of(index) = home else { continue };
        if of.contains_key(index) {
            continue;
        }
        let Some(step) = steps.iter().find(|step| step.index == *index) else { continue };
        let directory = permit(phr, caller, Act::Create(step.key.resource_type), RecordId::DIRECTORY)?;
        let claimed = open_one(phr, caller, step, &directory)?;
        opened.push(claimed.record);
        of.insert(*index, claimed.record);
    }
    Ok(of)
}

/// Opens the record of one Patient: what is created is new, whoever else carries the same identifiers.
fn open_one(phr: &Phr, caller: &Caller, step: &Step, directory: &Permit) -> Result<Claimed, Failure> {
    let everything = everything()?;
    let profile = Profile {
        name: format!("from {}", caller.name()),
        subject_id: Some(step.key.id.clone()),
        file_passphrase: record::new_passphrase(),
        ..Profile::default()
    };
    let key = |name: PersonName<'_>| phr.store().person_key(caller.name(), name);
    let mut keys: Vec<PersonKey> = vec![key(PersonName::Id(&step.key.id))];
    let identifiers = step.resource.as_ref().map(identifiers_of).unwrap_or_default();
    keys.extend(identifiers.iter().map(|(system, value)| key(PersonName::Identifier { system, value })));
    let new = NewPerson { keys: &keys, known: None, profile: &profile, client: Some((caller.name(), &everything)) };
    Ok(phr.store().claim_person(directory, &new, phr.now_us())?)
}
