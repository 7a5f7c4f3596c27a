//! The walk through a resource along R4's definitions, which finds what there is to repair.

use std::collections::HashSet;

use mecum_fhir::definitions::{Found, Type};
use mecum_fhir::json::{Edits, Element, Kind, Member};
use mecum_fhir::resource::Resource;

use super::kind::{Repair, RepairKind};
use super::plan::{Plan, Step};
use super::reading::{self, Reading, is_any_resource, is_void};
use super::sections::{are_sections, is_bare_reference};
use super::siblings::sibling_has_content;

/// What becomes of a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fate {
    /// It stays, repaired or not.
    Kept,
    /// It goes, for that reason; whoever holds it takes it out.
    Dropped(RepairKind),
}

impl Fate {
    /// The fate of a void value.
    pub(super) fn void(value: Element<'_>) -> Self {
        let kind = if value.kind() == Kind::Null { RepairKind::NullDropped } else { RepairKind::EmptyDropped };
        Self::Dropped(kind)
    }
}

/// The repairs of a resource. None if it needs none, or too many.
pub(super) fn plan(resource: &Resource) -> Option<(Edits<'static>, Vec<Repair>)> {
    let of = reading::resource_type(resource.root())?;
    let repeated = resource.json().duplicate_keys().iter().map(|span| span.start).collect();
    let mut walk = Walk { plan: Plan::new(of.name()), repeated };
    walk.object(resource.root(), of);
    walk.plan.finish()
}

/// A walk under way.
pub(super) struct Walk<'j> {
    pub(super) plan: Plan<'j>,
    /// Where names begin that their object already had.
    repeated: HashSet<usize>,
}

impl<'j> Walk<'j> {
    /// Walks an object of the type `of`. One that keeps nothing is dropped.
    pub(super) fn object(&mut self, object: Element<'j>, of: &'static Type) -> Fate {
        if self.is_left_alone(object, of) {
            return Fate::Kept;
        }
        let before = self.plan.checkpoint();
        let mut keeps_any = false;
        for member in object.members() {
            self.plan.enter(Step::Key(member.key.clone()));
            match self.member(object, &member, of) {
                Fate::Kept => keeps_any = true,
                Fate::Dropped(kind) => {
                    self.plan.drop_child(object, member.key_span.start);
                    self.plan.note(kind);
                }
            }
            self.plan.leave();
        }
        if !keeps_any {
            self.plan.return_to(before);
            return Fate::Dropped(RepairKind::EmptyDropped);
        }
        Fate::Kept
    }

    fn is_left_alone(&self, object: Element<'j>, of: &Type) -> bool {
        let is_signed =
            || of.name() == "Bundle" && object.get("signature").is_some_and(|signature| !is_void(signature));
        let repeats = || object.members().any(|member| self.repeated.contains(&member.key_span.start));
        is_signed() || (!self.repeated.is_empty() && repeats())
    }

    fn member(&mut self, object: Element<'j>, member: &Member<'j>, of: &'static Type) -> Fate {
        match of.find(&member.key) {
            _ if member.key == "resourceType" => Fate::Kept,
            _ if member.key == "_id" && is_database_id(member.value) => Fate::Dropped(RepairKind::DatabaseIdDropped),
            Some(found) if found.is_sibling => self.sibling(object, member, &found),
            _ if is_void(member.value) => Fate::void(member.value),
            None => Fate::Kept,
            Some(found) => match (member.value.kind() == Kind::Array, found.element.is_many()) {
                (true, true) if found.of.primitive().is_some() && sibling_has_content(object, found.key) => Fate::Kept,
                (true, true) => self.array(member.value, &found),
                (false, true) => self.one_for_many(member.value, &found),
                (true, false) => self.many_for_one(member.value, &found),
                (false, false) => self.content(member.value, &found),
            },
        }
    }

