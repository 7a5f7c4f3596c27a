//! A resource ready to go out: its text with this server's version and time in it.

use mecum_fhir::date::format_instant;
use mecum_fhir::json::{Json, Limits};
use mecum_fhir::resource::Resource;
use mecum_fhir::subset::Subset;
use mecum_record::access::ResourceKey;
use mecum_store::body::{BlobContent, Body, Served};
use mecum_store::{Change, Content, Version};

/// One version of one resource as text. Not `Debug`: it is someone's health data.
#[derive(Clone)]
pub struct Rendered {
    /// Which resource.
    pub key: ResourceKey,
    /// Its `meta.versionId`.
    pub version: i64,
    /// Its `meta.lastUpdated`, microseconds since the epoch.
    pub at_us: i64,
    /// The resource; `None` for a deletion.
    pub text: Option<String>,
    /// Content of a `Binary` that is kept beside it.
    pub blob: Option<BlobContent>,
}

impl Rendered {
    /// A version as text.
    #[must_use]
    pub fn of(version: &Version) -> Rendered {
        Self::of_body(&version.key, version.body.as_ref(), version.version.0, version.at_us)
    }

    /// A change as text, once it has become this version.
    #[must_use]
    pub(crate) fn of_change(change: &Change, version: i64, at_us: i64) -> Rendered {
        let body = match &change.content {
            Content::Put(body) => Some(body),
            Content::Deleted => None,
        };
        Self::of_body(&change.key, body, version, at_us)
    }

    /// Only this part of it, where only a part is wanted (`_summary`, `_elements`).
    #[must_use]
    pub fn reduced(mut self, subset: &Subset) -> Rendered {
        // A text that were no resource any more goes out whole: leaving out is all that is asked for.
        let whole = self.text.as_deref().and_then(|text| Resource::parse(text.as_bytes(), &Limits::default()).ok());
        if let Some(whole) = whole {
            self.text = Some(subset.cut(&whole));
        }
        self
    }

    /// The text laid out for people; every token as it is written.
    #[must_use]
    pub fn indented(&self) -> String {
        let text = self.text.as_deref().unwrap_or_default();
        Json::parse(text.as_bytes(), &Limits::default()).map_or_else(|_| text.to_owned(), |json| json.indented())
    }

    fn of_body(key: &ResourceKey, body: Option<&Body>, version: i64, at_us: i64) -> Rendered {
        let text = body.map(|body| {
            let mut text = String::new();
            Served { body, version, last_updated: &format_instant(at_us) }.write(&mut text);
            text
        });
        Rendered { key: key.clone(), version, at_us, text, blob: body.and_then(|body| body.blob.clone()) }
    }
}
