//! Where a resource refers to others (R4 references.html).

use std::borrow::Cow;
use std::ops::Range;

use super::tolerant::each;
use super::whole::Resource;
use crate::json::{Element, Kind};
use crate::reference::ResourceType;

/// A `"reference": "…"` somewhere in a resource.
#[derive(Clone, Debug)]
pub struct ReferenceElement<'a> {
    /// The object that holds it: the Reference with its display and identifier.
    pub object: Element<'a>,
    /// The string that is the value.
    pub value: Element<'a>,
}

impl<'a> ReferenceElement<'a> {
    /// The reference's text, unescaped; may be empty.
    pub fn text(&self) -> Cow<'a, str> {
        self.value.as_str().unwrap_or_default()
    }

    /// The place of the text, quotes included.
    pub fn span(&self) -> Range<usize> {
        self.value.span()
    }

    fn each_of(object: Element<'a>) -> impl Iterator<Item = Self> {
        let values = object.members().filter(|m| m.key == "reference" && m.value.kind() == Kind::String);
        values.map(move |member| Self { object, value: member.value })
    }
}

impl Resource {
    /// Every reference with a text, in order of text, in contained resources and extensions too. A repeated key yields
    /// each of its values.
    pub fn references(&self) -> impl Iterator<Item = ReferenceElement<'_>> {
        references_in(self.root())
    }

    /// The reference to whom the resource is about: `subject` or `patient`, or what its type has in their place; the
    /// first one with a text.
    pub fn subject_reference(&self) -> Option<ReferenceElement<'_>> {
        let names = subject_names(self.resource_type()).iter();
        names.flat_map(|name| each(self.root().get(name))).flat_map(ReferenceElement::each_of).next()
    }
}

/// Every reference with a text in the subtree of `element`, in order of text.
pub fn references_in(element: Element<'_>) -> impl Iterator<Item = ReferenceElement<'_>> {
    element.descend().filter(|element| element.kind() == Kind::Object).flat_map(ReferenceElement::each_of)
}

/// The elements of a type that say whom it is about.
fn subject_names(resource_type: ResourceType) -> &'static [&'static str] {
    match resource_type {
        ResourceType::COVERAGE => &["beneficiary"],
        ResourceType::TASK => &["for"],
        ResourceType::RESEARCH_SUBJECT => &["individual"],
        ResourceType::ENROLLMENT_REQUEST => &["candidate"],
        _ => &["subject", "patient"],
    }
}
