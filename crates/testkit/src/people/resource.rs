//! One FHIR resource under construction: its id, meta and narrative apart, the rest in the order in which it is told
//! (R4, resource.html).

use super::datatype::{Code, reference};
use super::json::{Json, list, object, text};

/// A resource that is being built; every method gives it back.
#[derive(Clone)]
pub(crate) struct Resource {
    kind: &'static str,
    id: String,
    meta: Json,
    narrative: Option<Json>,
    body: Json,
}

impl Resource {
    /// A resource of a type with nothing but its id; an empty id is not written.
    pub(crate) fn new(kind: &'static str, id: impl Into<String>) -> Resource {
        Resource { kind, id: id.into(), meta: object(), narrative: None, body: object() }
    }

    /// The resource type.
    pub(crate) fn kind(&self) -> &'static str {
        self.kind
    }

    /// `Type/id`.
    pub(crate) fn path(&self) -> String {
        format!("{}/{}", self.kind, self.id)
    }

    /// The same under another id.
    pub(crate) fn named(mut self, id: impl Into<String>) -> Resource {
        self.id = id.into();
        self
    }

    /// Sets an element, in place if it is there.
    pub(crate) fn with(mut self, key: &'static str, value: impl Into<Json>) -> Resource {
        self.body.set(key, value.into());
        self
    }

    /// Leaves an element out.
    pub(crate) fn without(mut self, key: &'static str) -> Resource {
        self.body.remove(key);
        self
    }

    /// As [`Resource::with`], if there is a value.
    pub(crate) fn maybe(self, key: &'static str, value: Option<impl Into<Json>>) -> Resource {
        match value {
            Some(value) => self.with(key, value),
            None => self,
        }
    }

    /// Sets an element to a Reference.
    pub(crate) fn points(self, key: &'static str, to: &str) -> Resource {
        self.with(key, reference(to))
    }

    /// Sets an element to a list of References.
    pub(crate) fn points_at(self, key: &'static str, to: &[String]) -> Resource {
        self.with(key, list(to.iter().map(|one| reference(one))))
    }

    /// Adds a note.
    pub(crate) fn note(self, words: &str) -> Resource {
        self.with("note", [object().with("text", text(words))])
    }

    /// Contains another resource, which is then referred to by `#` and its id.
    pub(crate) fn holding(self, other: Resource) -> Resource {
        self.with("contained", [other.into_json()])
    }

    /// Claims a profile.
    pub(crate) fn profile(mut self, url: &'static str) -> Resource {
        self.meta.set("profile", list([url]));
        self
    }

    /// Puts a security label on it.
    pub(crate) fn label(mut self, label: Code) -> Resource {
        self.meta.set("security", list([label.coding()]));
        self
    }

    /// Puts a tag on it.
    pub(crate) fn tag(mut self, tag: Code) -> Resource {
        self.meta.set("tag", list([tag.coding()]));
        self
    }

    /// States the version the source gave it and when (an instant).
    pub(crate) fn version(mut self, version: &'static str, updated: impl Into<Json>) -> Resource {
        self.meta.remove("versionId");
        self.meta.remove("lastUpdated");
        self.meta = object().with("versionId", version).with("lastUpdated", updated).merged(self.meta);
        self
    }

    /// Gives it a generated narrative: XHTML within a `div`.
    pub(crate) fn narrative(mut self, xhtml: &str) -> Resource {
        let div = format!("<div xmlns=\"http://www.w3.org/1999/xhtml\">{xhtml}</div>");
        self.narrative = Some(object().with("status", "generated").with("div", div));
        self
    }

    /// The whole as a JSON tree.
    pub(crate) fn into_json(self) -> Json {
        let mut whole = object().with("resourceType", self.kind);
        if !self.id.is_empty() {
            whole.set("id", self.id.into());
        }
        if !self.meta.is_empty() {
            whole.set("meta", self.meta);
        }
        if let Some(narrative) = self.narrative {
            whole.set("text", narrative);
        }
        whole.merged(self.body)
    }

    /// The whole as a line of NDJSON, without the line's end.
    pub(crate) fn line(self) -> String {
        self.into_json().compact()
    }
}
