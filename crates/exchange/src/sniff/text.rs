//! Telling the textual formats apart: NDJSON, one JSON value, and the two JWE serialisations (RFC 7516 section 7).

use super::{Format, Tie};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};

/// Keys looked at in the first object; a JWE has at most eight.
const MAX_KEYS: usize = 64;

/// Returns the textual format of a prefix that carries no binary mark.
pub(super) fn sniff(prefix: &[u8], tie: Tie) -> Format {
    let text = prefix.strip_prefix(b"\xef\xbb\xbf").unwrap_or(prefix).trim_ascii_start();
    match text.first() {
        None => Format::Empty,
        Some(b'{') => object(text, tie),
        Some(b'[') => Format::Json,
        // JSON that was encoded twice: one of the published samples is such a string.
        Some(b'"') if text.starts_with(b"\"{") => Format::Json,
        Some(b'e') if is_compact_jwe(text) => Format::Jwe,
        Some(b'<') => Format::Unknown,
        Some(_) if text.split(|&b| b == b'\n').any(is_resource_line) => Format::Ndjson,
        Some(_) => Format::Unknown,
    }
}

fn object(text: &[u8], tie: Tie) -> Format {
    let first = FirstObject::scan(text);
    let has = |key: &[u8]| first.keys.contains(&key);
    if has(b"ciphertext") && !has(b"resourceType") {
        return Format::Jwe;
    }
    match first.end {
        Some(end) => {
            let rest = text.get(end..).unwrap_or_default();
            after_object(rest, tie)
        }
        None if text.split(|&b| b == b'\n').skip(1).any(is_resource_line) => Format::Ndjson,
        None if text.contains(&b'\n') || tie == Tie::Single => Format::Json,
        None if tie == Tie::Open && first.is_bundle => Format::Json,
        None => Format::Ndjson,
    }
}

/// The first object is whole: what follows it on the next lines decides.
fn after_object(rest: &[u8], tie: Tie) -> Format {
    let has_more = !rest.trim_ascii().is_empty();
    let on_next_line = rest.iter().take_while(|b| b.is_ascii_whitespace()).any(|&b| b == b'\n');
    match (has_more, tie) {
        (true, _) if on_next_line => Format::Ndjson,
        (true, Tie::Lines) | (false, Tie::Lines) => Format::Ndjson,
        (true, _) => Format::Unknown,
        (false, _) => Format::Json,
    }
}

/// A whole object on one line that names its resource type; nested objects of a pretty-printed file are indented.
fn is_resource_line(line: &[u8]) -> bool {
    let needle = b"\"resourceType\"";
    line.starts_with(b"{") && line.trim_ascii_end().ends_with(b"}") && line.windows(needle.len()).any(|w| w == needle)
}

fn is_compact_jwe(text: &[u8]) -> bool {
    let Some(dot) = text.iter().position(|&b| b == b'.') else { return false };
    let Ok(header) = URL_SAFE_NO_PAD.decode(&text[..dot]) else { return false };
    let Ok(header) = serde_json::from_slice::<serde_json::Map<_, serde_json::Value>>(&header) else { return false };
    header.contains_key("enc")
}

/// The first object of a text: its top-level keys and where it ends, if that is within the prefix.
#[derive(Default)]
struct FirstObject<'a> {
    keys: Vec<&'a [u8]>,
    end: Option<usize>,
    is_bundle: bool,
}

impl<'a> FirstObject<'a> {
    fn scan(text: &'a [u8]) -> Self {
        let mut found = Self::default();
        let mut depth = 0usize;
        let mut last_string: &[u8] = b"";
        let mut key: &[u8] = b"";
        let mut at = 0;
        while let Some(&byte) = text.get(at) {
            match byte {
                b'"' => {
                    let end = string_end(text, at);
                    last_string = text.get(at + 1..end).unwrap_or_default();
                    found.is_bundle |= depth == 1 && key == b"resourceType" && last_string == b"Bundle";
                    at = end;
                }
                b':' if depth == 1 && found.keys.len() < MAX_KEYS => {
                    key = last_string;
                    found.keys.push(key);
                }
                b'{' | b'[' => depth += 1,
                b'}' | b']' => depth = depth.saturating_sub(1),
                _ => {}
            }
            at += 1;
            if depth == 0 {
                found.end = Some(at);
                break;
            }
        }
        found
    }
}

/// Index of the quote that closes the string opened at `open`, or the end of the text.
fn string_end(text: &[u8], open: usize) -> usize {
    let mut at = open + 1;
    while let Some(&byte) = text.get(at) {
        match byte {
            b'"' => return at,
            b'\\' => at += 2,
            _ => at += 1,
        }
    }
    text.len()
}
