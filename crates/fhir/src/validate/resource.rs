//! Resources: the outermost one, those in entries and parameters, and those contained in another (R4
//! references.html#contained).

use super::Walk;
use super::scope::Scope;
use crate::definitions::{Type, definitions};
use crate::json::{Element, Kind};
use crate::outcome::IssueCode;

impl<'a> Walk<'a> {
    /// A resource that stands by itself: local references are resolved within it.
    pub(super) fn resource(&mut self, resource: Element<'a>) {
        let Some(of) = self.type_of(resource) else { return };
        let is_outermost = self.path.is_empty();
        if is_outermost {
            self.path.enter(of.name());
        }
        let around = std::mem::replace(&mut self.scope, Scope::of(resource));
        self.object(resource, of);
        self.unreferenced(resource);
        self.scope = around;
        if is_outermost {
            self.path.leave();
        }
    }

    /// The resource at `index` of `contained`: it shares the scope of the one around it (REST-63).
    pub(super) fn contained(&mut self, resource: Element<'a>, index: usize) {
        let Some(of) = self.type_of(resource) else { return };
        let span = || resource.span();
        match self.scope.id_of(index) {
            None => self.error(IssueCode::Required, span(), "a contained resource needs an id"),
            Some(_) if self.scope.is_repeated(index) => {
                self.error(IssueCode::Invariant, span(), "another contained resource has the same id");
            }
            Some(_) => {}
        }
        if resource.get("contained").is_some() {
            self.error(IssueCode::Invariant, span(), "dom-2: a contained resource contains no others");
        }
        if let Some(meta) = resource.get("meta") {
            if meta.get("versionId").is_some() || meta.get("lastUpdated").is_some() {
                self.error(IssueCode::Invariant, meta.span(), "dom-4: a contained resource has no version of its own");
            }
            if meta.get("security").is_some() {
                self.error(
                    IssueCode::Invariant,
                    meta.span(),
                    "dom-5: a contained resource has no security labels of its own",
                );
            }
        }
        let around = self.scope.go_inside(index);
        self.object(resource, of);
        self.scope.come_outside(around);
    }

    /// The type that `resourceType` names.
    fn type_of(&mut self, resource: Element<'a>) -> Option<&'static Type> {
        let span = resource.span();
        if resource.kind() != Kind::Object {
            self.error(IssueCode::Structure, span, "a resource is an object");
            return None;
        }
        let Some(name) = resource.get("resourceType") else {
            self.error(IssueCode::Structure, span, "has no resourceType");
            return None;
        };
        let of = name.as_str().and_then(|name| definitions().resource_type(&name));
        if of.is_none() {
            self.error(IssueCode::Structure, name.span(), "has a resourceType that R4 does not know");
        }
        of
    }

    /// dom-3: what is contained is there for the sake of the resource around it.
    fn unreferenced(&mut self, resource: Element<'a>) {
        let Some(contained) = resource.get("contained") else { return };
        self.path.enter("contained");
        for (index, inner) in contained.items().enumerate() {
            if self.scope.is_unreferenced(index) {
                self.path.at(index);
                self.error(
                    IssueCode::Invariant,
                    inner.span(),
                    "dom-3: nothing refers to this contained resource, nor does it refer to its container",
                );
            }
        }
        self.path.leave();
    }
}