    /// Walks an array where R4 has one.
    fn array(&mut self, array: Element<'j>, found: &Found) -> Fate {
        let before = self.plan.checkpoint();
        let (mut keeps_any, mut run) = (false, None);
        for (index, item) in array.items().enumerate() {
            let is_reference = are_sections(found) && is_bare_reference(item);
            if !is_reference {
                self.end_run(run.take());
            }
            self.plan.enter(Step::Item(index));
            let fate = if is_reference {
                self.reference_in_place_of_section(index, item, &mut run)
            } else {
                self.content(item, found)
            };
            match fate {
                Fate::Kept => keeps_any = true,
                Fate::Dropped(kind) => {
                    self.plan.drop_child(array, item.span().start);
                    self.plan.note(kind);
                }
            }
            self.plan.leave();
        }
        self.end_run(run);
        if !keeps_any {
            self.plan.return_to(before);
            return Fate::Dropped(RepairKind::EmptyDropped);
        }
        Fate::Kept
    }

    /// Walks a value that is not in an array where R4 has one.
    fn one_for_many(&mut self, value: Element<'j>, found: &Found) -> Fate {
        let is_reference = are_sections(found) && is_bare_reference(value);
        if !is_reference && matches!(Reading::of(value, found.element, found.of), Reading::Foreign) {
            return Fate::Kept;
        }
        let before = self.plan.checkpoint();
        self.plan.insert(value.span().start, "[");
        let mut run = None;
        let fate = if is_reference {
            self.reference_in_place_of_section(0, value, &mut run)
        } else {
            self.content(value, found)
        };
        if fate != Fate::Kept {
            self.plan.return_to(before);
            return fate;
        }
        self.end_run(run);
        self.plan.insert(value.span().end, "]");
        self.plan.note(RepairKind::PutInArray);
        Fate::Kept
    }

    /// Walks an array where R4 has a single value: of one, it is taken out.
    fn many_for_one(&mut self, array: Element<'j>, found: &Found) -> Fate {
        let before = self.plan.checkpoint();
        let mut kept = Vec::new();
        let mut dropped = Vec::new();
        for (index, item) in array.items().enumerate() {
            self.plan.enter(Step::Item(index));
            match self.content(item, found) {
                Fate::Kept => kept.push(item),
                Fate::Dropped(kind) => {
                    dropped.push(item);
                    self.plan.note(kind);
                }
            }
            self.plan.leave();
        }
        match kept[..] {
            [] => {
                self.plan.return_to(before);
                return Fate::Dropped(RepairKind::EmptyDropped);
            }
            [only] if !matches!(Reading::of(only, found.element, found.of), Reading::Foreign) => {
                self.plan.replace(array.span().start..only.span().start, "");
                self.plan.replace(only.span().end..array.span().end, "");
                self.plan.note(RepairKind::TakenOutOfArray);
            }
            _ => dropped.iter().for_each(|item| self.plan.drop_child(array, item.span().start)),
        }
        Fate::Kept
    }

    /// Walks the content of an element: a member's value, or one item of it.
    fn content(&mut self, value: Element<'j>, found: &Found) -> Fate {
        if is_void(value) {
            return Fate::void(value);
        }
        if value.kind() == Kind::Object && found.of.primitive().is_none() {
            let of = if is_any_resource(found.of) { reading::resource_type(value) } else { Some(found.of) };
            return of.map_or(Fate::Kept, |of| self.object(value, of));
        }
        let (kind, json) = match Reading::of(value, found.element, found.of) {
            Reading::Milliseconds(json) => (RepairKind::MillisecondsToInstant, json),
            Reading::Code(json) => (RepairKind::CodeGivenSystem, json),
            Reading::Fits | Reading::Foreign => return Fate::Kept,
        };
        self.plan.replace(value.span(), json);
        self.plan.note(kind);
        Fate::Kept
    }
}

/// A database's id: text, or MongoDB's spelling of its object ids in JSON.
fn is_database_id(value: Element<'_>) -> bool {
    let is_object_id = || value.len() == 1 && value.get("$oid").is_some_and(|id| id.kind() == Kind::String);
    value.kind() == Kind::String || is_object_id()
}
