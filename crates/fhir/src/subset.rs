//! Parts of a resource: `_summary` and `_elements` (R4 search.html#summary), cut out of its text. What stays, stays as written.

use crate::definitions::{ElementDefinition, Type, TypeKind, definitions};
use crate::json::{Edits, Element, Kind, Member};
use crate::resource::Resource;
use crate::search::query::SummaryMode;

/// The system of the tag by which a part is told from the whole.
const TAG_SYSTEM: &str = "http://terminology.hl7.org/CodeSystem/v3-ObservationValue";

/// The code of that tag.
const TAG_CODE: &str = "SUBSETTED";

/// The tag as it goes into `meta.tag`.
const TAG: &str = r#"{"system":"http://terminology.hl7.org/CodeSystem/v3-ObservationValue","code":"SUBSETTED","display":"subsetted"}"#;

/// Deeper than any type's own groups of elements lie in each other.
const MAX_DEPTH: usize = 32;

/// Which part of a resource is wanted. What must be there by the standard, and what can change the meaning of the rest, stays.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Subset {
    /// The elements that the standard marks as summary (`_summary=true`).
    Summary,
    /// The narrative, beside id, meta and what must be there (`_summary=text`).
    Text,
    /// All but the narrative (`_summary=data`).
    Data,
    /// These elements: `name`, or `Patient.name` for one type only (`_elements`).
    Elements(Vec<String>),
}

impl Subset {
    /// The part that `_summary` and `_elements` ask for together; `None` for the whole, and where no resource is wanted at all.
    #[must_use]
    pub fn of(summary: Option<SummaryMode>, elements: &[String]) -> Option<Subset> {
        match summary {
            Some(SummaryMode::True) => Some(Subset::Summary),
            Some(SummaryMode::Text) => Some(Subset::Text),
            Some(SummaryMode::Data) => Some(Subset::Data),
            Some(SummaryMode::Count) => None,
            Some(SummaryMode::False) | None if elements.is_empty() => None,
            Some(SummaryMode::False) | None => Some(Subset::Elements(elements.to_vec())),
        }
    }

    /// The text of this part of the resource, with the tag that says it is one.
    #[must_use]
    pub fn cut(&self, resource: &Resource) -> String {
        let root = resource.root();
        let mut edits = Edits::new();
        if let Some(of) = definitions().resource_type(resource.resource_type().name()) {
            edits.retain_members(root, |member| self.keeps(member, of));
            if *self == Subset::Summary {
                for member in root.members().filter(|member| self.keeps(member, of)) {
                    prune(&member, of, &mut edits, MAX_DEPTH);
                }
            }
        }
        tag(root, &mut edits);
        edits.apply(resource.text())
    }

    fn keeps(&self, member: &Member<'_>, of: &'static Type) -> bool {
        if matches!(member.key.as_ref(), "resourceType" | "id" | "meta") {
            return true;
        }
        if *self == Subset::Data {
            return member.key != "text";
        }
        let Some(found) = of.find(&member.key) else { return false };
        let element = found.element;
        let is_wanted = match self {
            Subset::Summary => element.is_summary(),
            Subset::Text => element.name() == "text",
            Subset::Data => true,
            Subset::Elements(names) => names.iter().any(|name| names_element(name, found.key, element, of)),
        };
        is_wanted || is_always_kept(element)
    }
}

/// Whether a resource says of itself that it is only a part: then it is not to be written over the whole (REST-44).
#[must_use]
pub fn is_subset(resource: &Resource) -> bool {
    let tags = resource.meta().and_then(|meta| meta.get("tag"));
    tags.is_some_and(|tags| tags.items().any(is_tag))
}

/// What must be there, or changes what the rest means (R4 conformance-rules.html#isModifier).
fn is_always_kept(element: &ElementDefinition) -> bool {
    element.is_required() || element.is_modifier()
}

/// Whether `name` asks for this element: by its own name, by the name it has in JSON, or with the type before it.
fn names_element(name: &str, key: &str, element: &ElementDefinition, of: &Type) -> bool {
    let own = match name.split_once('.') {
        Some((type_name, rest)) if type_name == of.name() => rest,
        Some(_) => return false,
        None => name,
    };
    let own = own.strip_suffix("[x]").unwrap_or(own);
    own == element.name() || own == key
}

/// Takes out of a group of elements what is not marked as summary within it; datatypes stay whole.
fn prune(member: &Member<'_>, of: &'static Type, edits: &mut Edits<'_>, depth: usize) {
    let Some(found) = of.find(&member.key).filter(|found| found.of.kind() == TypeKind::Backbone && depth > 0) else {
        return;
    };
    let is_kept = |member: &Member<'_>| {
        member.key == "id"
            || found
                .of
                .find(&member.key)
                .is_some_and(|inner| inner.element.is_summary() || is_always_kept(inner.element))
    };
    let groups = std::iter::once(member.value).chain(member.value.items());
    for group in groups.filter(|group| group.kind() == Kind::Object) {
        // A group of which nothing would be left stays: an empty object is no FHIR.
        if !group.members().any(|member| is_kept(&member)) {
            continue;
        }
        edits.retain_members(group, is_kept);
        for inner in group.members().filter(is_kept) {
            prune(&inner, found.of, edits, depth - 1);
        }
    }
}

fn tag(root: Element<'_>, edits: &mut Edits<'_>) {
    let Some(meta) = root.get("meta").filter(|meta| meta.kind() == Kind::Object) else {
        return edits.set_member(root, "meta", format!(r#"{{"tag":[{TAG}]}}"#));
    };
    match meta.get("tag").filter(|tags| tags.kind() == Kind::Array) {
        Some(tags) if tags.items().any(is_tag) => {}
        Some(tags) => edits.push_item(tags, TAG),
        None => edits.set_member(meta, "tag", format!("[{TAG}]")),
    }
}

fn is_tag(tag: Element<'_>) -> bool {
    let is = |name: &str, expect: &str| tag.get(name).and_then(Element::as_str).is_some_and(|text| text == expect);
    is("code", TAG_CODE) && is("system", TAG_SYSTEM)
}
