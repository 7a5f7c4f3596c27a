//! What local references (`#id`) can reach within one resource, and which of it they do (R4 references.html#contained,
//! rules dom-3 and ref-1).

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use crate::json::Element;
use crate::reference::ResourceType;

/// There is no contained resource of that id, or no container around.
pub(super) struct NotContained;

/// The contained resources of one resource, and the element ids met in it.
#[derive(Default)]
pub(super) struct Scope<'a> {
    contained: Vec<Contained<'a>>,
    /// The first contained resource of each id.
    by_id: BTreeMap<Cow<'a, str>, usize>,
    /// The contained resource the walk is in.
    inside: Option<usize>,
    element_ids: BTreeSet<Cow<'a, str>>,
}

struct Contained<'a> {
    id: Option<Cow<'a, str>>,
    /// None if R4 does not know it.
    resource_type: Option<ResourceType>,
    is_linked: bool,
}

impl<'a> Scope<'a> {
    pub(super) fn of(resource: Element<'a>) -> Self {
        let items = resource.get("contained").into_iter().flat_map(Element::items);
        let text = |item: Element<'a>, key| item.get(key).and_then(Element::as_str);
        let mut scope = Self::default();
        for (index, item) in items.enumerate() {
            let id = text(item, "id");
            let resource_type = text(item, "resourceType").and_then(|name| ResourceType::parse(&name));
            if let Some(id) = &id {
                scope.by_id.entry(id.clone()).or_insert(index);
            }
            scope.contained.push(Contained { id, resource_type, is_linked: false });
        }
        scope
    }

    /// Begins a contained resource; element ids need only be unique within it.
    pub(super) fn go_inside(&mut self, index: usize) -> (Option<usize>, BTreeSet<Cow<'a, str>>) {
        (self.inside.replace(index), std::mem::take(&mut self.element_ids))
    }

    /// Ends it, with what [`Self::go_inside`] gave.
    pub(super) fn come_outside(&mut self, around: (Option<usize>, BTreeSet<Cow<'a, str>>)) {
        (self.inside, self.element_ids) = around;
    }

    pub(super) fn id_of(&self, index: usize) -> Option<&str> {
        self.contained.get(index)?.id.as_deref()
    }

    /// Whether an earlier contained resource has the same id.
    pub(super) fn is_repeated(&self, index: usize) -> bool {
        self.id_of(index).is_some_and(|id| self.by_id.get(id) != Some(&index))
    }

    /// Whether nothing linked to a contained resource; not so for one that cannot be linked to, or is in the place of
    /// another.
    pub(super) fn is_unreferenced(&self, index: usize) -> bool {
        self.contained.get(index).is_some_and(|contained| contained.id.is_some() && !contained.is_linked)
            && !self.is_repeated(index)
    }

    /// Notes a reference to `#id`, or to the container if the id is empty, and gives the type of the contained
    /// resource.
    pub(super) fn link(&mut self, id: &str) -> Result<Option<ResourceType>, NotContained> {
        let is_container = id.is_empty();
        let index = if is_container { self.inside } else { self.by_id.get(id).copied() };
        let linked = index.and_then(|index| self.contained.get_mut(index)).ok_or(NotContained)?;
        linked.is_linked = true;
        Ok(if is_container { None } else { linked.resource_type })
    }

    /// Whether an element of the same id was met before.
    pub(super) fn is_second(&mut self, id: Cow<'a, str>) -> bool {
        !self.element_ids.insert(id)
    }
}
