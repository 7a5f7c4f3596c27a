//! Whatever comes in, validation ends, lists a bounded number of issues and keeps values to itself.

use crate::{issues, observation, patient};
use mecum_fhir::json::{Json, Limits};
use mecum_fhir::validate::validate_up_to;

#[test]
fn deep_nesting_ends_the_walk_and_not_the_process() {
    let depth = 2000;
    let item = r#"{"linkId":"1","item":["#.repeat(depth) + r#"{"linkId":"1"}"# + &"]}".repeat(depth);
    let text = format!(r#"{{"resourceType":"QuestionnaireResponse","status":"completed","item":[{item}]}}"#);
    let json = Json::parse(text.as_bytes(), &Limits { max_depth: 10_000, ..Limits::default() }).unwrap();
    let codes: Vec<&str> = validate_up_to(&json, 9).iter().map(|issue| issue.code.code()).collect();
    assert_eq!(codes, ["too-long"]);
}

const VALUES: &[&str] = &[
    "null",
    "-0.5e9",
    "true",
    r#""""#,
    r##""#a""##,
    r#""a/b""#,
    "{}",
    "[]",
    "[null]",
    "[[]]",
    r#"{"id":"a"}"#,
    r#"[{"id":null},{"url":1}]"#,
    r#"[{"resourceType":"Patient","contained":[null]}]"#,
];

proptest::proptest! {
    #[test]
    fn whatever_is_in_a_narrative_is_looked_at_without_harm(content in "[<>/&;#xp\"'=! a-]{0,30}") {
        let div = format!("<div xmlns=\"http://www.w3.org/1999/xhtml\">{content}</div>");
        let quoted = mecum_fhir::json::quote(&div);
        issues(&observation(&format!(r#""text":{{"status":"generated","div":{quoted}}}"#)));
    }

    #[test]
    fn whatever_stands_for_a_value_is_looked_at_without_harm(
        name in "(_?(status|valueString|valueQuantity|category|text|contained|extension|id)|[a-z]{1,3})",
        value in proptest::sample::select(VALUES),
    ) {
        issues(&observation(&format!(r#""{name}":{value}"#)));
    }
}

#[test]
fn the_list_of_issues_is_bounded() {
    let text = patient(&format!(r#""name":[{}]"#, vec!["{}"; 500].join(",")));
    let json = Json::parse(text.as_bytes(), &Limits::default()).unwrap();
    assert_eq!(issues(&text).len(), 100);
    assert_eq!(validate_up_to(&json, 7).len(), 7);
    assert_eq!(validate_up_to(&json, 0).len(), 0);
}

#[test]
fn an_issue_says_where_in_the_text_it_is() {
    let text = patient(r#""active":"yes""#);
    let found = issues(&text);
    assert_eq!(&text[found[0].span.clone()], "\"yes\"");
}

#[test]
fn issues_do_not_quote_values() {
    for text in [
        patient(r#""gender":"SECRET""#),
        patient(r#""birthDate":"SECRET""#),
        patient(r#""id":"SECRET!""#),
        observation(r##""subject":{"reference":"#SECRET"}"##),
        observation(r#""text":{"status":"generated","div":"<div>SECRET</div>"}"#),
    ] {
        let found = issues(&text);
        assert!(!found.is_empty() && !format!("{found:?}").contains("SECRET"), "{text}");
    }
}
