//! Writing a Bundle from resources that are text already: they go in as they are.

use super::code::{BundleType, Method, SearchMode};
use crate::date::format_instant;
use crate::json::{ObjectWriter, Writer};

/// What stands before the entries.
#[derive(Clone, Copy)]
pub struct BundleHead<'h> {
    /// What the Bundle is for.
    pub bundle_type: BundleType,
    /// The Bundle's own id.
    pub id: Option<&'h str>,
    /// The text of `meta`.
    pub meta: Option<&'h str>,
    /// System and value of the identifier that a document must have.
    pub identifier: Option<(&'h str, &'h str)>,
    /// When the Bundle was made, in microseconds since the epoch.
    pub timestamp_us: Option<i64>,
    /// How many matches there are in all, for a searchset or history.
    pub total: Option<u64>,
    /// Relations and addresses, as `("self", "https://…")`.
    pub links: &'h [(&'h str, &'h str)],
}

impl BundleHead<'_> {
    /// Nothing but the type.
    pub fn of(bundle_type: BundleType) -> Self {
        Self { bundle_type, id: None, meta: None, identifier: None, timestamp_us: None, total: None, links: &[] }
    }
}

/// An entry to write; what is None is left out.
#[derive(Clone, Copy, Default)]
pub struct NewEntry<'e> {
    /// The resource's address.
    pub full_url: Option<&'e str>,
    /// The resource's text, minified.
    pub resource: Option<&'e str>,
    /// Why it is in a searchset.
    pub search_mode: Option<SearchMode>,
    /// What is to be done with it, or was done in a history.
    pub request: Option<NewRequest<'e>>,
    /// What came of it.
    pub response: Option<NewResponse<'e>>,
}

/// An entry's request to write.
#[derive(Clone, Copy)]
pub struct NewRequest<'e> {
    /// The method.
    pub method: Method,
    /// The address, relative to the service.
    pub url: &'e str,
    /// The query of a conditional create.
    pub if_none_exist: Option<&'e str>,
    /// The version that must be the current one.
    pub if_match: Option<&'e str>,
}

impl<'e> NewRequest<'e> {
    /// Nothing but method and address.
    pub fn of(method: Method, url: &'e str) -> Self {
        Self { method, url, if_none_exist: None, if_match: None }
    }
}

/// An entry's response to write.
#[derive(Clone, Copy, Default)]
pub struct NewResponse<'e> {
    /// The status, as `201 Created`.
    pub status: &'e str,
    /// The new version's address.
    pub location: Option<&'e str>,
    /// The version's mark, as `W/"1"`.
    pub etag: Option<&'e str>,
    /// When the version was made, in microseconds since the epoch.
    pub last_modified_us: Option<i64>,
    /// The text of an OperationOutcome.
    pub outcome: Option<&'e str>,
}

/// Writes a Bundle entry by entry. What is written can be taken before the end, so a long Bundle needs little memory.
pub struct BundleWriter {
    out: String,
    n_entries: usize,
}

impl BundleWriter {
    /// Begins a Bundle.
    pub fn new(head: &BundleHead<'_>) -> Self {
        let mut out = Writer::object(|bundle| write_head(bundle, head));
        // The entries come before the brace that closes the object; `finish` puts it back.
        out.pop();
        Self { out, n_entries: 0 }
    }

    /// Adds an entry.
    pub fn entry(&mut self, entry: &NewEntry<'_>) {
        self.out.push_str(if self.n_entries == 0 { r#","entry":["# } else { "," });
        self.n_entries += 1;
        Writer::append_object(&mut self.out, |object| write_entry(object, entry));
    }

    /// How many entries there are so far.
    pub fn n_entries(&self) -> usize {
        self.n_entries
    }

    /// Takes what is written so far; the rest follows.
    pub fn take(&mut self) -> String {
        std::mem::take(&mut self.out)
    }

    /// The end of the text, or all of it if nothing was taken.
    pub fn finish(mut self) -> String {
        self.out.push_str(if self.n_entries == 0 { "}" } else { "]}" });
        self.out
    }
}

fn write_head(bundle: &mut ObjectWriter<'_>, head: &BundleHead<'_>) {
    bundle.str("resourceType", "Bundle").str_some("id", head.id).raw_some("meta", head.meta);
    if let Some((system, value)) = head.identifier {
        bundle.obj("identifier", |identifier| {
            identifier.str("system", system).str("value", value);
        });
    }
    bundle.str("type", head.bundle_type.code());
    bundle.str_some("timestamp", head.timestamp_us.map(format_instant).as_deref());
    bundle.raw_some("total", head.total.map(|total| total.to_string()).as_deref());
    bundle.arr_some("link", |links| {
        for (relation, url) in head.links {
            links.obj(|link| {
                link.str("relation", relation).str("url", url);
            });
        }
    });
}

fn write_entry(object: &mut ObjectWriter<'_>, entry: &NewEntry<'_>) {
    object.str_some("fullUrl", entry.full_url).raw_some("resource", entry.resource);
    if let Some(mode) = entry.search_mode {
        object.obj("search", |search| {
            search.str("mode", mode.code());
        });
    }
    if let Some(request) = &entry.request {
        object.obj("request", |object| {
            object.str("method", request.method.code()).str("url", request.url);
            object.str_some("ifMatch", request.if_match).str_some("ifNoneExist", request.if_none_exist);
        });
    }
    if let Some(response) = &entry.response {
        object.obj("response", |object| {
            object.str("status", response.status).str_some("location", response.location);
            object.str_some("etag", response.etag);
            object.str_some("lastModified", response.last_modified_us.map(format_instant).as_deref());
            object.raw_some("outcome", response.outcome);
        });
    }
}
