//! Codes of a resource that rules speak about: categories and security labels (R4 datatypes.html#codesystem).

use std::borrow::Cow;

use super::tolerant::each;
use super::whole::Resource;
use crate::json::{Element, Kind};

/// A code with the system it is from.
#[derive(Clone, PartialEq, Eq)]
pub struct Coding<'a> {
    /// The system's address, if given.
    pub system: Option<Cow<'a, str>>,
    /// The code, if given.
    pub code: Option<Cow<'a, str>>,
    /// The meaning as text, if given.
    pub display: Option<Cow<'a, str>>,
}

impl<'a> Coding<'a> {
    /// The coding an object is; a bare string is a code without a system.
    pub fn of(element: Element<'a>) -> Self {
        let member = |key| element.get(key).and_then(Element::as_str);
        Self { system: member("system"), code: member("code").or(element.as_str()), display: member("display") }
    }

    /// The codings of a CodeableConcept. A Coding or a bare code in its place stands for itself.
    pub fn each_of(concept: Element<'a>) -> impl Iterator<Item = Self> {
        let bare = match concept.kind() {
            Kind::String => true,
            Kind::Object => concept.get("coding").is_none() && concept.get("code").is_some(),
            _ => false,
        };
        let itself = bare.then(|| Self::of(concept));
        itself.into_iter().chain(each(concept.get("coding")).map(Self::of))
    }
}

impl std::fmt::Debug for Coding<'_> {
    /// What is given, not what it says: a code may be a diagnosis.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let given = (self.system.is_some(), self.code.is_some(), self.display.is_some());
        f.debug_tuple("Coding").field(&given).finish()
    }
}

impl Resource {
    /// The codings of the resource's own `category`, which may be concepts or codes, one or many.
    pub fn categories(&self) -> impl Iterator<Item = Coding<'_>> {
        each(self.root().get("category")).flat_map(Coding::each_of)
    }

    /// The codings of `meta.security`.
    pub fn security_labels(&self) -> impl Iterator<Item = Coding<'_>> {
        each(self.meta().and_then(|meta| meta.get("security"))).flat_map(Coding::each_of)
    }
}
