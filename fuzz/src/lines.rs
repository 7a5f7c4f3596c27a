//! Files of resources: lines, and JSON values read whole. Nothing is lost, and nothing is said to be where it is not.

use mecum_exchange::item::{Item, ItemContent};
use mecum_exchange::phr::{Ending, Limits, open};
use mecum_exchange::{bundle, sniff};
use mecum_fhir::json;
use mecum_fhir::ndjson::{Line, LineReader};

/// Small enough that a made-up file can pass them.
fn limits() -> Limits {
    let line = json::Limits { max_bytes: 4 << 10, ..json::Limits::default() };
    Limits { line, whole: json::Limits { max_bytes: 64 << 10, ..line } }
}

/// A `.phr`, an NDJSON file, or one JSON value: told apart, read to the end, every item at its place.
pub fn lines(bytes: &[u8]) {
    let _ = sniff::sniff(bytes, Some("a.phr"));
    split(bytes);
    let Ok(mut file) = open(bytes, &limits()) else { return };
    let items: Vec<Item> = file.by_ref().collect::<Result<_, _>>().expect("memory does not fail to be read");
    accounted(bytes, &items, file.ending());
}

/// One JSON value: a Bundle, a resource, an array of resources.
pub fn bundle(bytes: &[u8]) {
    let mut whole = bundle::read(bytes, &limits());
    let n_entries = whole.bundle().map(|bundle| bundle.n_entries);
    let items: Vec<Item> = whole.by_ref().collect();
    if let Some(n_entries) = n_entries {
        assert_eq!(items.len() as u64, n_entries, "an entry was lost");
    }
    accounted(bytes, &items, whole.ending());
}

fn accounted(bytes: &[u8], items: &[Item], ending: Ending) {
    assert_eq!(items.len() as u64, ending.n_items);
    for item in items {
        let end = item.place.offset.checked_add(item.place.length);
        assert!(end.is_some_and(|end| end <= bytes.len() as u64), "an item lies outside its file");
        if let ItemContent::Quarantined(quarantined) = &item.content {
            let _ = quarantined.issue();
        }
    }
}

/// Lines in bounded memory: numbers and places grow, and the bytes are those of the file.
fn split(bytes: &[u8]) {
    let mut reader = LineReader::with_limit(bytes, 256);
    let mut last = None;
    while let Some(line) = reader.next_line().expect("memory does not fail to be read") {
        let (number, offset) = match line {
            Line::Whole { number, offset, bytes: content } => {
                let start = usize::try_from(offset).expect("an offset in memory");
                assert_eq!(&bytes[start..start + content.len()], content);
                assert!(content.len() <= 256);
                (number, offset)
            }
            Line::Overlong { number, offset, length } => {
                assert!(length > 256 && offset + length <= bytes.len() as u64);
                (number, offset)
            }
        };
        assert!(last < Some((number, offset)), "lines go backwards");
        last = Some((number, offset));
    }
}
