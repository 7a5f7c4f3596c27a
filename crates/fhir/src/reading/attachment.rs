//! The attachments of a resource, in the order of its text (R4 datatypes.html#attachment).

use crate::json::{Element, Kind};
use crate::resource::Resource;

use super::datatype::string;

/// Attachments of one resource that are told apart.
const MAX_ATTACHMENTS: usize = 200;

/// An attachment as it is written. No `Debug`: it is someone's health data.
pub struct Attachment<'a> {
    /// Its media type as written; empty if it says none.
    pub content_type: String,
    /// Its title; may be empty.
    pub title: String,
    /// Where its content is; empty if it is inside.
    pub url: String,
    /// Its content in base64, if it is inside.
    pub data: Option<Element<'a>>,
}

/// Every attachment with a content or an address; a `Binary` is one itself.
pub fn attachments(resource: &Resource) -> Vec<Attachment<'_>> {
    let root = resource.root();
    let objects = root.descend().filter(|element| element.kind() == Kind::Object);
    objects.filter_map(of_object).take(MAX_ATTACHMENTS).collect()
}

fn of_object(object: Element<'_>) -> Option<Attachment<'_>> {
    let is_binary = object.get("resourceType").and_then(Element::as_str).as_deref() == Some("Binary");
    let data = object.get("data").filter(|data| data.kind() == Kind::String);
    let (content_type, url) = (string(object.get("contentType")), string(object.get("url")));
    let is_one = is_binary || (!content_type.is_empty() && (data.is_some() || !url.is_empty()));
    is_one.then(|| Attachment { content_type, title: string(object.get("title")), url, data })
}
