//! The words and signs of FHIRPath (FHIRPath 2.0, lexical elements), as far as they are supported.

use super::PathError;

/// A word or sign.
#[derive(PartialEq, Eq)]
pub(super) enum Token {
    /// A name or keyword; delimited names lose their backquotes.
    Name(String),
    /// A text in single quotes, unescaped.
    Text(String),
    /// Digits.
    Number(usize),
    /// One of `. , ( ) [ ] | = %` and `$`; `!` stands for `!=`.
    Sign(u8),
}

/// A token and where it begins.
pub(super) type Placed = (Token, usize);

/// The tokens of an expression.
pub(super) fn tokens(text: &str) -> Result<Vec<Placed>, PathError> {
    let bytes = text.as_bytes();
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        let start = at;
        at = match byte {
            b' ' | b'\t' | b'\n' | b'\r' => at + 1,
            b'a'..=b'z' | b'A'..=b'Z' | b'_' => {
                at = end_of(bytes, at, |byte| byte.is_ascii_alphanumeric() || byte == b'_');
                found.push((Token::Name(text[start..at].to_owned()), start));
                at
            }
            b'0'..=b'9' => {
                at = end_of(bytes, at, |byte| byte.is_ascii_digit());
                let number = text[start..at].parse().map_err(|_| PathError::TooLong)?;
                found.push((Token::Number(number), start));
                at
            }
            b'\'' | b'`' => {
                let (inside, end) = quoted(text, at).ok_or_else(|| unexpected(text, start))?;
                found.push((if byte == b'`' { Token::Name(inside) } else { Token::Text(inside) }, start));
                end
            }
            b'!' if bytes.get(at + 1) == Some(&b'=') => {
                found.push((Token::Sign(byte), start));
                at + 2
            }
            b'.' | b',' | b'(' | b')' | b'[' | b']' | b'|' | b'=' | b'%' | b'$' => {
                found.push((Token::Sign(byte), start));
                at + 1
            }
            _ => return Err(unexpected(text, at)),
        };
    }
    Ok(found)
}

/// The complaint about what stands at `at`.
pub(super) fn unexpected(text: &str, at: usize) -> PathError {
    PathError::Syntax { found: text.get(at..).unwrap_or_default().chars().take(1).collect(), at }
}

fn end_of(bytes: &[u8], from: usize, belongs: fn(u8) -> bool) -> usize {
    bytes[from..].iter().position(|&byte| !belongs(byte)).map_or(bytes.len(), |length| from + length)
}

/// The text between the quote at `open` and the next one like it, and the byte behind that.
fn quoted(text: &str, open: usize) -> Option<(String, usize)> {
    let mut characters = text[open..].char_indices();
    let (_, quote) = characters.next()?;
    let mut inside = String::new();
    while let Some((at, character)) = characters.next() {
        match character {
            '\\' => inside.push(match characters.next()?.1 {
                'n' => '\n',
                't' => '\t',
                'r' => '\r',
                'f' => '\u{c}',
                escaped @ ('\\' | '/' | '\'' | '"' | '`') => escaped,
                _ => return None,
            }),
            _ if character == quote => return Some((inside, open + at + 1)),
            _ => inside.push(character),
        }
    }
    None
}
