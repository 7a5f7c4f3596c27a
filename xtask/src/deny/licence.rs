//! SPDX licence expressions (SPDX specification 2.3, annex D): `AND` binds tighter than `OR`, `WITH` tighter than both.

/// A licence expression.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Expression {
    /// One licence, its exception included: `Apache-2.0 WITH LLVM-exception`.
    Name(String),
    /// Every one of them applies.
    All(Vec<Expression>),
    /// One of them may be chosen.
    Any(Vec<Expression>),
}

impl Expression {
    /// Whether the licences for which `may` holds are enough.
    pub(crate) fn is_met(&self, may: &impl Fn(&str) -> bool) -> bool {
        match self {
            Expression::Name(name) => may(name),
            Expression::All(parts) => parts.iter().all(|part| part.is_met(may)),
            Expression::Any(parts) => parts.iter().any(|part| part.is_met(may)),
        }
    }

    /// Every licence that is named.
    pub(crate) fn names(&self) -> Vec<String> {
        match self {
            Expression::Name(name) => vec![name.clone()],
            Expression::All(parts) | Expression::Any(parts) => parts.iter().flat_map(Expression::names).collect(),
        }
    }
}

/// Reads an expression; the slash of older packages (`MIT/Apache-2.0`) means OR, as cargo reads it.
///
/// # Errors
/// It is not well-formed.
pub(crate) fn parse(text: &str) -> Result<Expression, String> {
    let spaced = text.replace('(', " ( ").replace(')', " ) ").replace('/', " OR ");
    let words: Vec<&str> = spaced.split_whitespace().collect();
    let mut words = words.as_slice();
    let expression = any(&mut words, 0)?;
    match words.first() {
        None => Ok(expression),
        Some(word) => Err(format!("`{word}` is one too many")),
    }
}

/// No licence is written with more parentheses inside each other.
const DEEPEST: usize = 16;

fn any(words: &mut &[&str], depth: usize) -> Result<Expression, String> {
    list(words, "OR", Expression::Any, |words| list(words, "AND", Expression::All, |words| one(words, depth)))
}

fn list(
    words: &mut &[&str],
    between: &str,
    join: fn(Vec<Expression>) -> Expression,
    part: impl Fn(&mut &[&str]) -> Result<Expression, String>,
) -> Result<Expression, String> {
    let mut parts = vec![part(words)?];
    while words.first() == Some(&between) {
        *words = &words[1..];
        parts.push(part(words)?);
    }
    Ok(if parts.len() == 1 { parts.remove(0) } else { join(parts) })
}

fn one(words: &mut &[&str], depth: usize) -> Result<Expression, String> {
    if depth > DEEPEST {
        return Err("too many parentheses".into());
    }
    match take(words).ok_or("it ends too early")? {
        "(" => {
            let inner = any(words, depth + 1)?;
            if take(words) == Some(")") { Ok(inner) } else { Err("a parenthesis is not closed".into()) }
        }
        word if is_name(word) => {
            if words.first() != Some(&"WITH") {
                return Ok(Expression::Name(word.into()));
            }
            *words = &words[1..];
            let exception = take(words).filter(|word| is_name(word)).ok_or("no exception after WITH")?;
            Ok(Expression::Name(format!("{word} WITH {exception}")))
        }
        word => Err(format!("`{word}` is out of place")),
    }
}

fn take<'a>(words: &mut &[&'a str]) -> Option<&'a str> {
    let (first, rest) = words.split_first()?;
    *words = rest;
    Some(first)
}

fn is_name(word: &str) -> bool {
    !["AND", "OR", "WITH"].contains(&word) && word.chars().all(|c| c.is_ascii_alphanumeric() || "-.+:".contains(c))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_met(text: &str, allowed: &[&str]) -> bool {
        parse(text).unwrap().is_met(&|name| allowed.contains(&name))
    }

    #[test]
    fn or_needs_one_and_needs_all() {
        assert!(is_met("MIT OR GPL-3.0-only", &["MIT"]));
        assert!(!is_met("MIT AND GPL-3.0-only", &["MIT"]));
        assert!(is_met("MIT/Apache-2.0", &["Apache-2.0"]));
        assert!(!is_met("GPL-2.0+", &["GPL-2.0"]));
    }

    #[test]
    fn and_binds_tighter_than_or_and_parentheses_tighter_than_both() {
        assert!(is_met("A OR B AND C", &["A"]));
        assert!(!is_met("(A OR B) AND C", &["A"]));
        assert!(is_met("(A OR B) AND C", &["B", "C"]));
        assert!(is_met("ISC AND (Apache-2.0 OR ISC) AND (A OR (B AND C))", &["ISC", "B", "C"]));
    }

    #[test]
    fn an_exception_belongs_to_its_licence() {
        let text = "Apache-2.0 WITH LLVM-exception OR GPL-2.0-only";
        assert!(!is_met(text, &["Apache-2.0"]));
        assert!(is_met(text, &["Apache-2.0 WITH LLVM-exception"]));
        assert_eq!(parse(text).unwrap().names(), ["Apache-2.0 WITH LLVM-exception", "GPL-2.0-only"]);
    }

    #[test]
    fn what_is_not_well_formed_is_refused() {
        for text in [
            "",
            "MIT OR",
            "OR MIT",
            "(MIT",
            "MIT)",
            "MIT Apache-2.0",
            "MIT WITH",
            "MIT WITH AND",
            "AND",
            "()",
            "MIT, ISC",
            &"(".repeat(100_000),
        ] {
            assert!(parse(text).is_err(), "{}", text.chars().take(20).collect::<String>());
        }
    }
}
