//! Whatever is done to a file, reading it ends in items and not in a panic, and no line is lost without a trace.

use crate::reading::{OUTCOME, PATIENT, WEIGHT, read, samples, word};

/// A repeatable source of numbers (xorshift).
struct Dice(u64);

impl Dice {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % end.max(1) as u64) as usize
    }
}

/// Changes, cuts or doubles a piece of a text.
fn mutate(bytes: &mut Vec<u8>, dice: &mut Dice) {
    const PIECES: [&[u8]; 10] =
        [b"{", b"}", b"[", b"]", b"\"", b"\n", b"\\", b"null", b"\xff", br#""resourceType":"Bundle","#];
    let at = dice.below(bytes.len() + 1);
    match dice.below(5) {
        0 => bytes.truncate(at),
        1 => drop(bytes.splice(at..at, PIECES[dice.below(PIECES.len())].iter().copied())),
        2 if at < bytes.len() => bytes[at] ^= 1 << dice.below(8),
        3 => {
            let end = (at + dice.below(200)).min(bytes.len());
            let piece = bytes[at..end].to_vec();
            let to = dice.below(bytes.len() + 1);
            drop(bytes.splice(to..to, piece));
        }
        _ => drop(bytes.drain(at..(at + dice.below(30)).min(bytes.len()))),
    }
}

fn read_mutations(start: &[u8], n: usize, dice: &mut Dice) {
    for _ in 0..n {
        let mut bytes = start.to_vec();
        for _ in 0..=dice.below(4) {
            mutate(&mut bytes, dice);
        }
        let (items, ending) = read(&bytes);
        assert_eq!(items.len() as u64, ending.n_items);
        for item in items {
            assert!(item.place.offset + item.place.length <= bytes.len() as u64, "{}", word(&item));
        }
    }
}

#[test]
fn mutated_files_are_read_to_their_end() {
    let lines = format!("{PATIENT}\n{WEIGHT}\n{OUTCOME}\n");
    let entry = format!(r#"{{"fullUrl":"urn:uuid:1","resource":{PATIENT},"request":{{"method":"PUT","url":"x"}}}}"#);
    let bundle = format!("{{\"resourceType\":\"Bundle\",\n\"type\":\"history\",\n\"entry\":[{entry},\n{entry}]}}");
    let mut dice = Dice(0x9E37_79B9_7F4A_7C15);
    read_mutations(lines.as_bytes(), 2000, &mut dice);
    read_mutations(bundle.as_bytes(), 2000, &mut dice);
}

#[test]
fn mutated_lines_of_the_samples_are_read_to_their_end() {
    let mut dice = Dice(0xD1B5_4A32_D192_ED03);
    for (_, bytes) in samples("phr-format") {
        for line in bytes.split(|byte| *byte == b'\n').filter(|line| line.len() < 20_000) {
            let mut lines = line.to_vec();
            lines.push(b'\n');
            lines.extend_from_slice(WEIGHT.as_bytes());
            read_mutations(&lines, 10, &mut dice);
        }
    }
}

#[test]
fn nesting_to_the_limit_and_beyond_does_not_exhaust_the_stack() {
    for depth in [100, 126, 127, 128, 129, 100_000] {
        let (open, close) = (r#"{"extension":[{"extension":["#, "]}]}");
        let deep = format!(
            r#"{{"resourceType":"Patient","extension":[{}""{}]}}"#,
            open.repeat(depth / 4),
            close.repeat(depth / 4)
        );
        assert_eq!(read(deep.as_bytes()).0.len(), 1);
        let arrays = format!(r#"{{"resourceType":"Patient","name":{}{}}}"#, "[".repeat(depth), "]".repeat(depth));
        assert_eq!(read(arrays.as_bytes()).0.len(), 1);
    }
}
