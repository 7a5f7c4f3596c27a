//! What belongs to nobody, as practitioners, organizations and places do: found by whoever refers to it.

use std::collections::hash_map::RandomState;
use std::collections::{HashMap, HashSet};
use std::hash::BuildHasher;

use mecum_exchange::item::Item;
use mecum_fhir::reference::{Reference, ResourceType};
use mecum_fhir::resource::Resource;
use mecum_store::Segment;

use super::super::names::{OriginKey, origin_id};
use super::super::resolve::conditional_identifier;
use super::spool::Spool;
use super::whose::is_personal;
use crate::Failure;
use crate::interaction::is_directory_type;

/// Different resources that belong to nobody, in one load, at most.
const MAX_SHELVED: usize = 1_000_000;

/// One resource that belongs to nobody.
pub(super) struct Shelved {
    pub(super) unit: usize,
    pub(super) number: u64,
    pub(super) address: Option<String>,
    pub(super) key: Option<OriginKey>,
    /// Whether a system client keeps its type in the directory.
    pub(super) is_of_directory: bool,
    pub(super) text: Segment,
    /// References of its own.
    pub(super) wanted: Vec<(usize, String)>,
}

/// Everything that belongs to nobody.
#[derive(Default)]
pub(super) struct Shelf {
    pub(super) list: Vec<Shelved>,
    by_key: HashMap<OriginKey, Vec<usize>>,
    by_address: HashMap<(usize, String), usize>,
    by_identifier: HashMap<(ResourceType, String), Vec<usize>>,
    /// Texts that are here already, by two keyed hashes: every person's file of a clinic brings the clinic along.
    texts: HashMap<(u64, u64), usize>,
    hashers: (RandomState, RandomState),
}

/// What is wanted of the shelf: which, and the address by which it is wanted.
pub(super) type Wanted = (usize, Option<String>);

impl Shelf {
    /// Keeps a resource that belongs to nobody.
    pub(super) fn put(
        &mut self,
        (unit, item, text): (usize, &Item, &str),
        resource: &Resource,
        spool: &mut Spool,
    ) -> Result<(), Failure> {
        let hash = (self.hashers.0.hash_one(text), self.hashers.1.hash_one(text));
        let place = match self.texts.get(&hash) {
            Some(place) => *place,
            None => self.add((unit, item, text), resource, spool, hash)?,
        };
        if let Some(address) = &item.full_url {
            self.by_address.insert((unit, address.clone()), place);
        }
        Ok(())
    }

    fn add(
        &mut self,
        (unit, item, text): (usize, &Item, &str),
        resource: &Resource,
        spool: &mut Spool,
        hash: (u64, u64),
    ) -> Result<usize, Failure> {
        let place = self.list.len();
        if place >= MAX_SHELVED {
            return Err(Failure::TooLarge(format!("more than {MAX_SHELVED} resources belong to nobody")));
        }
        let resource_type = resource.resource_type();
        let key = origin_id(item, resource).map(|id| (resource_type, id));
        if let Some(key) = &key {
            self.by_key.entry(key.clone()).or_default().push(place);
        }
        for identifier in resource.identifiers() {
            let Some(value) = identifier.value else { continue };
            let text = format!("{}|{value}", identifier.system.unwrap_or_default());
            self.by_identifier.entry((resource_type, text)).or_default().push(place);
        }
        self.texts.insert(hash, place);
        self.list.push(Shelved {
            unit,
            number: item.place.line,
            address: item.full_url.clone(),
            key,
            is_of_directory: is_directory_type(resource_type),
            text: spool.keep(text)?,
            wanted: wanted_of(unit, resource),
        });
        Ok(place)
    }

