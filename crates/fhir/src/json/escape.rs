//! String literals (RFC 8259 §7): decoding a checked one, and writing one with the fewest escapes.

use std::borrow::Cow;

/// The value of the inside of a checked string literal; borrowed when it has no escapes.
pub(super) fn unescape(inside: &str) -> Cow<'_, str> {
    let Some(first) = inside.find('\\') else { return Cow::Borrowed(inside) };
    let mut out = String::with_capacity(inside.len());
    out.push_str(&inside[..first]);
    let mut rest = &inside[first..];
    while let Some(escape) = rest.strip_prefix('\\') {
        rest = decode(escape, &mut out);
        let plain = rest.find('\\').unwrap_or(rest.len());
        out.push_str(&rest[..plain]);
        rest = &rest[plain..];
    }
    Cow::Owned(out)
}

/// Decodes one escape, given from behind its backslash, into `out`; returns what follows it.
fn decode<'t>(escape: &'t str, out: &mut String) -> &'t str {
    let mut chars = escape.chars();
    match chars.next() {
        Some('u') => return decode_unicode(chars.as_str(), out),
        Some('b') => out.push('\u{8}'),
        Some('f') => out.push('\u{c}'),
        Some('n') => out.push('\n'),
        Some('r') => out.push('\r'),
        Some('t') => out.push('\t'),
        Some(itself) => out.push(itself),
        None => {}
    }
    chars.as_str()
}

/// Decodes the digits behind `\u`, and the second half when they are a surrogate; returns what follows.
fn decode_unicode<'t>(digits: &'t str, out: &mut String) -> &'t str {
    let (high, rest) = hex4(digits);
    if !(0xD800..=0xDBFF).contains(&high) {
        out.push(char::from_u32(high).unwrap_or(char::REPLACEMENT_CHARACTER));
        return rest;
    }
    let (low, rest) = hex4(rest.strip_prefix("\\u").unwrap_or(rest));
    let code_point = 0x1_0000 + ((high - 0xD800) << 10) + (low & 0x3FF);
    out.push(char::from_u32(code_point).unwrap_or(char::REPLACEMENT_CHARACTER));
    rest
}

fn hex4(digits: &str) -> (u32, &str) {
    let (hex, rest) = digits.split_at_checked(4).unwrap_or((digits, ""));
    (u32::from_str_radix(hex, 16).unwrap_or(0xFFFD), rest)
}

/// A JSON string literal for `text`: only quotes, backslashes and control characters are escaped.
pub fn quote(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    push_quoted(&mut out, text);
    out
}

/// Appends the string literal for `text` to `out`.
pub(super) fn push_quoted(out: &mut String, text: &str) {
    out.push('"');
    let mut plain_from = 0;
    for (at, byte) in text.bytes().enumerate() {
        if byte >= 0x20 && byte != b'"' && byte != b'\\' {
            continue;
        }
        out.push_str(&text[plain_from..at]);
        plain_from = at + 1;
        push_escape(out, byte);
    }
    out.push_str(&text[plain_from..]);
    out.push('"');
}

fn push_escape(out: &mut String, byte: u8) {
    out.push('\\');
    match byte {
        0x08 => out.push('b'),
        0x0C => out.push('f'),
        b'\n' => out.push('n'),
        b'\r' => out.push('r'),
        b'\t' => out.push('t'),
        b'"' | b'\\' => out.push(char::from(byte)),
        _ => {
            out.push_str(if byte < 0x10 { "u000" } else { "u001" });
            out.extend(char::from_digit(u32::from(byte & 0xF), 16));
        }
    }
}
