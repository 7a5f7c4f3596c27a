//! Where a resource points other than by reference: attachments and narrative links (R4 http.html#trules, REST-23).

use std::borrow::Cow;
use std::ops::Range;

use super::narrative;
use super::tolerant::each;
use super::whole::Resource;
use crate::json::Element;

/// An address in a resource.
#[derive(Clone)]
pub struct Link<'a> {
    /// The address, unescaped.
    pub text: Cow<'a, str>,
    /// Its place in the text: with the quotes for an attachment; for a narrative link what is between the attribute's
    /// quotes, where a replacement must be escaped for XML and then for JSON.
    pub span: Range<usize>,
}

impl std::fmt::Debug for Link<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Link").field("span", &self.span).finish_non_exhaustive()
    }
}

/// The elements of R4 that are Attachments; `content` is one in Media and Library only, which is told by its `url`.
const ATTACHMENTS: [&str; 14] = [
    "attachment",
    "content",
    "contentAttachment",
    "defaultValueAttachment",
    "document",
    "form",
    "image",
    "legallyBindingAttachment",
    "photo",
    "presentedForm",
    "sequenceAttachment",
    "sourceAttachment",
    "valueAttachment",
    "fixedAttachment",
];

impl Resource {
    /// The `url` of every Attachment, in order of text, in contained resources and extensions too.
    pub fn attachment_urls(&self) -> impl Iterator<Item = Link<'_>> {
        let named = self.root().descend_members().filter(|member| ATTACHMENTS.contains(&member.key.as_ref()));
        named.flat_map(|member| each(Some(member.value))).filter_map(|attachment| link(attachment.get("url")?))
    }

    /// The addresses of `<a href>` and `<img src>` in narratives, in order of text.
    pub fn narrative_links(&self) -> impl Iterator<Item = Link<'_>> {
        let divs = self.root().descend_members().filter(|member| member.key == "div");
        divs.flat_map(|member| narrative::links(member.value))
    }
}

fn link(url: Element<'_>) -> Option<Link<'_>> {
    Some(Link { text: url.as_str()?, span: url.span() })
}
