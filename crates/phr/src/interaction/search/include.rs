//! `_include` and `_revinclude`: what matches refer to, and what refers to them, under a decision of their own (REST-43). An include
//! widens nothing: what may not be read does not come along, and nothing tells that it would have.

use std::collections::HashSet;

use mecum_fhir::json::Limits;
use mecum_fhir::resource::Resource;
use mecum_fhir::search::extract;
use mecum_fhir::search::query::{Include, SearchQuery};
use mecum_fhir::search::value::{IndexValue, RefTarget};
use mecum_record::access::{Act, Permit, ResourceKey};
use mecum_record::caller::Caller;
use mecum_record::ids::RecordId;
use mecum_store::Version;

use crate::interaction::is_directory_type;
use crate::interaction::prepare::relative_key;
use crate::permission::may;
use crate::{Failure, Phr};

/// Resources that come along with one page at most.
pub(super) const MAX_INCLUDED: usize = 1000;

/// How often what came along is looked at again (`:iterate`).
const MAX_ROUNDS: usize = 8;

/// What comes along with a page.
#[derive(Default)]
pub(super) struct Included {
    /// Each resource once, and none that is a match.
    pub(super) versions: Vec<Version>,
    /// Whether there is more than comes along.
    pub(super) is_cut: bool,
}

/// What comes along with these matches of one record.
///
/// # Errors
/// What the store says.
pub(super) fn included(
    phr: &Phr,
    caller: &Caller,
    record: RecordId,
    query: &SearchQuery,
    matches: &[Version],
) -> Result<Included, Failure> {
    if matches.is_empty() || (query.includes.is_empty() && query.rev_includes.is_empty()) {
        return Ok(Included::default());
    }
    let Some(permit) = may_read(phr, caller, record)? else { return Ok(Included::default()) };
    let mut gathering =
        Gathering { phr, caller, permit, directory: None, seen: keys_of(matches), found: Included::default() };
    let mut from = 0;
    gathering.round(query, matches, false)?;
    for _ in 0..MAX_ROUNDS {
        let news: Vec<Version> = gathering.found.versions[from..].to_vec();
        from = gathering.found.versions.len();
        if news.is_empty() || gathering.found.is_cut {
            break;
        }
        gathering.round(query, &news, true)?;
    }
    Ok(gathering.found)
}

/// What these resources refer to under another permit: outside their record, or outside what was asked for within it.
///
/// # Errors
/// What the store says.
pub(super) fn referred_to(
    phr: &Phr,
    permit: &Permit,
    matches: &[Version],
    takes: &dyn Fn(&ResourceKey) -> bool,
) -> Result<Included, Failure> {
    let mut seen = keys_of(matches);
    let wanted: Vec<ResourceKey> =
        matches.iter().flat_map(all_references).filter(|key| takes(key) && seen.insert(key.clone())).collect();
    let (wanted, is_cut) = bounded(wanted, MAX_INCLUDED);
    Ok(Included { versions: phr.store().included(permit, &wanted)?, is_cut })
}

/// A permit to read what may be read there; none for whoever may read nothing.
///
/// # Errors
/// What the store says.
pub(super) fn may_read(phr: &Phr, caller: &Caller, record: RecordId) -> Result<Option<Permit>, Failure> {
    may(phr, caller, &[Act::Search], record)
}

fn keys_of(versions: &[Version]) -> HashSet<ResourceKey> {
    versions.iter().map(|version| version.key.clone()).collect()
}

fn bounded(mut keys: Vec<ResourceKey>, most: usize) -> (Vec<ResourceKey>, bool) {
    let is_cut = keys.len() > most;
    keys.truncate(most);
    (keys, is_cut)
}

struct Gathering<'a> {
    phr: &'a Phr,
    caller: &'a Caller,
    permit: Permit,
    /// The permit for the directory, once it was asked for.
    directory: Option<Option<Permit>>,
    /// What is on the page already, and what was looked for.
    seen: HashSet<ResourceKey>,
    found: Included,
}

