//! Separators and their escapes in values (R4 search.html#escaping): `\,` `\|` `\$` `\\` (REST-34).

/// The values between unescaped commas, as written; empty ones are left out.
pub(super) fn alternatives(value: &str) -> Vec<&str> {
    parts(value, b',').into_iter().filter(|part| !part.is_empty()).collect()
}

/// The parts between unescaped separators, as written. The separator is an ASCII character other than the backslash.
pub(super) fn parts(text: &str, separator: u8) -> Vec<&str> {
    let mut found = Vec::new();
    let mut start = 0;
    let mut is_escaped = false;
    for (at, byte) in text.bytes().enumerate() {
        if byte == separator && !is_escaped {
            found.push(&text[start..at]);
            start = at + 1;
        }
        is_escaped = byte == b'\\' && !is_escaped;
    }
    found.push(&text[start..]);
    found
}

/// The text without its escapes. A backslash in front of anything else stands for itself.
pub(super) fn unescaped(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text.chars();
    while let Some(c) = rest.next() {
        let escaped = rest.clone().next().filter(|next| c == '\\' && [',', '|', '$', '\\'].contains(next));
        plain.push(escaped.unwrap_or(c));
        if escaped.is_some() {
            rest.next();
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rest_34_an_escaped_separator_is_a_character() {
        assert_eq!(alternatives(r"a\,b,c"), [r"a\,b", "c"]);
        assert_eq!(alternatives(r"a\\,b"), [r"a\\", "b"], "the backslash is escaped, the comma is not");
        assert_eq!(alternatives(",a,,b,"), ["a", "b"]);
        assert_eq!(parts(r"s\|1|c", b'|'), [r"s\|1", "c"]);
        assert_eq!(parts("é|", b'|'), ["é", ""]);
    }

    #[test]
    fn rest_34_escapes_are_taken_off_once() {
        for (written, plain) in [
            (r"a\,b", "a,b"),
            (r"\|\$\\", r"|$\"),
            (r"\\,", r"\,"),
            (r"C:\new", r"C:\new"),
            (r"end\", r"end\"),
            (r"\\\\", r"\\"),
        ] {
            assert_eq!(unescaped(written), plain, "{written}");
        }
    }
}
