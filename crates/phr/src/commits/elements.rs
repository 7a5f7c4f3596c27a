//! The differences of two texts of one resource, element by element.

use std::borrow::Cow;
use std::collections::HashMap;

use mecum_fhir::json::{Element, Json, Kind, Limits};

use crate::Failure;

/// Differences of one resource named at most; past it, the resource is only known to differ in more.
pub const MAX_ELEMENTS: usize = 1000;

/// One element that is not what it was. Not `Debug`: it is someone's health data.
#[derive(Clone, PartialEq, Eq)]
pub struct ElementChange {
    /// Where, e.g. `name[0].given[1]`; empty for the whole resource.
    pub path: String,
    /// The JSON text before; `None` when the element is new.
    pub before: Option<String>,
    /// The JSON text after; `None` when the element is gone.
    pub after: Option<String>,
}

/// What differs between two texts of a resource, in order, and whether there is more than [`MAX_ELEMENTS`].
///
/// # Errors
/// [`Failure::Damaged`] when a stored text is no JSON.
pub(crate) fn compare(before: &str, after: &str) -> Result<(Vec<ElementChange>, bool), Failure> {
    let parse = |text: &str| {
        let json = Json::parse(text.as_bytes(), &Limits::default());
        json.map_err(|_| Failure::Damaged("a stored resource is no JSON: run mecum verify".to_owned()))
    };
    let (before, after) = (parse(before)?, parse(after)?);
    let mut found = Differences { path: String::new(), changes: Vec::new(), is_cut: false };
    found.compare(before.root(), after.root());
    Ok((found.changes, found.is_cut))
}

/// Differences as they are found; `path` is where the walk is.
struct Differences {
    path: String,
    changes: Vec<ElementChange>,
    is_cut: bool,
}

impl Differences {
    fn compare(&mut self, before: Element<'_>, after: Element<'_>) {
        if before.raw() == after.raw() || self.is_cut {
            return;
        }
        let n_before = self.changes.len();
        match (before.kind(), after.kind()) {
            (Kind::Object, Kind::Object) if has_no_repeats(before) && has_no_repeats(after) => {
                self.objects(before, after);
            }
            (Kind::Array, Kind::Array) => self.arrays(before, after),
            _ => {}
        }
        // Other values; and objects that differ only in the order of their members.
        if self.changes.len() == n_before {
            self.add(Some(before), Some(after));
        }
    }

    fn objects(&mut self, before: Element<'_>, after: Element<'_>) {
        let (old, new) = (by_name(before), by_name(after));
        for member in before.members() {
            self.within(&member.key, |found| match new.get(&member.key) {
                Some(now) => found.compare(member.value, *now),
                None => found.add(Some(member.value), None),
            });
        }
        for member in after.members().filter(|member| !old.contains_key(&member.key)) {
            self.within(&member.key, |found| found.add(None, Some(member.value)));
        }
    }

    /// Items that are equal at the beginning and at the end are left out; those between are compared one by one.
    fn arrays(&mut self, before: Element<'_>, after: Element<'_>) {
        let (old, new): (Vec<_>, Vec<_>) = (before.items().collect(), after.items().collect());
        let shorter = old.len().min(new.len());
        let is_same = |one: &Element<'_>, other: &Element<'_>| one.raw() == other.raw();
        let head = old.iter().zip(&new).take_while(|(one, other)| is_same(one, other)).count();
        let backwards = old.iter().rev().zip(new.iter().rev()).take(shorter - head);
        let tail = backwards.take_while(|(one, other)| is_same(one, other)).count();
        let (old, new) = (&old[head..old.len() - tail], &new[head..new.len() - tail]);
        for at in 0..old.len().max(new.len()) {
            self.at_index(head + at, |found| match (old.get(at), new.get(at)) {
                (Some(one), Some(other)) => found.compare(*one, *other),
                (one, other) => found.add(one.copied(), other.copied()),
            });
        }
    }

