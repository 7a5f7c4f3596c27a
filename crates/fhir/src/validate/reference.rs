//! References (R4 references.html): local ones lead somewhere, and what is named is of a type that may stand there.

use super::Walk;
use super::primitive::is_absolute;
use super::scope::NotContained;
use crate::definitions::{ElementDefinition, Primitive};
use crate::json::Element;
use crate::outcome::IssueCode;
use crate::reference::{Reference, ResourceType};

const STRUCTURE: &str = "http://hl7.org/fhir/StructureDefinition/";

impl<'a> Walk<'a> {
    /// A value of type Reference in `element`.
    pub(super) fn reference(&mut self, value: Element<'a>, element: &'static ElementDefinition) {
        let declared = value.get("type").and_then(|place| Some((place, place.as_str()?)));
        if let Some((place, name)) = &declared {
            self.declared_type(*place, name);
        }
        let Some(place) = value.get("reference") else { return };
        let Some(named) = place.as_str().and_then(|text| self.named_type(place, &text)) else { return };
        if !element.targets().is_empty() && !element.targets().contains(&named) {
            let message = "is to a type of resource that may not stand here";
            self.error_at("reference", IssueCode::Structure, place.span(), message);
        }
        if declared.is_some_and(|(_, name)| name.trim_start_matches(STRUCTURE) != named) {
            self.error_at("type", IssueCode::Structure, place.span(), "is not the type of what is referred to");
        }
    }

    fn declared_type(&mut self, place: Element<'a>, name: &str) {
        let name = name.trim_start_matches(STRUCTURE);
        let is_logical_model = is_absolute(name);
        if ResourceType::parse(name).is_none() && !is_logical_model {
            self.error_at("type", IssueCode::CodeInvalid, place.span(), "is no type of resource");
        }
    }

    /// The type of what the reference at `place` leads to, as far as its text says.
    fn named_type(&mut self, place: Element<'a>, text: &str) -> Option<&'static str> {
        if text.contains(char::is_whitespace) {
            self.error_at("reference", IssueCode::Value, place.span(), "is a URL with white space");
            return None;
        }
        match Reference::parse(text) {
            Reference::Fragment(id) => self.contained_type(place, id),
            Reference::Relative(target) | Reference::Absolute { target, .. } => Some(target.resource_type.name()),
            Reference::Conditional { resource_type, .. } => Some(resource_type.name()),
            Reference::Other(other) if !is_absolute(other) => {
                self.warning_at("reference", IssueCode::Value, place.span(), "is neither Type/id nor a URL");
                None
            }
            Reference::Other(_) | Reference::Urn(_) | Reference::Empty => None,
        }
    }

    fn contained_type(&mut self, place: Element<'a>, id: &str) -> Option<&'static str> {
        match self.scope.link(id) {
            Ok(found) => found.map(ResourceType::name),
            Err(NotContained) => {
                let message = "ref-1: no contained resource has this id";
                self.error_at("reference", IssueCode::Invariant, place.span(), message);
                None
            }
        }
    }

    /// A `canonical`, `uri` or `url` that is `#id`.
    pub(super) fn local_uri(&mut self, primitive: Primitive, id: &str, place: Element<'a>) {
        match primitive {
            Primitive::Uri | Primitive::Url => _ = self.scope.link(id),
            Primitive::Canonical if self.scope.link(id).is_err() => {
                self.error(IssueCode::Invariant, place.span(), "no contained resource has this id");
            }
            _ => {}
        }
    }
}
