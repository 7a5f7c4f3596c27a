//! The `_name` beside a primitive, which holds its id and extensions (R4 json.html#primitive): in step with it by position.

use mecum_fhir::definitions::{Found, Type, definitions};
use mecum_fhir::json::{Element, Kind, Member};

use super::kind::RepairKind;
use super::plan::Step;
use super::reading::is_void;
use super::walk::{Fate, Walk};

/// Whether the sibling of the primitive `key` holds anything; then the positions in both are kept as they are.
pub(super) fn sibling_has_content(object: Element<'_>, key: &str) -> bool {
    let mut members = object.members();
    let sibling = members.find(|member| member.key.strip_prefix('_') == Some(key));
    sibling.is_some_and(|member| match member.value.kind() {
        Kind::Array => member.value.items().any(|item| item.kind() != Kind::Null),
        _ => !is_void(member.value),
    })
}

impl<'j> Walk<'j> {
    /// Walks the sibling of a primitive.
    pub(super) fn sibling(&mut self, object: Element<'j>, member: &Member<'j>, found: &Found) -> Fate {
        let value = member.value;
        let is_hollow = value.kind() == Kind::Array && value.items().all(|item| item.kind() == Kind::Null);
        if is_void(value) || is_hollow {
            return Fate::void(value);
        }
        match (value.kind(), found.element.is_many()) {
            (Kind::Object, true) => {
                if looks_like_element(value) && !stands_beside_several(object, found.key) {
                    self.put_in_array(value);
                }
                Fate::Kept
            }
            (Kind::Object, false) => self.object(value, element_type()),
            (Kind::Array, false) => self.single_sibling(value),
            _ => Fate::Kept,
        }
    }

    /// An array of one where the primitive is single.
    fn single_sibling(&mut self, array: Element<'j>) -> Fate {
        let mut items = array.items();
        let (Some(item), None) = (items.next(), items.next()) else { return Fate::Kept };
        if item.kind() != Kind::Object || !looks_like_element(item) {
            return Fate::Kept;
        }
        self.plan.enter(Step::Item(0));
        let fate = self.object(item, element_type());
        self.plan.leave();
        if matches!(fate, Fate::Kept) {
            self.plan.replace(array.span().start..item.span().start, "");
            self.plan.replace(item.span().end..array.span().end, "");
            self.plan.note(RepairKind::TakenOutOfArray);
        }
        fate
    }

    /// Puts brackets around a value that needs no other repair.
    fn put_in_array(&mut self, value: Element<'j>) {
        self.plan.insert(value.span().start, "[");
        self.plan.insert(value.span().end, "]");
        self.plan.note(RepairKind::PutInArray);
    }
}

fn looks_like_element(object: Element<'_>) -> bool {
    object.get("id").is_some() || object.get("extension").is_some()
}

/// Whether the primitive is an array of several, so that a lone sibling could belong to any of them.
fn stands_beside_several(object: Element<'_>, key: &str) -> bool {
    object.get(key).is_some_and(|primitive| primitive.items().count() > 1)
}

fn element_type() -> &'static Type {
    definitions().type_named("Element").expect("the definitions are compiled in and every type derives from Element")
}
