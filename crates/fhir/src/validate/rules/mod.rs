//! The standard's rules over several elements (invariants, `key: …` in the definitions), those that need neither
//! terminology nor other resources. Most are sentences about which elements are there, and are kept as a table; the
//! rest are functions.

mod bundle;
mod conformance;
mod datatypes;
mod decimal;
mod forms;
mod resources;
mod values;

use std::sync::OnceLock;

use super::Walk;
use crate::definitions::{Type, definitions};
use crate::json::Element;
use crate::outcome::IssueCode;

/// A rule of one type and those derived from it.
struct Rule {
    on: &'static str,
    key: &'static str,
    test: Test,
}

const fn rule(on: &'static str, key: &'static str, test: Test) -> Rule {
    Rule { on, key, test }
}

/// What must hold of the elements of an object.
enum Test {
    /// At least one of them is there.
    SomeOf(&'static [&'static str]),
    /// Exactly one is there.
    OneOf(&'static [&'static str]),
    /// No two are there.
    NotBoth(&'static [&'static str]),
    /// All are there or none.
    AllOrNone(&'static [&'static str]),
    /// The first is there only with the second.
    With(&'static str, &'static str),
    /// Any of them is there only when the field has one of the codes.
    OnlyWhen(&'static [&'static str], &'static str, &'static [&'static str]),
    /// None of them is there when the field has one of the codes.
    NotWhen(&'static [&'static str], &'static str, &'static [&'static str]),
    /// Each of them is there when the field has one of the codes.
    NeededWhen(&'static [&'static str], &'static str, &'static [&'static str]),
    /// What the function says; the text is what it demands.
    Holds(fn(Element<'_>) -> bool, &'static str),
}

const TABLES: [&[Rule]; 5] = [datatypes::RULES, resources::RULES, bundle::RULES, forms::RULES, conformance::RULES];

/// A rule with its elements as bits of presence.
struct Compiled {
    rule: &'static Rule,
    elements: u64,
    /// The second element of [`Test::With`].
    other: u64,
}

impl<'a> Walk<'a> {
    /// Holds `object` of type `of` against the rules; `present` has a bit for each element that is there.
    pub(super) fn rules(&mut self, object: Element<'a>, of: &'static Type, present: u64) {
        for compiled in &compiled()[usize::from(of.number())] {
            if !compiled.holds(object, present) {
                self.error(IssueCode::Invariant, object.span(), compiled.rule.message());
            }
        }
    }
}

impl Rule {
    /// The key, if the standard gave the rule one, and what the rule demands.
    fn message(&self) -> String {
        let Self { key, .. } = self;
        match self.test {
            Test::SomeOf(names) => format!("{key}: needs at least one of {}", names.join(", ")),
            Test::OneOf(names) => format!("{key}: needs exactly one of {}", names.join(", ")),
            Test::NotBoth(names) => format!("{key}: may have only one of {}", names.join(", ")),
            Test::AllOrNone(names) => format!("{key}: needs all of {} or none", names.join(", ")),
            Test::With(first, second) => format!("{key}: {first} needs {second}"),
            Test::OnlyWhen(names, field, codes) => {
                format!("{key}: {} only when {field} is {}", names.join(", "), codes.join(", "))
            }
            Test::NotWhen(names, field, codes) => {
                format!("{key}: no {} when {field} is {}", names.join(", "), codes.join(", "))
            }
            Test::NeededWhen(names, field, codes) => {
                format!("{key}: needs {} when {field} is {}", names.join(", "), codes.join(", "))
            }
            Test::Holds(_, text) if key.is_empty() => text.to_owned(),
            Test::Holds(_, text) => format!("{key}: {text}"),
        }
    }
}

impl Compiled {
    fn new(rule: &'static Rule, of: &'static Type) -> Self {
        let bits = |names: &[&str]| {
            names.iter().filter_map(|name| of.element(name)).fold(0, |bits, element| bits | 1 << element.index())
        };
        let (elements, other) = match rule.test {
            Test::With(first, second) => (bits(&[first]), bits(&[second])),
            Test::SomeOf(names) | Test::OneOf(names) | Test::NotBoth(names) | Test::AllOrNone(names) => {
                (bits(names), 0)
            }
            Test::OnlyWhen(names, ..) | Test::NotWhen(names, ..) | Test::NeededWhen(names, ..) => (bits(names), 0),
            Test::Holds(..) => (0, 0),
        };
        Self { rule, elements, other }
    }

    fn holds(&self, object: Element<'_>, present: u64) -> bool {
        let there = present & self.elements;
        let field_is = |field: &str, codes: &[&str]| {
            object.get(field).and_then(Element::as_str).is_some_and(|code| codes.contains(&&*code))
        };
        match self.rule.test {
            Test::SomeOf(_) => there != 0,
            Test::OneOf(_) => there.count_ones() == 1,
            Test::NotBoth(_) => there.count_ones() <= 1,
            Test::AllOrNone(_) => there == 0 || there == self.elements,
            Test::With(..) => there == 0 || present & self.other != 0,
            Test::OnlyWhen(_, field, codes) => there == 0 || field_is(field, codes),
            Test::NotWhen(_, field, codes) => there == 0 || !field_is(field, codes),
            Test::NeededWhen(_, field, codes) => there == self.elements || !field_is(field, codes),
            Test::Holds(test, _) => test(object),
        }
    }
}

/// The rules of every type, by its number.
fn compiled() -> &'static [Vec<Compiled>] {
    static COMPILED: OnceLock<Vec<Vec<Compiled>>> = OnceLock::new();
    COMPILED.get_or_init(|| {
        let of_type = |of: &'static Type| {
            let line: Vec<&str> = std::iter::successors(Some(of), |of| of.base()).map(Type::name).collect();
            let rules = TABLES.iter().flat_map(|table| table.iter()).filter(|rule| line.contains(&rule.on));
            rules.map(|rule| Compiled::new(rule, of)).collect()
        };
        definitions().types().map(of_type).collect()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_names_a_type_and_its_elements() {
        for rule in TABLES.iter().flat_map(|table| table.iter()) {
            let of = definitions().type_named(rule.on).unwrap_or_else(|| panic!("{}: {}", rule.key, rule.on));
            let (names, fields): (Vec<&str>, Option<&str>) = match rule.test {
                Test::With(first, second) => (vec![first, second], None),
                Test::SomeOf(names) | Test::OneOf(names) | Test::NotBoth(names) | Test::AllOrNone(names) => {
                    (names.to_vec(), None)
                }
                Test::OnlyWhen(names, field, _)
                | Test::NotWhen(names, field, _)
                | Test::NeededWhen(names, field, _) => (names.to_vec(), Some(field)),
                Test::Holds(..) => (Vec::new(), None),
            };
            for name in names.into_iter().chain(fields) {
                assert!(of.element(name).is_some(), "{}: {}.{name}", rule.key, rule.on);
            }
        }
    }

    #[test]
    fn codes_that_a_rule_asks_for_are_codes_of_the_field() {
        for rule in TABLES.iter().flat_map(|table| table.iter()) {
            if let Test::OnlyWhen(_, field, codes)
            | Test::NotWhen(_, field, codes)
            | Test::NeededWhen(_, field, codes) = rule.test
            {
                let set = definitions().type_named(rule.on).and_then(|of| of.element(field)?.codes()).expect("bound");
                for code in codes {
                    assert!(set.system_of(code).is_some(), "{}: {code}", rule.key);
                }
            }
        }
    }
}
