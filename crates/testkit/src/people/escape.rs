//! Escapes in JSON texts that need not be there and that some systems write all the same (RFC 8259 §7 allows both
//! spellings).

/// The same JSON text in pure ASCII: every other character as `\u` escapes, pairs of surrogates beyond the basic plane.
/// Some systems write so.
pub(crate) fn in_ascii(json: &str) -> String {
    let mut out = String::with_capacity(json.len() + json.len() / 16);
    let mut units = [0; 2];
    for letter in json.chars() {
        if letter.is_ascii() {
            out.push(letter);
            continue;
        }
        for unit in letter.encode_utf16(&mut units) {
            out.push_str(&format!("\\u{unit:04x}"));
        }
    }
    out
}

/// The same JSON text with every slash written `\/`, as some systems do; slashes occur in strings only.
pub(crate) fn with_escaped_slashes(json: &str) -> String {
    json.replace('/', "\\/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_leave_no_other_character() {
        assert_eq!(in_ascii("\"é𝄞/\""), r#""\u00e9\ud834\udd1e/""#);
        assert_eq!(with_escaped_slashes(r#""a/b""#), r#""a\/b""#);
    }
}