    fn within(&mut self, name: &str, step: impl FnOnce(&mut Self)) {
        let len = self.path.len();
        if len > 0 {
            self.path.push('.');
        }
        self.path.push_str(name);
        step(self);
        self.path.truncate(len);
    }

    fn at_index(&mut self, index: usize, step: impl FnOnce(&mut Self)) {
        let len = self.path.len();
        self.path.push_str(&format!("[{index}]"));
        step(self);
        self.path.truncate(len);
    }

    fn add(&mut self, before: Option<Element<'_>>, after: Option<Element<'_>>) {
        if self.changes.len() == MAX_ELEMENTS {
            self.is_cut = true;
            return;
        }
        let text = |element: Element<'_>| element.raw().to_owned();
        let path = self.path.clone();
        self.changes.push(ElementChange { path, before: before.map(text), after: after.map(text) });
    }
}

fn by_name(object: Element<'_>) -> HashMap<Cow<'_, str>, Element<'_>> {
    object.members().map(|member| (member.key, member.value)).collect()
}

/// An object that holds one name twice is compared as a whole.
fn has_no_repeats(object: Element<'_>) -> bool {
    by_name(object).len() == object.len()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{MAX_ELEMENTS, compare};

    fn check(before: &str, after: &str, expect: &[(&str, &str, &str)]) {
        let (found, is_cut) = compare(before, after).unwrap_or_else(|_| panic!("texts of the test"));
        fn text(side: &Option<String>) -> &str {
            side.as_deref().unwrap_or_default()
        }
        let told: Vec<(&str, &str, &str)> =
            found.iter().map(|change| (change.path.as_str(), text(&change.before), text(&change.after))).collect();
        assert_eq!(told, expect);
        assert!(!is_cut);
    }

    #[test]
    fn differences_are_named_by_their_path_and_their_exact_digits() {
        check(
            r#"{"a":1.0,"b":{"c":["x","y"]},"d":true}"#,
            r#"{"a":1.00,"b":{"c":["x","z"]},"e":null}"#,
            &[("a", "1.0", "1.00"), ("b.c[1]", r#""y""#, r#""z""#), ("d", "true", ""), ("e", "", "null")],
        );
    }

    #[test]
    fn an_item_put_into_an_array_is_the_only_difference() {
        check(r#"{"a":[1,2,4]}"#, r#"{"a":[1,2,3,4]}"#, &[("a[2]", "", "3")]);
        check(r#"{"a":[1,2,3,4]}"#, r#"{"a":[1,4]}"#, &[("a[1]", "2", ""), ("a[2]", "3", "")]);
    }

    #[test]
    fn another_order_of_members_is_a_difference_of_the_object() {
        check(r#"{"x":{"a":1,"b":2}}"#, r#"{"x":{"b":2,"a":1}}"#, &[("x", r#"{"a":1,"b":2}"#, r#"{"b":2,"a":1}"#)]);
    }

    #[test]
    fn past_a_bound_differences_are_only_known_to_be_there() {
        let array = |from: usize| (from..from + MAX_ELEMENTS + 1).map(|n| n.to_string()).collect::<Vec<_>>().join(",");
        let text = |from: usize| format!(r#"{{"a":[{}]}}"#, array(from));
        let compared = compare(&text(0), &text(5000));
        assert!(compared.is_ok_and(|(changes, is_cut)| is_cut && changes.len() == MAX_ELEMENTS));
    }

    fn json() -> impl Strategy<Value = serde_json::Value> {
        let leaf = prop_oneof![any::<i32>().prop_map(Into::into), "[a-c]{0,3}".prop_map(Into::into)];
        leaf.prop_recursive(3, 24, 4, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..4).prop_map(serde_json::Value::Array),
                prop::collection::hash_map("[a-c]", inner, 0..4)
                    .prop_map(|members| serde_json::Value::Object(members.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn two_texts_differ_somewhere_exactly_when_they_are_not_equal(one in json(), other in json()) {
            let (one, other) = (one.to_string(), other.to_string());
            let found = compare(&one, &other);
            prop_assert!(found.is_ok_and(|(changes, _)| changes.is_empty() == (one == other)));
        }
    }
}
