//! Parameters as text: `a=1&b=2`, the form of queries in addresses and of search bodies (WHATWG URL §5, R4 search.html#escaping).

/// A text whose percent-encoding is broken, or does not give UTF-8. It does not quote the text, which may be health data.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the percent-encoding of a parameter is broken")]
pub struct FormFault;

/// The parameters of a text, in their order; one without `=` has an empty value.
///
/// # Errors
/// [`FormFault`] for a percent sign without two hexadecimal digits, and for bytes that are not UTF-8.
///
/// ```
/// use mecum_fhir::form::parameters;
/// let found = parameters("name=A+B&code=x%7Cy").unwrap();
/// assert_eq!(found, [("name".to_owned(), "A B".to_owned()), ("code".to_owned(), "x|y".to_owned())]);
/// ```
pub fn parameters(text: &str) -> Result<Vec<(String, String)>, FormFault> {
    let pairs = text.split('&').filter(|pair| !pair.is_empty());
    pairs
        .map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            Ok((decoded(name)?, decoded(value)?))
        })
        .collect()
}

/// Appends `name=value` to a text, with `&` before it unless the text ends with `?` or is empty.
pub fn append(text: &mut String, name: &str, value: &str) {
    if !text.is_empty() && !text.ends_with('?') {
        text.push('&');
    }
    encode(text, name);
    text.push('=');
    encode(text, value);
}

fn decoded(text: &str) -> Result<String, FormFault> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'+' => b' ',
            b'%' => {
                let digit = |byte: Option<u8>| char::from(byte?).to_digit(16);
                let (high, low) = (digit(rest.next()), digit(rest.next()));
                let value = high.zip(low).map(|(high, low)| high * 16 + low);
                value.and_then(|value| u8::try_from(value).ok()).ok_or(FormFault)?
            }
            other => other,
        });
    }
    String::from_utf8(bytes).map_err(|_| FormFault)
}

/// What stays as it is: what a query may hold by RFC 3986, but for what separates parameters or is read as something else.
fn is_plain(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-._~:/,*@!$'()".contains(&byte)
}

fn encode(out: &mut String, text: &str) {
    const DIGITS: &[u8; 16] = b"0123456789ABCDEF";
    for byte in text.bytes() {
        if is_plain(byte) {
            out.push(char::from(byte));
        } else {
            out.push('%');
            out.push(char::from(DIGITS[usize::from(byte >> 4)]));
            out.push(char::from(DIGITS[usize::from(byte & 15)]));
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{FormFault, append, parameters};

    #[test]
    fn names_and_values_are_read_in_their_order_and_repeatedly() {
        let owned = |pairs: &[(&str, &str)]| {
            pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect::<Vec<_>>()
        };
        for (text, expect) in [
            ("", &[][..]),
            ("a=1&a=2", &[("a", "1"), ("a", "2")]),
            ("&&a&=x&", &[("a", ""), ("", "x")]),
            ("a=b=c", &[("a", "b=c")]),
            ("d=%2B1+x&%C3%A9=%e9%80%a0", &[("d", "+1 x"), ("é", "造")]),
        ] {
            assert_eq!(parameters(text), Ok(owned(expect)), "{text}");
        }
    }

    #[test]
    fn broken_escapes_are_faults() {
        for text in ["a=%", "a=%1", "a=%zz", "%f=1", "a=%ff", "a=%+1"] {
            assert_eq!(parameters(text), Err(FormFault), "{text}");
        }
    }

    #[test]
    fn separators_of_values_stay_readable() {
        let mut text = "http://x/fhir/A?".to_owned();
        append(&mut text, "code", "http://loinc.org|8480-6,x&y");
        append(&mut text, "date", "ge2020+1 z");
        assert_eq!(text, "http://x/fhir/A?code=http://loinc.org%7C8480-6,x%26y&date=ge2020%2B1%20z");
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_back(pairs in prop::collection::vec((".{0,8}", ".{0,12}"), 0..5)) {
            let mut text = String::new();
            for (name, value) in &pairs {
                append(&mut text, name, value);
            }
            prop_assert_eq!(parameters(&text), Ok(pairs));
        }

        #[test]
        fn no_text_makes_it_panic(text in "[%a-f0-9&=+é]{0,30}") {
            let _ = parameters(&text);
        }
    }
}
