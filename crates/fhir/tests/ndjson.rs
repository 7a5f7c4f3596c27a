//! Lines of NDJSON: numbers, offsets and limits, whatever the pieces they are read in.
#![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use std::io::{BufRead, BufReader, Read};

use mecum_fhir::ndjson::{Line, LineReader};
use proptest::prelude::*;

#[derive(Debug, PartialEq, Clone)]
enum Found {
    Whole(u64, u64, String),
    Overlong(u64, u64, u64),
}

fn lines_of(reader: impl BufRead, max: usize) -> Vec<Found> {
    let mut reader = LineReader::with_limit(reader, max);
    let mut all = Vec::new();
    while let Some(line) = reader.next_line().unwrap() {
        all.push(match line {
            Line::Whole { number, offset, bytes } => {
                Found::Whole(number, offset, String::from_utf8_lossy(bytes).into())
            }
            Line::Overlong { number, offset, length } => Found::Overlong(number, offset, length),
        });
    }
    assert!(reader.next_line().unwrap().is_none());
    all
}

fn whole(number: u64, offset: u64, text: &str) -> Found {
    Found::Whole(number, offset, text.to_owned())
}

#[test]
fn phr_3_line_ends_blank_lines_and_byte_order_marks_are_tolerated() {
    let cases: [(&str, Vec<Found>); 9] = [
        ("", vec![]),
        ("\n\r\n \t\n", vec![]),
        ("{}", vec![whole(1, 0, "{}")]),
        ("{}\n", vec![whole(1, 0, "{}")]),
        ("a\r\nb\rc\r\n", vec![whole(1, 0, "a"), whole(2, 3, "b\rc")]),
        ("a\n\n\nb", vec![whole(1, 0, "a"), whole(4, 4, "b")]),
        ("\u{feff}a\n b \n", vec![whole(1, 3, "a"), whole(2, 5, " b ")]),
        ("a\n\u{feff}b\n\u{feff}\n", vec![whole(1, 0, "a"), whole(2, 5, "b")]),
        ("\u{feff}\u{feff}a\r", vec![whole(1, 3, "\u{feff}a")]),
    ];
    for (text, expected) in cases {
        assert_eq!(lines_of(text.as_bytes(), 100), expected, "{text:?}");
    }
}

#[test]
fn phr_3_two_files_joined_are_the_lines_of_both() {
    let texts = |text: &str| -> Vec<Found> { lines_of(text.as_bytes(), 100) };
    let (first, second) = ("{\"a\":1}\n{\"b\":2}\n", "\u{feff}{\"c\":3}");
    assert_eq!(texts(&format!("{first}{second}")).len(), texts(first).len() + texts(second).len());
}

#[test]
fn phr_7_a_line_over_the_limit_is_reported_and_the_next_is_read() {
    let text = "12345\n123456\n\u{feff}12345\r\n123456\r\n1\n1234567890123";
    let expected = [
        whole(1, 0, "12345"),
        Found::Overlong(2, 6, 6),
        whole(3, 16, "12345"),
        Found::Overlong(4, 23, 7),
        whole(5, 31, "1"),
        Found::Overlong(6, 33, 13),
    ];
    assert_eq!(lines_of(text.as_bytes(), 5), expected);
}

#[test]
fn phr_7_an_endless_line_is_passed_over_without_keeping_it() {
    let endless = BufReader::new(std::io::repeat(b'x').take(50_000_000));
    let text = endless.chain(&b"\n{}"[..]);
    let expected = [Found::Overlong(1, 0, 50_000_000), whole(2, 50_000_001, "{}")];
    assert_eq!(lines_of(text, 1000), expected);
}

#[test]
fn a_reader_that_fails_says_so() {
    struct Failing;
    impl Read for Failing {
        fn read(&mut self, _: &mut [u8]) -> std::io::Result<usize> {
            Err(std::io::Error::other("broken"))
        }
    }
    let mut reader = LineReader::new(BufReader::new(b"a\n".chain(Failing)));
    assert!(matches!(reader.next_line().unwrap(), Some(Line::Whole { number: 1, .. })));
    assert!(reader.next_line().is_err());
}

#[test]
fn lines_stay_out_of_debug_output() {
    let mut reader = LineReader::new(&b"secret"[..]);
    assert_eq!(format!("{:?}", reader.next_line().unwrap().unwrap()), "Whole { number: 1, offset: 0, length: 6 }");
}

/// The same by splitting a whole text.
fn naive(text: &[u8], max: usize) -> Vec<Found> {
    let (mut all, mut offset) = (Vec::new(), 0);
    for (number, line) in (1..).zip(text.split(|byte| *byte == b'\n')) {
        let mut bytes = line.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(line);
        let start = offset + (line.len() - bytes.len()) as u64;
        bytes = bytes.strip_suffix(b"\r").unwrap_or(bytes);
        if bytes.len() > max {
            all.push(Found::Overlong(number, offset, line.len() as u64));
        } else if !bytes.trim_ascii().is_empty() {
            all.push(Found::Whole(number, start, String::from_utf8_lossy(bytes).into()));
        }
        offset += line.len() as u64 + 1;
    }
    all
}

proptest! {
    #[test]
    fn lines_do_not_depend_on_the_pieces_they_are_read_in(
        parts in prop::collection::vec(prop_oneof![Just("\n"), Just("\r\n"), Just("\r"), Just(" "), Just("\u{feff}"), Just("ab"), Just("{é}")], 0..30),
        piece in 1_usize..9,
        max in 1_usize..12,
    ) {
        let text = parts.concat().into_bytes();
        let in_pieces = lines_of(BufReader::with_capacity(piece, &text[..]), max);
        prop_assert_eq!(&in_pieces, &lines_of(&text[..], max));
        prop_assert_eq!(in_pieces, naive(&text, max));
    }
}
