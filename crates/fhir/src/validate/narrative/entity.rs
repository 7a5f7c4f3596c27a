//! Character references (XML 1.0 §4.1): the five names that XML knows, and numbers.

/// Whether every `&` begins a reference that XML knows.
pub(super) fn are_known(text: &str) -> bool {
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        let Some((name, behind)) = rest[at + 1..].split_once(';') else { return false };
        if character(name).is_none() {
            return false;
        }
        rest = behind;
    }
    true
}

/// The text as a browser would compare it: references resolved, white space and control characters gone, letters small.
pub(super) fn flattened(text: &str) -> String {
    let mut flat = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        push_flat(&mut flat, rest[..at].chars());
        let name_and_rest = rest[at + 1..].split_once(';');
        rest = match name_and_rest.and_then(|(name, behind)| Some((character(name)?, behind))) {
            Some((letter, behind)) => {
                push_flat(&mut flat, std::iter::once(letter));
                behind
            }
            None => {
                flat.push('&');
                &rest[at + 1..]
            }
        };
    }
    push_flat(&mut flat, rest.chars());
    flat
}

fn push_flat(flat: &mut String, letters: impl Iterator<Item = char>) {
    flat.extend(letters.filter(|c| !c.is_whitespace() && !c.is_control()).map(|c| c.to_ascii_lowercase()));
}

/// The character a reference stands for; none if XML does not have it.
fn character(name: &str) -> Option<char> {
    let number = match name {
        "amp" => return Some('&'),
        "lt" => return Some('<'),
        "gt" => return Some('>'),
        "quot" => return Some('"'),
        "apos" => return Some('\''),
        _ => name.strip_prefix('#')?,
    };
    let (digits, radix) = match number.strip_prefix('x') {
        Some(digits) => (digits, 16),
        None => (number, 10),
    };
    if !digits.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        return None; // a sign
    }
    let letter = char::from_u32(u32::from_str_radix(digits, radix).ok()?)?;
    (!letter.is_control() || matches!(letter, '\t' | '\n' | '\r' | '\u{80}'..='\u{9f}')).then_some(letter)
}
