//! The first reading: every id in the file gets its id here before any resource is taken in, so that forward references
//! resolve (PHR-61). With it come the addresses that entries of a Bundle are known by, and the people.

use std::collections::HashMap;

use mecum_exchange::item::{Item, ItemContent};
use mecum_fhir::reference::ResourceType;
use mecum_fhir::resource::Resource;
use mecum_record::access::Permit;
use mecum_record::ids::{SourceId, mint};
use mecum_store::{NewOrigin, Staging};

use super::load::{Among, is_elsewhere};
use super::people::{MAX_PATIENTS, Person};
use crate::moment::random_u64;
use crate::{Failure, Phr};

/// Names looked up and kept in one step.
const BATCH: usize = 1000;

/// Names remembered by a preview; what refers to later ones counts as unresolved there.
const MAX_PREVIEWED: usize = 500_000;

/// The longest id of a source that is mapped, bytes; FHIR's own are of 64 at most, a path in an archive is longer.
const MAX_ID_BYTES: usize = 1024;

/// Stands for all files of a load together.
pub(super) const ANY_UNIT: usize = usize::MAX;

/// A resource as its source names it.
pub(super) type OriginKey = (ResourceType, String);

/// What the first reading found.
#[derive(Default)]
pub(super) struct Names {
    /// By unit and address (`fullUrl`): which resource an entry of a Bundle is.
    pub(super) addresses: HashMap<(usize, String), OriginKey>,
    /// By unit and `Type|system|value`: which entries of a Bundle carry an identifier, for conditional references.
    pub(super) identifiers: HashMap<(usize, ResourceType, String), Vec<OriginKey>>,
    /// The Patients, each once.
    pub(super) people: Vec<Person>,
    /// The ids that new resources would get: what a preview resolves with, since it keeps nothing.
    pub(super) previewed: HashMap<OriginKey, String>,
    /// Lines read.
    pub(super) n_lines: u64,
}

/// The first reading of one file.
pub(super) struct NameReader<'a, 's> {
    phr: &'a Phr,
    permit: &'a Permit,
    source: SourceId,
    staging: Option<&'a mut Staging<'s>>,
    among: Option<&'a Among<'a>>,
    waiting: Vec<OriginKey>,
    patients: HashMap<String, Resource>,
    pub(super) names: Names,
}

impl<'a, 's> NameReader<'a, 's> {
    /// `staging` is absent for a preview, which keeps nothing.
    pub(super) fn new(
        (phr, permit, source): (&'a Phr, &'a Permit, SourceId),
        staging: Option<&'a mut Staging<'s>>,
        among: Option<&'a Among<'a>>,
    ) -> Self {
        let (waiting, patients) = (Vec::new(), HashMap::new());
        Self { phr, permit, source, staging, among, waiting, patients, names: Names::default() }
    }

    /// Takes the names of one item.
    pub(super) fn take(&mut self, unit: usize, item: &Item) -> Result<(), Failure> {
        self.names.n_lines += 1;
        let ItemContent::Resource(repaired) = &item.content else { return Ok(()) };
        let resource = &repaired.resource;
        let Some(origin_id) = origin_id(item, resource) else { return Ok(()) };
        let key = (resource.resource_type(), origin_id);
        if let Some(address) = &item.full_url {
            self.names.addresses.insert((unit, address.clone()), key.clone());
        }
        for identifier in resource.identifiers() {
            let Some(value) = identifier.value else { continue };
            let text = format!("{}|{value}", identifier.system.unwrap_or_default());
            // In a load, what an entry refers to may have come in another file.
            let units = [item.full_url.as_ref().map(|_| unit), self.among.map(|_| ANY_UNIT)];
            for unit in units.into_iter().flatten() {
                let named = self.names.identifiers.entry((unit, key.0, text.clone())).or_default();
                if !named.contains(&key) {
                    named.push(key.clone());
                }
            }
        }
        if is_elsewhere(self.among, key.0) {
            return Ok(());
        }
        if resource.resource_type() == ResourceType::PATIENT && self.patients.len() < MAX_PATIENTS {
            self.patients.insert(key.1.clone(), resource.clone());
        }
        self.waiting.push(key);
        if self.waiting.len() >= BATCH { self.keep() } else { Ok(()) }
    }

    /// Looks the waiting names up, and gives the unknown ones an id here.
    fn keep(&mut self) -> Result<(), Failure> {
        let wanted = std::mem::take(&mut self.waiting);
        let commit = self.staging.as_ref().map(|staging| staging.commit());
        let known = self.phr.store().origins_of(self.permit, self.source, commit, &wanted)?;
        let now_us = self.phr.now_us();
        let mut minted: HashMap<OriginKey, String> = HashMap::new();
        let mut fresh: Vec<NewOrigin> = Vec::new();
        for key in wanted {
            let before = known.get(&key).or_else(|| self.names.previewed.get(&key));
            let id = match before.or_else(|| minted.get(&key)) {
                Some(id) => id.clone(),
                None => {
                    let id = mint(now_us, random_u64());
                    let (resource_type, origin_id) = key.clone();
                    fresh.push(NewOrigin { source: self.source, resource_type, origin_id, id: id.clone() });
                    minted.insert(key.clone(), id.clone());
                    id
                }
            };
            if let Some(patient) = self.patients.remove(&key.1).filter(|_| key.0 == ResourceType::PATIENT) {
                self.names.people.push(Person::new(id, &patient));
            }
        }
        match self.staging.as_mut() {
            Some(_) if fresh.is_empty() => {}
            Some(staging) => staging.put(&[], &fresh, now_us)?,
            None if self.names.previewed.len() < MAX_PREVIEWED => self.names.previewed.extend(minted),
            None => {}
        }
        Ok(())
    }

    /// Takes the name of a file that came along: a `Binary` called by its path.
    pub(super) fn take_ride(&mut self, path: &str) -> Result<(), Failure> {
        self.waiting.push((ResourceType::BINARY, path.to_owned()));
        if self.waiting.len() >= BATCH { self.keep() } else { Ok(()) }
    }

    /// Ends the reading.
    pub(super) fn finish(mut self) -> Result<Names, Failure> {
        self.keep()?;
        Ok(self.names)
    }
}

/// What the source calls a resource: its id, or the uuid of its address in a Bundle.
pub(super) fn origin_id(item: &Item, resource: &Resource) -> Option<String> {
    if let Some(id) = resource.id() {
        return is_name(&id).then(|| id.into_owned());
    }
    let address = item.full_url.as_deref()?;
    let uuid = address.strip_prefix("urn:uuid:").or_else(|| address.strip_prefix("urn:oid:"))?;
    is_name(uuid).then(|| uuid.to_owned())
}

/// Whether an id can name a resource: a longer one, or one with control characters, is kept in the original alone.
fn is_name(id: &str) -> bool {
    !id.is_empty() && id.len() <= MAX_ID_BYTES && !id.chars().any(char::is_control)
}
