//! Business identifiers of a resource (R4 datatypes.html#identifier).

use std::borrow::Cow;

use super::tolerant::each;
use super::whole::Resource;
use crate::json::Element;

/// A number or name that someone has given the resource's subject matter.
#[derive(Clone, PartialEq, Eq)]
pub struct Identifier<'a> {
    /// The namespace, if given.
    pub system: Option<Cow<'a, str>>,
    /// The value within the namespace, if given.
    pub value: Option<Cow<'a, str>>,
}

impl<'a> Identifier<'a> {
    /// The identifier an object is.
    pub fn of(element: Element<'a>) -> Self {
        let member = |key| element.get(key).and_then(Element::as_str);
        Self { system: member("system"), value: member("value") }
    }
}

impl std::fmt::Debug for Identifier<'_> {
    /// What is given, not what it says: it may name a person.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Identifier").field(&(self.system.is_some(), self.value.is_some())).finish()
    }
}

impl Resource {
    /// The resource's own `identifier`, one or many; those of references and contained resources are not among them.
    pub fn identifiers(&self) -> impl Iterator<Item = Identifier<'_>> {
        each(self.root().get("identifier")).map(Identifier::of)
    }
}