impl Gathering<'_> {
    /// Looks at some resources once; again only for what iterates.
    fn round(&mut self, query: &SearchQuery, around: &[Version], is_again: bool) -> Result<(), Failure> {
        let holds = |include: &&Include| include.iterates || !is_again;
        let forward: Vec<&Include> = query.includes.iter().filter(holds).collect();
        if !forward.is_empty() {
            self.forward(&forward, around)?;
        }
        for include in query.rev_includes.iter().filter(holds) {
            self.backward(include, around)?;
        }
        Ok(())
    }

    /// What they refer to: in the record, and by a second statement in the directory.
    fn forward(&mut self, includes: &[&Include], around: &[Version]) -> Result<(), Failure> {
        let mut wanted = Vec::new();
        for version in around {
            let own: Vec<&&Include> =
                includes.iter().filter(|include| include.from == version.key.resource_type).collect();
            if own.is_empty() {
                continue;
            }
            let names = |param: u16| own.iter().any(|include| include.param.is_none_or(|of| of.number() == param));
            for key in references(version, &names) {
                let leads_there = |include: &&&Include| include.target.is_none_or(|of| of == key.resource_type);
                if own.iter().any(leads_there) && !self.seen.contains(&key) {
                    self.seen.insert(key.clone());
                    wanted.push(key);
                }
            }
        }
        let wanted = self.within_bounds(wanted);
        let mut found = self.phr.store().included(&self.permit, &wanted)?;
        let there = keys_of(&found);
        let missing: Vec<ResourceKey> =
            wanted.into_iter().filter(|key| !there.contains(key) && is_directory_type(key.resource_type)).collect();
        if !missing.is_empty() && !self.permit.over().is_directory() {
            found.extend(self.in_directory(&missing)?);
        }
        self.found.versions.extend(found);
        Ok(())
    }

    fn in_directory(&mut self, keys: &[ResourceKey]) -> Result<Vec<Version>, Failure> {
        let permit = match self.directory.take() {
            Some(asked) => asked,
            None => may_read(self.phr, self.caller, RecordId::DIRECTORY)?,
        };
        let found = match &permit {
            Some(permit) => self.phr.store().included(permit, keys)?,
            None => Vec::new(),
        };
        self.directory = Some(permit);
        Ok(found)
    }

    /// What refers to them.
    fn backward(&mut self, include: &Include, around: &[Version]) -> Result<(), Failure> {
        let targets: Vec<ResourceKey> = around
            .iter()
            .filter(|version| include.target.is_none_or(|of| of == version.key.resource_type))
            .map(|version| version.key.clone())
            .collect();
        let room = MAX_INCLUDED.saturating_sub(self.found.versions.len());
        // One more than there is room for tells whether there are more.
        let found = self.phr.store().referring(
            &self.permit,
            (include.from, include.param),
            &targets,
            room + 1 + self.seen.len(),
        )?;
        for version in found {
            if self.seen.insert(version.key.clone()) {
                if self.found.versions.len() >= MAX_INCLUDED {
                    self.found.is_cut = true;
                    break;
                }
                self.found.versions.push(version);
            }
        }
        Ok(())
    }

    fn within_bounds(&mut self, wanted: Vec<ResourceKey>) -> Vec<ResourceKey> {
        let (wanted, is_cut) = bounded(wanted, MAX_INCLUDED.saturating_sub(self.found.versions.len()));
        self.found.is_cut |= is_cut;
        wanted
    }
}

/// The resources that a resource refers to by the parameters that are named, in the order of the index.
fn references(version: &Version, names: &dyn Fn(u16) -> bool) -> Vec<ResourceKey> {
    let text = version.body.as_ref().map_or("", |body| body.text.as_str());
    let Ok(resource) = Resource::parse(text.as_bytes(), &Limits::default()) else { return Vec::new() };
    let target = |value: IndexValue| match value {
        IndexValue::Reference(RefTarget::Resource(resource_type, id)) => Some(ResourceKey { resource_type, id }),
        _ => None,
    };
    let found = extract(&resource, "", 0).into_iter().filter(|indexed| names(indexed.param));
    found.filter_map(|indexed| target(indexed.value)).collect()
}

/// The resources that a resource refers to anywhere in it.
fn all_references(version: &Version) -> Vec<ResourceKey> {
    let text = version.body.as_ref().map_or("", |body| body.text.as_str());
    let Ok(resource) = Resource::parse(text.as_bytes(), &Limits::default()) else { return Vec::new() };
    resource.references().filter_map(|reference| relative_key(&reference.text())).collect()
}