    /// What these references lead to, and what that leads to, each once, in the order of the files.
    pub(super) fn closure<'a>(
        &'a self,
        wanted: impl Iterator<Item = &'a (usize, String)>,
        is_taken: &dyn Fn(&Shelved) -> bool,
    ) -> Vec<Wanted> {
        let mut open: Vec<&(usize, String)> = wanted.collect();
        let mut seen: HashSet<usize> = HashSet::new();
        let mut found: Vec<Wanted> = Vec::new();
        while let Some((unit, text)) = open.pop() {
            let (places, address) = self.find(*unit, text);
            for place in places {
                let shelved = &self.list[place];
                if is_taken(shelved) && seen.insert(place) {
                    open.extend(&shelved.wanted);
                    found.push((place, address.clone().or_else(|| shelved.address.clone())));
                }
            }
        }
        found.sort_unstable();
        found
    }

    /// What is on the shelf and nobody takes.
    pub(super) fn rest<'a>(
        &'a self,
        wanted: impl Iterator<Item = &'a (usize, String)>,
        is_taken: &dyn Fn(&Shelved) -> bool,
    ) -> Vec<usize> {
        let taken: HashSet<usize> = self.closure(wanted, is_taken).into_iter().map(|(place, _)| place).collect();
        let places = self.list.iter().enumerate().filter(|(_, shelved)| is_taken(shelved));
        places.map(|(place, _)| place).filter(|place| !taken.contains(place)).collect()
    }

    fn find(&self, unit: usize, text: &str) -> (Vec<usize>, Option<String>) {
        if let Some(place) = self.by_address.get(&(unit, text.to_owned())) {
            return (vec![*place], Some(text.to_owned()));
        }
        let places = match Reference::parse(text) {
            Reference::Relative(target) => self.by_key.get(&(target.resource_type, target.id.to_owned())).cloned(),
            Reference::Conditional { .. } => {
                let found = conditional_identifier(text).and_then(|wanted| self.by_identifier.get(&wanted));
                found.filter(|places| self.are_one(places)).cloned()
            }
            _ => None,
        };
        (places.unwrap_or_default(), None)
    }

    /// Whether these are one resource, perhaps several versions of it.
    fn are_one(&self, places: &[usize]) -> bool {
        places.windows(2).all(|pair| {
            let keys = [&self.list[pair[0]].key, &self.list[pair[1]].key];
            keys[0].is_some() && keys[0] == keys[1]
        })
    }

    /// What a record needs to know of what lies in the directory; the ids there come later.
    pub(super) fn outside(&self) -> Outside {
        let key_of = |place: usize| self.list[place].key.clone().filter(|_| self.list[place].is_of_directory);
        let address = |(at, place): (&(usize, String), &usize)| Some((at.clone(), key_of(*place)?));
        let identifier = |(at, places): (&(ResourceType, String), &Vec<usize>)| {
            Some((at.clone(), key_of(*places.first().filter(|_| self.are_one(places))?)?))
        };
        Outside {
            ids: HashMap::new(),
            addresses: self.by_address.iter().filter_map(address).collect(),
            identifiers: self.by_identifier.iter().filter_map(identifier).collect(),
        }
    }
}

/// The resources of a load that are kept in the directory, as records refer to them.
#[derive(Default)]
pub(in super::super) struct Outside {
    /// The ids in the directory of the source's ids.
    pub(super) ids: HashMap<OriginKey, String>,
    pub(super) addresses: HashMap<(usize, String), OriginKey>,
    identifiers: HashMap<(ResourceType, String), OriginKey>,
}

impl Outside {
    /// The id in the directory of a source's id.
    pub(in super::super) fn id_of(&self, key: &OriginKey) -> Option<&str> {
        self.ids.get(key).map(String::as_str)
    }

    /// The one resource that carries an identifier.
    pub(in super::super) fn identified(&self, resource_type: ResourceType, identifier: &str) -> Option<&OriginKey> {
        self.identifiers.get(&(resource_type, identifier.to_owned()))
    }
}

/// The references of a resource that may lead to what belongs to nobody.
pub(super) fn wanted_of(unit: usize, resource: &Resource) -> Vec<(usize, String)> {
    let may_lead = |text: &str| match Reference::parse(text) {
        Reference::Relative(target) => !is_personal(target.resource_type),
        Reference::Conditional { resource_type, .. } => !is_personal(resource_type),
        Reference::Absolute { target, .. } => !is_personal(target.resource_type),
        Reference::Urn(_) => true,
        _ => false,
    };
    let references = resource.references().map(|reference| reference.text().into_owned());
    let texts = references.chain(resource.attachment_urls().map(|link| link.text.into_owned()));
    texts.filter(|text| may_lead(text)).map(|text| (unit, text)).collect()
}
