//! Canonical JSON: the same text for what means the same, and what each form leaves out.
#![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use mecum_fhir::canonical::{Canonicalization, canonical_json};
use mecum_fhir::json::{Json, Limits};
use proptest::prelude::*;
use serde_json::Value;

fn canonical(text: &str, form: Canonicalization) -> String {
    canonical_json(Json::parse(text.as_bytes(), &Limits::default()).unwrap().root(), form)
}

#[test]
fn names_are_sorted_at_every_depth_and_escapes_are_the_fewest() {
    let text = r#"{"b": [ {"z":1.00,"a":"\u00e9\/\n\u001F"}, [] ], "_b": null, "B": 1e5, "a": {}, "b": 2}"#;
    let expected = r#"{"B":1e5,"_b":null,"a":{},"b":[{"a":"é/\n\u001f","z":1.00},[]],"b":2}"#;
    assert_eq!(canonical(text, Canonicalization::Whole), expected);
    assert_eq!(canonical(expected, Canonicalization::Whole), expected);
    assert_eq!(canonical(" \"a\" ", Canonicalization::Whole), "\"a\"");
}

#[test]
fn phr_34_each_form_covers_what_its_url_says() {
    let bundle = r#"{"resourceType":"Bundle","id":"b","meta":{"m":1},"entry":[{"resource":{"resourceType":"Observation","id":"o",
        "meta":{"m":2},"text":{"div":"d"},"code":{"text":"glucose"},"contained":[{"resourceType":"Device","text":{}}]}}]}"#;
    let covers = |form| canonical(bundle, form);
    let whole = r#"{"entry":[{"resource":{"code":{"text":"glucose"},"contained":[{"resourceType":"Device","text":{}}],"id":"o","meta":{"m":2},"resourceType":"Observation","text":{"div":"d"}}}],"id":"b","meta":{"m":1},"resourceType":"Bundle"}"#;
    assert_eq!(covers(Canonicalization::Whole), whole);
    let data = whole.replace(r#","text":{}"#, "").replace(r#","text":{"div":"d"}"#, "");
    assert_eq!(covers(Canonicalization::Data), data);
    let without_meta = data.replace(r#""meta":{"m":2},"#, "").replace(r#""meta":{"m":1},"#, "");
    assert_eq!(covers(Canonicalization::Static), without_meta);
    assert_eq!(covers(Canonicalization::Document), whole.replace(r#""id":"b","meta":{"m":1},"#, ""));
    let patient = r#"{"resourceType":"Patient","id":"1","text":{"status":"generated","div":"x"},"name":[]}"#;
    assert_eq!(
        canonical(patient, Canonicalization::Narrative),
        r#"{"id":"1","text":{"div":"x","status":"generated"}}"#
    );
}

#[test]
fn forms_are_known_by_their_urls() {
    for form in [
        Canonicalization::Whole,
        Canonicalization::Data,
        Canonicalization::Static,
        Canonicalization::Narrative,
        Canonicalization::Document,
    ] {
        assert_eq!(Canonicalization::parse(form.url()), Some(form));
    }
    assert_eq!(Canonicalization::parse("http://hl7.org/fhir/canonicalization/xml"), None);
}

#[test]
fn deep_texts_need_no_deep_stack() {
    let depth = 200_000;
    let text = "[".repeat(depth) + &"]".repeat(depth);
    let limits = Limits { max_depth: depth, ..Limits::default() };
    let json = Json::parse(text.as_bytes(), &limits).unwrap();
    assert_eq!(canonical_json(json.root(), Canonicalization::Whole), text);
}

proptest! {
    #[test]
    fn the_order_of_names_does_not_change_the_canonical_text(names in prop::collection::btree_set("[a-zA-Z_é]{1,4}", 0..8), seed in any::<u64>()) {
        let members: Vec<_> = names.iter().map(|name| format!("\"{name}\":{{\"z\":1,\"a\":\"{name}\"}}")).collect();
        let mut shuffled = members.clone();
        shuffled.rotate_left(if members.is_empty() { 0 } else { seed as usize % members.len() });
        let of = |members: &[String]| canonical(&format!("{{{}}}", members.join(",")), Canonicalization::Whole);
        prop_assert_eq!(of(&members), of(&shuffled));
        let sorted: std::collections::BTreeMap<String, Value> = serde_json::from_str(&of(&shuffled)).unwrap();
        prop_assert_eq!(serde_json::to_string(&sorted).unwrap().len(), of(&members).len());
    }
}
