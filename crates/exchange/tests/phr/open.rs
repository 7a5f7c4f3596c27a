//! Lines or one JSON value: the content decides (PHR-11).

use std::io::{BufReader, Read, repeat};

use mecum_exchange::phr::{Completeness, File, Limits, OpenError, open};
use mecum_fhir::json;

use crate::reading::{OUTCOME, PATIENT, WEIGHT, is_lines, read, words};

/// The text with a line for every member and item.
fn pretty(text: &str) -> String {
    text.replace('{', "{\n  ").replace(',', ",\n  ").replace('}', "\n}")
}

fn bundle() -> String {
    format!(
        r#"{{"resourceType":"Bundle","type":"collection","entry":[{{"resource":{PATIENT}}},{{"resource":{WEIGHT}}}]}}"#
    )
}

#[test]
fn two_values_on_two_lines_are_lines() {
    assert!(is_lines(format!("{PATIENT}\n{WEIGHT}").as_bytes()));
    assert!(is_lines(format!("\u{feff}\n{PATIENT}\n{WEIGHT}").as_bytes()));
}

#[test]
fn phr_11_a_resource_or_bundle_on_one_line_is_a_whole_value() {
    assert!(!is_lines(PATIENT.as_bytes()));
    assert_eq!(words(PATIENT.as_bytes()), ["1 Patient/p1"]);
    assert_eq!(words(format!("\u{feff}{}\n\n", bundle()).as_bytes()), ["1 Patient/p1", "2 Observation/w1"]);
}

#[test]
fn phr_11_a_pretty_printed_resource_or_bundle_is_a_whole_value() {
    for line_end in ["\n", "\r\n"] {
        let text = pretty(PATIENT).replace('\n', line_end);
        assert!(!is_lines(text.as_bytes()));
        assert_eq!(words(text.as_bytes()), ["1 Patient/p1"]);
        let text = pretty(&bundle()).replace('\n', line_end);
        assert_eq!(words(text.as_bytes()), ["1 Patient/p1", "2 Observation/w1"]);
    }
}

#[test]
fn a_bundle_with_an_entry_on_each_line_is_a_whole_value() {
    let text = format!(
        "{{\"resourceType\":\"Bundle\",\"type\":\"collection\",\"entry\":[\n{{\"resource\":{PATIENT}}},\n{{\"resource\":{WEIGHT}}}\n]}}"
    );
    assert_eq!(words(text.as_bytes()), ["1 Patient/p1", "2 Observation/w1"]);
    assert_eq!(words(format!("[\n{PATIENT},\n{WEIGHT}\n]").as_bytes()), ["1 Patient/p1", "2 Observation/w1"]);
}

#[test]
fn phr_16_lines_of_which_the_first_is_bad_are_lines() {
    let bad = r#"{"resourceType":"Patient","id":p1}"#;
    assert_eq!(
        words(format!("{bad}\n{WEIGHT}\n").as_bytes()),
        ["1 not JSON: expected a value at byte 31", "2 Observation/w1"]
    );
}

#[test]
fn phr_8_a_first_line_that_was_cut_does_not_hide_the_others() {
    let cut = &PATIENT[..20];
    assert_eq!(
        words(format!("{cut}\n{WEIGHT}\n").as_bytes()),
        ["1 not JSON: unexpected end of the text at byte 20", "2 Observation/w1"]
    );
    let twice = format!("{cut}\n{cut}\n{WEIGHT}\n");
    assert_eq!(words(twice.as_bytes()).len(), 3);
    assert_eq!(words(twice.as_bytes())[2], "3 Observation/w1");
}

#[test]
fn pretty_printed_resources_one_behind_the_other_are_neither_and_stay_whole_in_quarantine() {
    let text = format!("{}\n{}", pretty(PATIENT), pretty(WEIGHT));
    let (items, ending) = read(text.as_bytes());
    assert_eq!(items.len(), 1);
    assert_eq!((items[0].place.offset, items[0].place.length), (0, text.len() as u64));
    assert_eq!(ending.completeness, Completeness::Unknown);
}

#[test]
fn an_empty_file_offers_nothing() {
    for text in ["", "\n", " \r\n\t", "\u{feff}"] {
        assert!(words(text.as_bytes()).is_empty());
    }
}

#[test]
fn what_is_neither_resource_nor_bundle_is_one_item_in_quarantine() {
    for (text, fault) in [
        ("{}", "no resourceType"),
        ("17", "not a JSON object"),
        ("\"x\"", "not a JSON object"),
        ("[]", "not a JSON object"),
        ("[1]", "not a JSON object"),
        (r#"{"resourceType":"Nonsense"}"#, "unknown resource type \"Nonsense\""),
        ("{\n\"resourceType\":\"Patient\"\n", "not JSON: unexpected end of the text at byte 27"),
    ] {
        assert_eq!(words(text.as_bytes()), [format!("1 {fault}")]);
    }
}

#[test]
fn an_outcome_as_a_whole_file_is_data_and_in_an_array_the_senders() {
    assert_eq!(words(pretty(OUTCOME).as_bytes()), ["1 OperationOutcome/"]);
    assert_eq!(words(format!("[{OUTCOME},{PATIENT}]").as_bytes()), ["1 sender", "2 Patient/p1"]);
}

fn small() -> Limits {
    let line = json::Limits { max_bytes: 100, ..json::Limits::default() };
    Limits { line, whole: json::Limits { max_bytes: 400, ..line } }
}

#[test]
fn a_whole_value_over_the_limit_is_refused_and_lines_of_any_number_are_not() {
    let text = pretty(&format!(r#"{{"resourceType":"Basic","x":"{}"}}"#, "a".repeat(400)));
    assert!(matches!(open(text.as_bytes(), &small()), Err(OpenError::TooLarge { limit_bytes: 400 })));
    let lines = format!("{PATIENT}\n").repeat(1000);
    assert_eq!(open(lines.as_bytes(), &small()).expect("opens").count(), 1000);
}

#[test]
fn a_value_of_one_line_may_be_as_long_as_a_whole_one() {
    let entries = vec![format!(r#"{{"resource":{PATIENT}}}"#); 5].join(",");
    let text = format!(r#"{{"resourceType":"Bundle","entry":[{entries}]}}"#);
    assert!(text.len() > small().line.max_bytes);
    let file = open(text.as_bytes(), &small()).expect("opens");
    assert!(matches!(file, File::Whole(_)));
    assert_eq!(file.count(), 5);
}

#[test]
fn a_resource_in_a_bundle_is_held_to_the_limit_of_a_line() {
    let large = format!(r#"{{"resourceType":"Basic","x":"{}"}}"#, "a".repeat(100));
    let text = format!(r#"{{"resourceType":"Bundle","entry":[{{"resource":{large}}},{{"resource":{PATIENT}}}]}}"#);
    let items: Vec<_> = open(text.as_bytes(), &small()).expect("opens").map(|item| item.expect("read")).collect();
    let words: Vec<_> = items.iter().map(crate::reading::word).collect();
    assert_eq!(words, ["too costly: text longer than the limit at byte 100", "Patient/p1"]);
}

#[test]
fn an_endless_file_without_line_feeds_is_not_read_into_memory() {
    let source = BufReader::new(repeat(b'{').take(1 << 25));
    let items: Vec<_> = open(source, &small()).expect("opens").map(|item| item.expect("read")).collect();
    assert_eq!(items.len(), 1);
    assert_eq!(items[0].place.length, 1 << 25);
}
