//! `_name` beside `name`: the ids and extensions of primitives, and the nulls that keep the two in step (R4
//! json.html#primitive).

use super::Walk;
use crate::definitions::Found;
use crate::json::{Element, Kind};
use crate::outcome::IssueCode;

impl<'a> Walk<'a> {
    /// The `_name` of a primitive element of `object`.
    pub(super) fn sibling(&mut self, object: Element<'a>, sibling: Element<'a>, found: Found) {
        let values = object.get(found.key);
        if !found.element.is_many() {
            let has_value = values.is_some_and(|value| value.kind() != Kind::Null);
            return self.sibling_of_one(sibling, found, has_value);
        }
        if sibling.kind() != Kind::Array || sibling.is_empty() {
            return self.error(IssueCode::Structure, sibling.span(), "must be an array beside the values");
        }
        if values.is_some_and(|values| values.kind() == Kind::Array && values.len() != sibling.len()) {
            let message = "is not as long as the array of values: null fills the gaps";
            self.warning(IssueCode::Structure, sibling.span(), message);
        }
        let mut values = values.map(Element::items);
        for (index, item) in sibling.items().enumerate() {
            if self.issues.is_full() {
                return;
            }
            self.path.at(index);
            let value = values.as_mut().and_then(Iterator::next);
            let has_value = value.is_some_and(|value| value.kind() != Kind::Null);
            match item.kind() {
                Kind::Null if has_value => {}
                Kind::Null if value.is_some() => {} // reported with the values
                Kind::Null => self.error(IssueCode::Structure, item.span(), "is null with no value beside it"),
                _ => self.sibling_of_one(item, found, has_value),
            }
        }
    }

    fn sibling_of_one(&mut self, sibling: Element<'a>, found: Found, has_value: bool) {
        if sibling.kind() != Kind::Object {
            return self.error(IssueCode::Structure, sibling.span(), "must be an object with id or extensions");
        }
        if !has_value && sibling.get("extension").is_none() && !sibling.is_empty() {
            self.error(IssueCode::Invariant, sibling.span(), "ele-1: must have a value or extensions");
        }
        if !has_value && found.element.codes().is_some_and(|codes| !codes.is_open()) {
            self.error(IssueCode::CodeInvalid, sibling.span(), "must have a code");
        }
        self.object(sibling, found.of);
    }

    /// Null stands only where the sibling has an id or extensions.
    pub(super) fn nulls(&mut self, object: Element<'a>, array: Element<'a>, found: Found) {
        let sibling = object.get(&format!("_{}", found.key));
        let mut siblings = sibling.into_iter().flat_map(Element::items);
        for (index, item) in array.items().enumerate() {
            let is_filled = siblings.next().is_some_and(|sibling| sibling.kind() == Kind::Object);
            if item.kind() == Kind::Null && !is_filled {
                self.path.at(index);
                self.error(IssueCode::Structure, item.span(), "is null without extensions beside it");
            }
        }
    }
}
