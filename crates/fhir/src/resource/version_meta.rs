//! Version and time of a resource live beside its stored text: out of it when it is written, back in when it is read.
//!
//! `meta.versionId` and `meta.lastUpdated` change with every version (R4 resource.html#Meta), the rest of the text does not
//! have to. A splice is a copy; nothing is parsed or serialised on a read.

use super::whole::Resource;
use crate::date::format_instant;
use crate::json::{Edits, Kind, Member, quote};

/// Where version and time go into a stored text; kept beside it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct SplicePoint {
    at: u32,
    place: Place,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Place {
    /// Behind the opening brace of a `meta` that has members.
    InMeta,
    /// Behind another member.
    NewMeta,
    /// Nowhere: the `meta` that an import let through is no object.
    Nowhere,
}

impl SplicePoint {
    /// The place in the text of a resource that has neither `meta.versionId` nor `meta.lastUpdated`: at the start of its
    /// `meta`, or where a `meta` goes: behind `id`, else behind `resourceType`.
    pub fn of(resource: &Resource) -> Self {
        let root = resource.root();
        // The casts keep every bit: no parsed text has 4 GiB.
        match root.get("meta") {
            Some(meta) if meta.kind() != Kind::Object || meta.is_empty() => Self { at: 0, place: Place::Nowhere },
            Some(meta) => Self { at: (meta.span().start + 1) as u32, place: Place::InMeta },
            None => {
                let before = root.get("id").or_else(|| root.get("resourceType"));
                Self { at: before.map_or(1, |element| element.span().end) as u32, place: Place::NewMeta }
            }
        }
    }

    /// The place as one number, 0 or more, to store.
    pub fn to_i64(self) -> i64 {
        i64::from(self.at) << 2 | self.place as i64
    }

    /// The place stored as a number. None if it is none.
    pub fn from_i64(stored: i64) -> Option<Self> {
        let place =
            [Place::InMeta, Place::NewMeta, Place::Nowhere].into_iter().find(|place| *place as i64 == stored & 3)?;
        Some(Self { at: u32::try_from(stored >> 2).ok()?, place })
    }

    /// The stored text with its version and time. None if the place is not in the text.
    pub fn splice(self, stored: &str, version_id: &str, last_updated_us: i64) -> Option<String> {
        let (before, behind) = stored.split_at_checked(self.at as usize)?;
        let (version_id, last_updated) = (quote(version_id), format_instant(last_updated_us));
        let values = format!(r#""versionId":{version_id},"lastUpdated":"{last_updated}""#);
        Some(match self.place {
            Place::InMeta => format!("{before}{values},{behind}"),
            Place::NewMeta => format!(r#"{before},"meta":{{{values}}}{behind}"#),
            Place::Nowhere => stored.to_owned(),
        })
    }
}

impl Resource {
    /// Adds the edits that take `meta.versionId` and `meta.lastUpdated` out, and a `meta` that would be empty without them.
    pub fn remove_version_meta(&self, edits: &mut Edits<'_>) {
        let is_version = |key: &str| matches!(key, "versionId" | "lastUpdated");
        let is_meta = |member: &Member<'_>| member.key == "meta" && member.value.kind() == Kind::Object;
        // A key that repeats in the object counts too: whoever reads the last one must not find an old version there.
        for meta in self.root().members().filter(is_meta) {
            edits.retain_members(meta.value, |member| !is_version(&member.key));
        }
        let is_rest_empty = |member: &Member<'_>| member.value.members().all(|inner| is_version(&inner.key));
        edits.retain_members(self.root(), |member| !(is_meta(member) && is_rest_empty(member)));
    }
}
