//! Lines: where each is, what becomes of it, and that none stops the others.

use std::io::{BufReader, Read, repeat};

use mecum_exchange::item::ItemContent;
use mecum_exchange::phr::{Limits, Reader, open};
use mecum_fhir::json;
use mecum_fhir::outcome::IssueCode;
use proptest::prelude::*;

use crate::reading::{OUTCOME, PATIENT, WEIGHT, read, word, words};

#[test]
fn phr_3_line_ends_blank_lines_and_a_byte_order_mark_do_not_matter() {
    let plain = format!("{PATIENT}\n{WEIGHT}\n");
    assert_eq!(words(plain.as_bytes()), ["1 Patient/p1", "2 Observation/w1"]);
    for (text, lines) in [
        (format!("{PATIENT}\n{WEIGHT}"), [1, 2]),
        (format!("{PATIENT}\r\n{WEIGHT}\r\n"), [1, 2]),
        (format!("\n\r\n{PATIENT}\n  \n{WEIGHT}\n\n"), [3, 5]),
        (format!("\u{feff}{PATIENT}\n\u{feff}{WEIGHT}\n"), [1, 2]),
        (format!("  {PATIENT}\t\n{WEIGHT} \n"), [1, 2]),
    ] {
        let [first, second] = lines;
        assert_eq!(words(text.as_bytes()), [format!("{first} Patient/p1"), format!("{second} Observation/w1")]);
    }
}

#[test]
fn places_lead_back_to_the_bytes_of_the_line() {
    let text = format!("\u{feff}{PATIENT}\r\n\nnot json\n{WEIGHT}");
    for item in read(text.as_bytes()).0 {
        let start = item.place.offset as usize;
        let line = &text[start..start + item.place.length as usize];
        assert!([PATIENT, "not json", WEIGHT].contains(&line), "{line:?}");
    }
}

