//! References (R4 references.html): local ones lead somewhere, and what is named is of a type that may stand there.

use super::primitive::is_absolute;
use super::{IssueKind, Walk};
use crate::definitions::{ElementDefinition, Primitive, definitions};
use crate::json::Element;
use crate::reference::Reference;

const STRUCTURE: &str = "http://hl7.org/fhir/StructureDefinition/";

impl<'a> Walk<'a> {
    /// A value of type Reference in `element`.
    pub(super) fn reference(&mut self, value: Element<'a>, element: &'static ElementDefinition) {
        let declared = value.get("type").and_then(|declared| Some((declared, declared.as_str()?)));
        if let Some((place, name)) = &declared {
            self.declared_type(*place, name);
        }
        let Some(place) = value.get("reference") else { return };
        let Some(text) = place.as_str() else { return };
        if text.contains(char::is_whitespace) {
            return self.error_at("reference", IssueKind::Value, place.span(), "is a URL with white space");
        }
        let named = match Reference::parse(&text) {
            Reference::Fragment(id) => match self.scope.link(id) {
                Ok(found) => found.map(str::to_owned),
                Err(()) => {
                    let message = "ref-1: no contained resource has this id";
                    return self.error_at("reference", IssueKind::Invariant, place.span(), message);
                }
            },
            Reference::Relative(target) | Reference::Absolute { target, .. } => Some(target.resource_type.to_string()),
            Reference::Conditional { resource_type, .. } => Some(resource_type.to_string()),
            Reference::Other(other) if !is_absolute(other) => {
                return self.warning(
                    IssueKind::Value,
                    place.span(),
                    "has a reference that is neither Type/id nor a URL",
                );
            }
            _ => None,
        };
        let Some(named) = named else { return };
        if !element.targets().is_empty() && !element.targets().contains(&named.as_str()) {
            self.error_at(
                "reference",
                IssueKind::Structure,
                place.span(),
                "is to a type of resource that may not stand here",
            );
        }
        if declared.is_some_and(|(_, name)| name.trim_start_matches(STRUCTURE) != named) {
            self.error_at("type", IssueKind::Structure, place.span(), "is not the type of what is referred to");
        }
    }

    fn declared_type(&mut self, place: Element<'a>, name: &str) {
        let name = name.trim_start_matches(STRUCTURE);
        let is_known = definitions().resource_type(name).is_some();
        let is_elsewhere = is_absolute(name); // a logical model
        if !is_known && !is_elsewhere {
            self.error_at("type", IssueKind::CodeInvalid, place.span(), "is no type of resource");
        }
    }

    /// A `canonical`, `uri` or `url` that is `#id`.
    pub(super) fn local_uri(&mut self, primitive: Primitive, id: &str, place: Element<'a>) {
        match primitive {
            Primitive::Uri | Primitive::Url => _ = self.scope.link(id),
            Primitive::Canonical if self.scope.link(id).is_err() => {
                self.error(IssueKind::Invariant, place.span(), "no contained resource has this id");
            }
            _ => {}
        }
    }
}
