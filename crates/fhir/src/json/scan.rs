//! Where a JSON token ends (RFC 8259 §6, §7): strings, numbers and literals are checked, never decoded.

use super::error::{JsonError, JsonErrorKind};

/// A scanned string: the byte behind its closing quote, and whether it holds an escape.
pub(super) struct ScannedString {
    pub(super) end: usize,
    pub(super) escaped: bool,
}

/// Scans the string whose opening quote is at `open`.
pub(super) fn string(bytes: &[u8], open: usize) -> Result<ScannedString, JsonError> {
    let mut escaped = false;
    let mut at = open + 1;
    loop {
        at = plain_run(bytes, at);
        match bytes.get(at) {
            Some(b'"') => return Ok(ScannedString { end: at + 1, escaped }),
            Some(b'\\') => {
                escaped = true;
                at = escape(bytes, at)?;
            }
            Some(_) => return Err(JsonErrorKind::ControlCharacter.at(at)),
            None => return Err(JsonErrorKind::UnexpectedEnd.at(at)),
        }
    }
}

const ONES: u64 = 0x0101_0101_0101_0101;
const HIGHS: u64 = 0x8080_8080_8080_8080;

/// A word with the high bit of every byte set that is zero in `word`; bits above the lowest set one may be false alarms.
const fn zero_bytes(word: u64) -> u64 {
    word.wrapping_sub(ONES) & !word & HIGHS
}

/// The first byte from `at` on that is a quote, a backslash or a control character: eight at a time, then one by one.
fn plain_run(bytes: &[u8], mut at: usize) -> usize {
    while let Some(chunk) = bytes.get(at..).and_then(|rest| rest.first_chunk::<8>()) {
        let word = u64::from_le_bytes(*chunk);
        let controls = word.wrapping_sub(ONES * 0x20) & !word & HIGHS;
        let quotes = zero_bytes(word ^ (ONES * u64::from(b'"')));
        let stops = controls | quotes | zero_bytes(word ^ (ONES * u64::from(b'\\')));
        if stops != 0 {
            return at + (stops.trailing_zeros() / 8) as usize;
        }
        at += 8;
    }
    while bytes.get(at).is_some_and(|&b| b >= 0x20 && b != b'"' && b != b'\\') {
        at += 1;
    }
    at
}

/// Checks the escape whose backslash is at `at`; returns the byte behind it (behind the pair, for a surrogate pair).
fn escape(bytes: &[u8], at: usize) -> Result<usize, JsonError> {
    match bytes.get(at + 1) {
        Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => Ok(at + 2),
        Some(b'u') => match hex4(bytes, at + 2)? {
            0xD800..=0xDBFF => {
                let low_follows = bytes.get(at + 6..at + 8) == Some(br"\u") && is_low(hex4(bytes, at + 8)?);
                if low_follows { Ok(at + 12) } else { Err(JsonErrorKind::LoneSurrogate.at(at)) }
            }
            0xDC00..=0xDFFF => Err(JsonErrorKind::LoneSurrogate.at(at)),
            _ => Ok(at + 6),
        },
        Some(_) => Err(JsonErrorKind::InvalidEscape.at(at)),
        None => Err(JsonErrorKind::UnexpectedEnd.at(at + 1)),
    }
}

fn is_low(unit: u16) -> bool {
    (0xDC00..=0xDFFF).contains(&unit)
}

/// The value of the four hexadecimal digits at `at`.
fn hex4(bytes: &[u8], at: usize) -> Result<u16, JsonError> {
    let mut value = 0;
    for place in at..at + 4 {
        let byte = bytes.get(place).ok_or(JsonErrorKind::UnexpectedEnd.at(place))?;
        let digit = char::from(*byte).to_digit(16).ok_or(JsonErrorKind::InvalidEscape.at(place))?;
        value = value << 4 | digit as u16;
    }
    Ok(value)
}

/// Scans the number that begins at `at` with a minus or a digit; returns the byte behind it.
pub(super) fn number(bytes: &[u8], mut at: usize) -> Result<usize, JsonError> {
    if bytes.get(at) == Some(&b'-') {
        at += 1;
    }
    at = match bytes.get(at) {
        Some(b'0') => at + 1,
        _ => digits(bytes, at)?,
    };
    if bytes.get(at) == Some(&b'.') {
        at = digits(bytes, at + 1)?;
    }
    if matches!(bytes.get(at), Some(b'e' | b'E')) {
        at += 1;
        if matches!(bytes.get(at), Some(b'+' | b'-')) {
            at += 1;
        }
        at = digits(bytes, at)?;
    }
    match bytes.get(at) {
        Some(b'0'..=b'9') => Err(JsonErrorKind::InvalidNumber.at(at)),
        _ => Ok(at),
    }
}

/// Scans one digit or more; returns the byte behind them.
fn digits(bytes: &[u8], start: usize) -> Result<usize, JsonError> {
    let mut at = start;
    while bytes.get(at).is_some_and(u8::is_ascii_digit) {
        at += 1;
    }
    match bytes.get(at) {
        _ if at > start => Ok(at),
        Some(_) => Err(JsonErrorKind::InvalidNumber.at(at)),
        None => Err(JsonErrorKind::UnexpectedEnd.at(at)),
    }
}

/// Scans the literal `word` at `at`; returns the byte behind it.
pub(super) fn literal(bytes: &[u8], at: usize, word: &[u8]) -> Result<usize, JsonError> {
    for (place, expected) in (at..).zip(word) {
        match bytes.get(place) {
            Some(found) if found == expected => {}
            Some(_) => return Err(JsonErrorKind::ExpectedValue.at(at)),
            None => return Err(JsonErrorKind::UnexpectedEnd.at(place)),
        }
    }
    Ok(at + word.len())
}