#[test]
fn phr_8_a_bad_line_in_the_middle_is_quarantined_with_its_number_offset_and_text() {
    let text = format!("{PATIENT}\n{{\"resourceType\":\"Observation\",\"id\":w1}}\n{WEIGHT}\n");
    let (items, _) = read(text.as_bytes());
    assert_eq!(items.len(), 3);
    let ItemContent::Quarantined(bad) = &items[1].content else { panic!("taken in") };
    assert_eq!((items[1].place.line, items[1].place.offset), (2, PATIENT.len() as u64 + 1));
    assert_eq!(bad.raw, br#"{"resourceType":"Observation","id":w1}"#);
    assert_eq!(bad.fault.offset(), 35);
    assert_eq!(bad.issue().code(), IssueCode::Structure);
    assert_eq!(bad.issue().diagnostics_text(), Some("not JSON: expected a value at byte 35"));
    assert_eq!(word(&items[2]), "Observation/w1");
}

#[test]
fn phr_8_only_what_is_no_resource_is_quarantined() {
    let text = format!(
        "{PATIENT}\n[1]\n\"x\"\n{{}}\n{{\"resourceType\":\"Citation\"}}\n{{\"resourceType\":\"Patient\",\"gender\":[7]}}\n"
    );
    assert_eq!(
        words(text.as_bytes()),
        [
            "1 Patient/p1",
            "2 not a JSON object",
            "3 not a JSON object",
            "4 no resourceType",
            "5 unknown resource type \"Citation\"",
            "6 Patient/",
        ]
    );
}

#[test]
fn phr_7_a_line_over_the_limit_is_too_costly_and_the_next_one_is_read() {
    let long = format!(r#"{{"resourceType":"Basic","x":"{}"}}"#, "a".repeat(300));
    let text = format!("{PATIENT}\n{long}\n{WEIGHT}\n");
    let limits = json::Limits { max_bytes: 200, ..json::Limits::default() };
    let items: Vec<_> = Reader::new(text.as_bytes(), &limits).collect::<Result<_, _>>().expect("memory does not fail");
    let ItemContent::Quarantined(bad) = &items[1].content else { panic!("taken in") };
    assert_eq!(bad.issue().code(), IssueCode::TooCostly);
    assert_eq!((items[1].place.line, items[1].place.length), (2, long.len() as u64));
    assert!(bad.raw.is_empty());
    assert_eq!(word(&items[2]), "Observation/w1");
}

#[test]
fn phr_7_a_very_long_line_is_passed_over_in_bounded_memory() {
    let limits = Limits {
        line: json::Limits { max_bytes: 1 << 16, ..json::Limits::default() },
        whole: json::Limits { max_bytes: 1 << 18, ..json::Limits::default() },
    };
    let start = PATIENT.as_bytes().chain(&b"\n"[..]);
    let source = start.chain(repeat(b'x').take(1 << 27)).chain(&b"\n"[..]).chain(WEIGHT.as_bytes());
    let items: Vec<_> =
        open(BufReader::new(source), &limits).expect("opens").collect::<Result<_, _>>().expect("memory does not fail");
    let words: Vec<_> = items.iter().map(word).collect();
    assert_eq!(words, ["Patient/p1", "too costly: text longer than the limit at byte 65536", "Observation/w1"]);
    assert_eq!(items[1].place.length, 1 << 27);
}

#[test]
fn phr_57_an_outcome_among_the_lines_is_the_senders_and_not_health_data() {
    let text = format!("{OUTCOME}\n{PATIENT}\n{OUTCOME}\n");
    assert_eq!(words(text.as_bytes()), ["1 sender", "2 Patient/p1", "3 sender"]);
    assert!(!read(text.as_bytes()).1.has_sender_failed);
}

#[test]
fn phr_57_a_fatal_outcome_says_that_the_sender_failed() {
    let text = format!("{PATIENT}\n{}\n", OUTCOME.replace("error", "fatal"));
    assert!(read(text.as_bytes()).1.has_sender_failed);
}

#[test]
fn an_outcome_alone_in_its_file_is_what_the_file_is_about() {
    for text in [OUTCOME.to_owned(), format!("\n{OUTCOME}\n\n")] {
        assert_eq!(words(text.as_bytes()), ["1 OperationOutcome/"]);
    }
    let lines: Vec<_> = Reader::new(OUTCOME.as_bytes(), &json::Limits::default()).collect();
    assert_eq!(word(lines[0].as_ref().expect("read")), "OperationOutcome/");
}

#[test]
fn phr_59_equal_lines_have_equal_source_texts_however_they_are_spaced() {
    let spaced = PATIENT.replace(':', " : ");
    let text = format!("{PATIENT}\n{spaced}\n{{\"resourceType\":\"Patient\",\"id\":\"p1\",\"_id\":\"x\"}}\n");
    let texts: Vec<_> = read(text.as_bytes())
        .0
        .iter()
        .map(|item| match &item.content {
            ItemContent::Resource(repaired) => repaired.source_text().to_owned(),
            _ => panic!("not taken in"),
        })
        .collect();
    assert_eq!(texts[0], texts[1]);
    assert_ne!(texts[1], texts[2], "the source's text is that before the repairs");
}

#[test]
fn phr_22_a_bundle_on_a_line_stays_one_resource() {
    let bundle =
        format!(r#"{{"resourceType":"Bundle","id":"ips","type":"document","entry":[{{"resource":{PATIENT}}}]}}"#);
    assert_eq!(words(format!("{PATIENT}\n{bundle}\n").as_bytes()), ["1 Patient/p1", "2 Bundle/ips"]);
}

#[test]
fn an_error_of_the_source_ends_the_reading() {
    struct Broken;
    impl Read for Broken {
        fn read(&mut self, _: &mut [u8]) -> std::io::Result<usize> {
            Err(std::io::Error::other("gone"))
        }
    }
    let start = format!("{PATIENT}\n{WEIGHT}\n");
    let source = BufReader::new(start.as_bytes().chain(Broken));
    let mut lines = Reader::new(source, &json::Limits::default());
    assert!(matches!(lines.next(), Some(Ok(_))));
    assert!(matches!(lines.next(), Some(Ok(_))));
    assert!(matches!(lines.next(), Some(Err(_))));
    assert!(lines.next().is_none());
}

fn file() -> impl Strategy<Value = String> {
    let line = prop::sample::select(vec![PATIENT, WEIGHT, OUTCOME, "", "{", "[1]", "null", "\u{feff}{}"]);
    prop::collection::vec(line, 2..6).prop_map(|lines| format!("{PATIENT}\n{}\n", lines.join("\n")))
}

proptest! {
    #[test]
    fn phr_3_joined_files_hold_the_items_of_both(first in file(), second in file()) {
        let contents = |text: &str| read(text.as_bytes()).0.iter().map(word).collect::<Vec<_>>();
        let both = [contents(&first), contents(&second)].concat();
        prop_assert_eq!(contents(&format!("{first}{second}")), both);
    }
}
