//! Where a reference in the file leads in this record: by the source's ids, by a Bundle's addresses, by an identifier.

use std::collections::HashMap;

use mecum_fhir::reference::{Reference, ResourceType};
use mecum_fhir::resource::Resource;
use mecum_record::access::Permit;
use mecum_record::ids::{CommitId, SourceId};

use super::load::Among;
use super::names::{ANY_UNIT, Names, OriginKey};
use crate::{Failure, Phr};

/// Ids remembered between batches; past it they are looked up again.
const MAX_KNOWN: usize = 50_000;

/// Resolves the references of one import.
pub(super) struct Resolver<'a> {
    phr: &'a Phr,
    permit: &'a Permit,
    source: SourceId,
    staging: Option<CommitId>,
    names: &'a Names,
    /// The rest of the load that the import is a part of.
    among: Option<&'a Among<'a>>,
    /// The ids here of the source's ids; `None` for one that is not mapped.
    known: HashMap<OriginKey, Option<String>>,
    /// Conditional references met so far, and what they led to.
    conditional: HashMap<String, Option<String>>,
}

impl<'a> Resolver<'a> {
    pub(super) fn new(
        phr: &'a Phr,
        permit: &'a Permit,
        (source, staging): (SourceId, Option<CommitId>),
        (names, among): (&'a Names, Option<&'a Among<'a>>),
    ) -> Self {
        Self { phr, permit, source, staging, names, among, known: HashMap::new(), conditional: HashMap::new() }
    }

    /// Looks up, many at a time, everything that these resources refer to, and their own ids.
    pub(super) fn prepare<'r>(
        &mut self,
        unit: usize,
        resources: impl Iterator<Item = (&'r Resource, Option<&'r OriginKey>)>,
    ) -> Result<(), Failure> {
        if self.known.len() > MAX_KNOWN {
            self.known.clear();
        }
        let mut wanted: Vec<OriginKey> = Vec::new();
        for (resource, own) in resources {
            wanted.extend(own.cloned());
            for reference in resource.references() {
                let text = reference.text();
                match Reference::parse(&text) {
                    Reference::Conditional { .. } => self.look_up_conditional(unit, &text)?,
                    _ => wanted.extend(self.origin_of(unit, &text)),
                }
            }
        }
        self.look_up(wanted)
    }

    /// Looks these ids up.
    pub(super) fn prepare_ids(&mut self, wanted: &[OriginKey]) -> Result<(), Failure> {
        self.look_up(wanted.to_vec())
    }

    fn look_up(&mut self, mut wanted: Vec<OriginKey>) -> Result<(), Failure> {
        wanted.retain(|key| !self.known.contains_key(key));
        wanted.sort_unstable_by(|one, two| (one.0.code(), &one.1).cmp(&(two.0.code(), &two.1)));
        wanted.dedup();
        let found = self.phr.store().origins_of(self.permit, self.source, self.staging, &wanted)?;
        for key in wanted {
            let id = found.get(&key).or_else(|| self.names.previewed.get(&key)).cloned();
            self.known.insert(key, id);
        }
        Ok(())
    }

    /// The id here of a source's id, once it has been prepared.
    pub(super) fn id_of(&self, key: &OriginKey) -> Option<&str> {
        self.known.get(key)?.as_deref()
    }

    /// The `Type/id` here that a reference leads to.
    pub(super) fn resolve(&self, unit: usize, text: &str) -> Option<String> {
        if let Some(found) = self.conditional.get(text) {
            return found.clone();
        }
        let key = self.origin_of(unit, text)?;
        let id = self.id_of(&key).or_else(|| self.among?.outside.id_of(&key))?;
        Some(format!("{}/{id}", key.0.name()))
    }

    /// The resource of the source that a reference names.
    fn origin_of(&self, unit: usize, text: &str) -> Option<OriginKey> {
        if let Some(key) = self.names.addresses.get(&(unit, text.to_owned())) {
            return Some(key.clone());
        }
        match Reference::parse(text) {
            Reference::Relative(target) => Some((target.resource_type, target.id.to_owned())),
            _ => self.among.and_then(|among| among.address(unit, text)).cloned(),
        }
    }

    /// `Practitioner?identifier=system|value`, among the entries of the same Bundle and then in the record; only if one fits.
    fn look_up_conditional(&mut self, unit: usize, text: &str) -> Result<(), Failure> {
        if self.conditional.contains_key(text) {
            return Ok(());
        }
        let found = match conditional_identifier(text) {
            Some((resource_type, identifier)) => self.by_identifier(unit, resource_type, &identifier)?,
            None => None,
        };
        self.conditional.insert(text.to_owned(), found);
        Ok(())
    }

    fn by_identifier(
        &self,
        unit: usize,
        resource_type: ResourceType,
        identifier: &str,
    ) -> Result<Option<String>, Failure> {
        let name = resource_type.name();
        let named = |unit| self.names.identifiers.get(&(unit, resource_type, identifier.to_owned()));
        if let Some([only]) = named(unit).or_else(|| named(ANY_UNIT)).map(Vec::as_slice) {
            let wanted = [only.clone()];
            let found = self.phr.store().origins_of(self.permit, self.source, self.staging, &wanted)?;
            let id = found.get(only).or_else(|| self.names.previewed.get(only)).map(String::as_str);
            let id = id.or_else(|| self.among?.outside.id_of(only));
            return Ok(id.map(|id| format!("{name}/{id}")));
        }
        let (system, value) = split_token(identifier);
        let found = self.phr.store().with_identifier(self.permit, resource_type, (system, value), 2)?;
        Ok(match found.as_slice() {
            [only] => Some(format!("{name}/{}", only.id)),
            [] => self.outside(resource_type, identifier),
            _ => None,
        })
    }

    /// What an identifier means in the directory, as far as this load keeps something there.
    fn outside(&self, resource_type: ResourceType, identifier: &str) -> Option<String> {
        let outside = self.among?.outside;
        let id = outside.id_of(outside.identified(resource_type, identifier)?)?;
        Some(format!("{}/{id}", resource_type.name()))
    }
}

/// `system|value`, where a missing bar means any system.
pub(crate) fn split_token(token: &str) -> (Option<&str>, &str) {
    token.split_once('|').map_or((None, token), |(system, value)| (Some(system), value))
}

/// The type and `system|value` of a reference such as `Practitioner?identifier=http://…|999`.
pub(crate) fn conditional_identifier(text: &str) -> Option<(ResourceType, String)> {
    let (name, query) = text.split_once('?')?;
    let value = query.strip_prefix("identifier=")?;
    if value.contains('&') {
        return None;
    }
    Some((ResourceType::parse(name)?, percent_decode(value)))
}

/// `%7C` and the like; `+` stays, since identifiers hold it.
fn percent_decode(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let escaped = (bytes[at] == b'%')
            .then(|| text.get(at + 1..at + 3).and_then(|digits| u8::from_str_radix(digits, 16).ok()))
            .flatten();
        out.push(escaped.unwrap_or(bytes[at]));
        at += if escaped.is_some() { 3 } else { 1 };
    }
    String::from_utf8(out).unwrap_or_else(|_| text.to_owned())
}
