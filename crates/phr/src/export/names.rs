//! The ids that go out: the source's own where it is unique among what the caller sees, else the one minted here (design §3, PHR-61).

use std::collections::{HashMap, HashSet};

use mecum_fhir::reference::{Id, ResourceType};
use mecum_record::access::{Permit, ResourceKey};
use mecum_store::Version;
use mecum_store::body::{Body, Span};

use super::session::Session;
use crate::Failure;

/// Names remembered between pages; past it they are looked up again.
const MAX_KNOWN: usize = 50_000;
/// A source's id longer than this goes out minted.
const MAX_ORIGIN_ID_BYTES: usize = 256;

/// The names of one export.
pub(super) struct Names<'s, 'a> {
    session: &'s Session<'a>,
    /// `Type/id` here → `Type/id` as it goes out.
    known: HashMap<String, String>,
    /// `Binary/id` here → its content as a file of the archive.
    pub(super) media: HashMap<String, Media>,
    /// Files of the archive to which nothing that went out has led.
    pub(super) undescribed: HashSet<String>,
}

/// A content that is a file of the archive.
pub(super) struct Media {
    /// Where, relative to the `.phr`.
    pub(super) url: String,
    /// Which content: an earlier version of the same `Binary` may have had another.
    pub(super) blob: String,
}

impl<'s, 'a> Names<'s, 'a> {
    pub(super) fn new(session: &'s Session<'a>) -> Self {
        Self { session, known: HashMap::new(), media: HashMap::new(), undescribed: HashSet::new() }
    }

    /// Looks up, many at a time, the names of these resources and of what they refer to.
    pub(super) fn prepare(&mut self, permit: &Permit, versions: &[Version]) -> Result<(), Failure> {
        if self.known.len() > MAX_KNOWN {
            self.known.clear();
        }
        let mut wanted: HashSet<ResourceKey> = HashSet::new();
        for version in versions {
            if !self.known.contains_key(&name_of(&version.key)) {
                wanted.insert(version.key.clone());
            }
            for text in version.body.iter().flat_map(references) {
                if !self.known.contains_key(text) {
                    wanted.extend(key_of(text));
                }
            }
        }
        let wanted: Vec<ResourceKey> = wanted.into_iter().collect();
        self.look_up(permit, &wanted)
    }

    /// The same for resources that are only named.
    pub(super) fn prepare_keys(&mut self, permit: &Permit, keys: &[ResourceKey]) -> Result<(), Failure> {
        if self.known.len() > MAX_KNOWN {
            self.known.clear();
        }
        let wanted: Vec<ResourceKey> =
            keys.iter().filter(|key| !self.known.contains_key(&name_of(key))).cloned().collect();
        self.look_up(permit, &wanted)
    }

    /// `Type/id` of a resource as it goes out.
    pub(super) fn reference_to(&mut self, permit: &Permit, key: &ResourceKey) -> Result<String, Failure> {
        self.look_up(permit, std::slice::from_ref(key))?;
        let name = name_of(key);
        Ok(self.known.get(&name).cloned().unwrap_or(name))
    }

    /// The id of a resource as it goes out; it must have been prepared.
    pub(super) fn id_of(&self, key: &ResourceKey) -> String {
        let known = self.known.get(&name_of(key)).and_then(|name| name.split_once('/'));
        known.map_or_else(|| key.id.clone(), |(_, id)| id.to_owned())
    }

    /// What goes out for each reference of a body, which must have been prepared. An attachment whose content rides along is
    /// called by its path.
    pub(super) fn references_of(&mut self, body: &Body) -> Vec<String> {
        let outgoing: Vec<String> = body.references.iter().map(|span| self.outgoing(body, *span).to_owned()).collect();
        if !self.media.is_empty() {
            let described = outgoing.iter().filter(|url| self.undescribed.contains(*url)).cloned().collect::<Vec<_>>();
            described.iter().for_each(|url| {
                self.undescribed.remove(url);
            });
        }
        outgoing
    }

    fn outgoing<'n>(&'n self, body: &'n Body, span: Span) -> &'n str {
        let text = body.reference(span);
        let is_url = body.text.get(..span.start).is_some_and(|before| before.ends_with("\"url\":\""));
        let media = self.media.get(text).filter(|_| is_url).map(|media| &media.url);
        media.or_else(|| self.known.get(text)).map_or(text, String::as_str)
    }

    fn look_up(&mut self, permit: &Permit, wanted: &[ResourceKey]) -> Result<(), Failure> {
        let store = self.session.phr.store();
        let mut origins = store.origin_ids(permit, wanted)?;
        origins.retain(|key, origin_id| may_go_out(key.resource_type, origin_id));
        let sought: Vec<(ResourceType, String)> =
            origins.iter().map(|(key, origin_id)| (key.resource_type, origin_id.clone())).collect();
        let namesakes = store.resources_with_origin_id(permit, &sought)?;
        let as_ids: Vec<ResourceKey> =
            sought.into_iter().map(|(resource_type, id)| ResourceKey { resource_type, id }).collect();
        let minted = store.present(permit, &as_ids)?;
        for key in wanted {
            let name = name_of(key);
            let Some(origin_id) = origins.get(key) else {
                self.known.insert(name.clone(), name);
                continue;
            };
            let sought = (key.resource_type, origin_id.clone());
            let as_id = ResourceKey { resource_type: key.resource_type, id: origin_id.clone() };
            let others = namesakes.get(&sought).into_iter().flatten().chain(minted.get(&as_id));
            let is_unique = !self.any_visible(permit, others.filter(|other| *other != key))?;
            let id = if is_unique { origin_id } else { &key.id };
            self.known.insert(name, format!("{}/{id}", key.resource_type.name()));
        }
        Ok(())
    }

    /// Whether the caller sees any of these. What is hidden must not be noticed by the name that another resource gets.
    fn any_visible<'k>(&self, permit: &Permit, keys: impl Iterator<Item = &'k ResourceKey>) -> Result<bool, Failure> {
        for key in keys {
            if self.session.is_visible(permit, key)? {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

/// Whether a source's id can be written where it stood. The path by which a file came along is an id only by chance.
fn may_go_out(resource_type: ResourceType, origin_id: &str) -> bool {
    let is_plain = |byte: u8| byte >= b' ' && !matches!(byte, b'"' | b'\\' | b'/' | b'#' | b'|' | b'?' | 0x7f);
    Id::is_valid(origin_id)
        || resource_type != ResourceType::BINARY
            && (1..=MAX_ORIGIN_ID_BYTES).contains(&origin_id.len())
            && origin_id.bytes().all(is_plain)
}

/// `Type/id`.
pub(super) fn name_of(key: &ResourceKey) -> String {
    crate::permission::name(key)
}

/// The resource that a reference of a stored body names.
pub(super) fn key_of(text: &str) -> Option<ResourceKey> {
    let (resource_type, id) = text.split_once('/')?;
    Some(ResourceKey { resource_type: ResourceType::parse(resource_type)?, id: id.to_owned() })
}

/// The references of a stored body, `Type/id` each.
pub(super) fn references(body: &Body) -> impl Iterator<Item = &str> {
    body.references.iter().map(|span| body.reference(*span))
}
