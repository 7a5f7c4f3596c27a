//! The JSON text kept exactly, against serde_json and naive rebuilding, for random and mutated inputs.
#![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use mecum_fhir::json::{Edits, Element, Json, Kind, Limits, quote};
use proptest::prelude::*;
use serde_json::Value;

fn parse(text: &str) -> Json {
    Json::parse(text.as_bytes(), &Limits::default()).unwrap()
}

/// Tokens of a random JSON text, as they are to be found again.
fn tokens() -> impl Strategy<Value = Vec<String>> {
    let leaf = prop_oneof![
        Just("null".to_owned()),
        Just("true".to_owned()),
        Just("false".to_owned()),
        "-?(0|[1-9][0-9]{0,25})(\\.[0-9]{1,20})?([eE][+-]?[0-9]{1,3})?",
        string_token(),
    ]
    .prop_map(|token| vec![token]);
    leaf.prop_recursive(5, 60, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(|items| wrap("[", items, "]")),
            prop::collection::vec((string_token(), inner), 0..6).prop_map(|members| {
                let members = members.into_iter().map(|(key, mut value)| {
                    value.splice(0..0, [key, ":".to_owned()]);
                    value
                });
                wrap("{", members.collect(), "}")
            }),
        ]
    })
}

fn string_token() -> impl Strategy<Value = String> {
    prop_oneof![
        "[a-c]{0,2}".prop_map(|plain| format!("\"{plain}\"")),
        any::<String>().prop_map(|any| quote(&any)),
        prop::collection::vec(
            prop_oneof![
                Just(r"\u00e9".to_owned()),
                Just(r"\uD83D\uDE00".to_owned()),
                Just(r"\/".to_owned()),
                Just(r#"\""#.to_owned()),
                Just(r"\\".to_owned()),
                Just(r"\b\f\n\r\t".to_owned()),
                Just(r"\u0061".to_owned()),
                "[a-zé ]{0,12}",
            ],
            0..5
        )
        .prop_map(|parts| format!("\"{}\"", parts.concat())),
    ]
}

fn wrap(open: &str, parts: Vec<Vec<String>>, close: &str) -> Vec<String> {
    let mut all = vec![open.to_owned()];
    for (n, part) in parts.into_iter().enumerate() {
        if n > 0 {
            all.push(",".to_owned());
        }
        all.extend(part);
    }
    all.push(close.to_owned());
    all
}

fn spaced(tokens: &[String], spaces: &[String]) -> String {
    let mut text = String::new();
    for (n, token) in tokens.iter().enumerate() {
        text.push_str(&spaces[n % spaces.len()]);
        text.push_str(token);
    }
    text + &spaces[0]
}

fn spaces() -> impl Strategy<Value = Vec<String>> {
    prop::collection::vec("[ \t\r\n]{0,3}", 1..7)
}

/// Whether our tree and serde_json's say the same.
fn agree(ours: Element<'_>, theirs: &Value) -> bool {
    match theirs {
        Value::Null => ours.kind() == Kind::Null,
        Value::Bool(value) => ours.as_bool() == Some(*value),
        Value::Number(_) => ours.as_number().is_some_and(|digits| serde_json::from_str::<Value>(digits).is_ok()),
        Value::String(value) => ours.as_str().as_deref() == Some(value),
        Value::Array(items) => {
            ours.kind() == Kind::Array && ours.len() == items.len() && ours.items().zip(items).all(|(a, b)| agree(a, b))
        }
        Value::Object(members) => {
            // serde_json keeps the last of repeated keys.
            let last = |key: &str| ours.members().filter(|m| m.key == key).last().map(|m| m.value);
            ours.kind() == Kind::Object && members.iter().all(|(key, b)| last(key).is_some_and(|a| agree(a, b)))
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn the_minified_text_is_the_tokens_and_minifying_it_again_changes_nothing(tokens in tokens(), spaces in spaces()) {
        let json = parse(&spaced(&tokens, &spaces));
        prop_assert_eq!(json.text(), tokens.concat());
        let again = parse(json.text());
        prop_assert_eq!(again.text(), json.text());
    }

    #[test]
    fn every_value_is_found_again_at_its_span(tokens in tokens(), spaces in spaces()) {
        let json = parse(&spaced(&tokens, &spaces));
        let theirs: Value = serde_json::from_str(json.text()).unwrap();
        prop_assert!(agree(json.root(), &theirs));
        for element in json.root().descend() {
            let alone = parse(element.raw());
            prop_assert_eq!(alone.root().kind(), element.kind());
            prop_assert_eq!(alone.root().len(), element.len());
            prop_assert_eq!(alone.text(), &json.text()[element.span()]);
        }
    }

    #[test]
    fn repeated_keys_are_those_a_naive_search_finds(tokens in tokens()) {
        let json = parse(&tokens.concat());
        let mut naive = Vec::new();
        for object in json.root().descend().filter(|element| element.kind() == Kind::Object) {
            let members: Vec<_> = object.members().collect();
            for (n, member) in members.iter().enumerate() {
                if members[..n].iter().any(|earlier| earlier.key == member.key) {
                    naive.push(member.key_span.clone());
                }
            }
        }
        naive.sort_by_key(|span| span.start);
        prop_assert_eq!(json.duplicate_keys(), naive);
    }

    #[test]
    fn serde_json_accepts_and_refuses_the_same_mutated_texts(
        tokens in tokens(),
        changes in prop::collection::vec((any::<prop::sample::Index>(), mutation()), 0..4),
    ) {
        let mut bytes = tokens.concat().into_bytes();
        for (place, change) in changes {
            let at = place.index(bytes.len().max(1)).min(bytes.len());
            bytes.splice(at..(at + change.removed).min(bytes.len()), change.added);
        }
        agree_on_acceptance(&bytes)?;
    }

    #[test]
    fn serde_json_accepts_and_refuses_the_same_arbitrary_bytes(bytes in prop::collection::vec(any::<u8>(), 0..64)) {
        agree_on_acceptance(&bytes)?;
    }

    #[test]
    fn serde_json_accepts_and_refuses_the_same_heaps_of_json_characters(text in r#"[\[\]{}",:0-9eE.+\-tfn\\u ]{0,24}"#) {
        agree_on_acceptance(text.as_bytes())?;
    }

    #[test]
    fn edits_equal_a_naive_rebuild(
        tokens in tokens(),
        choices in prop::collection::vec((any::<prop::sample::Index>(), 0..3_usize), 0..6),
    ) {
        let json = parse(&tokens.concat());
        let places: Vec<_> = json.root().descend().map(Element::span).collect();
        // Disjoint edits only: for the naive rebuild, from the back to the front.
        let mut chosen: Vec<(std::ops::Range<usize>, String)> = Vec::new();
        for (n, (place, form)) in choices.iter().enumerate() {
            let span = places[place.index(places.len())].clone();
            let span = if *form == 0 { span.start..span.start } else { span };
            if chosen.iter().all(|(other, _)| other.end < span.start || span.end < other.start) {
                chosen.push((span, if *form == 1 { String::new() } else { format!("<{n}>") }));
            }
        }
        let mut edits = Edits::new();
        for (span, with) in &chosen {
            edits.replace(span.clone(), with.clone());
        }
        let mut naive = json.text().to_owned();
        chosen.sort_by_key(|(span, _)| std::cmp::Reverse(span.start));
        for (span, with) in chosen {
            naive.replace_range(span, &with);
        }
        prop_assert_eq!(edits.apply(json.text()), naive);
    }

    #[test]
    fn retaining_members_equals_writing_only_those(keys in prop::collection::vec("[a-f]", 1..7), kept in "[a-f]{0,6}") {
        let of = |keys: &[&String]| {
            let members: Vec<_> = keys.iter().map(|key| format!("\"{key}\":[]")).collect();
            format!("{{{}}}", members.join(","))
        };
        let json = parse(&of(&keys.iter().collect::<Vec<_>>()));
        let mut edits = Edits::new();
        edits.retain_members(json.root(), |member| kept.contains(member.key.as_ref()));
        let expected: Vec<_> = keys.iter().filter(|key| kept.contains(key.as_str())).collect();
        prop_assert_eq!(edits.apply(json.text()), of(&expected));
    }

    #[test]
    fn a_quoted_text_is_read_back(text in any::<String>()) {
        let json = parse(&quote(&text));
        prop_assert_eq!(json.root().as_str().unwrap(), text.as_str());
        prop_assert_eq!(serde_json::from_str::<String>(json.text()).unwrap(), text);
    }
}

#[derive(Debug, Clone)]
struct Mutation {
    removed: usize,
    added: Vec<u8>,
}

fn mutation() -> impl Strategy<Value = Mutation> {
    let byte = prop_oneof![any::<u8>(), prop::sample::select(br#"{}[]",:\u0189-+.eEtn "#.to_vec())];
    (0..3_usize, prop::collection::vec(byte, 0..3)).prop_map(|(removed, added)| Mutation { removed, added })
}

fn agree_on_acceptance(bytes: &[u8]) -> Result<(), TestCaseError> {
    // serde_json stops at 127 levels; these texts are shorter than that.
    let ours = Json::parse(bytes, &Limits::default());
    let theirs = serde_json::from_slice::<Value>(bytes);
    prop_assert_eq!(ours.is_ok(), theirs.is_ok(), "{:?} {:?}", ours, theirs);
    if let (Ok(ours), Ok(theirs)) = (&ours, &theirs) {
        prop_assert!(agree(ours.root(), theirs));
    }
    if let Err(error) = ours {
        prop_assert!(error.offset <= bytes.len());
    }
    Ok(())
}

proptest! {
    /// Laid out for people, a text has the same tokens.
    #[test]
    fn an_indented_text_is_the_same_text(tokens in tokens()) {
        let json = parse(&tokens.concat());
        let again = parse(&json.indented());
        prop_assert_eq!(again.text(), json.text());
    }
}
