//! Looking into values for rules.

use std::borrow::Cow;
use std::collections::BTreeSet;

use crate::json::Element;

/// The text of a primitive member.
pub(super) fn text<'a>(object: Element<'a>, name: &str) -> Option<Cow<'a, str>> {
    object.get(name)?.as_str()
}

/// Whether a primitive member has that text.
pub(super) fn is(object: Element<'_>, name: &str, expected: &str) -> bool {
    text(object, name).is_some_and(|text| text == expected)
}

/// Whether the CodeableConcept `name` has a coding of that system with one of the codes.
pub(super) fn has_code(object: Element<'_>, name: &str, system: &str, codes: &[&str]) -> bool {
    let codings = object.at(&[name, "coding"]);
    codings
        .into_iter()
        .flat_map(Element::items)
        .any(|coding| is(coding, "system", system) && text(coding, "code").is_some_and(|code| codes.contains(&&*code)))
}

/// Whether any member begins so: a choice that is there in any type.
pub(super) fn has_choice(object: Element<'_>, name: &str) -> bool {
    object.members().any(|member| member.key.trim_start_matches('_').starts_with(name))
}

/// Whether no two objects in the lists `list`, one within another, have the same text in `name`.
pub(super) fn are_distinct(outermost: Element<'_>, list: &str, name: &str) -> bool {
    let mut seen = BTreeSet::new();
    let mut holders = vec![outermost];
    while let Some(holder) = holders.pop() {
        for item in holder.get(list).into_iter().flat_map(Element::items) {
            if text(item, name).is_some_and(|text| !seen.insert(text)) {
                return false;
            }
            holders.push(item);
        }
    }
    true
}

/// The system of UCUM's units.
pub(super) const UCUM: &str = "http://unitsofmeasure.org";
