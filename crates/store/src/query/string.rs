//! Strings (R4 search.html#string): without case and accents, at the beginning or anywhere, or as written.

use mecum_fhir::search::normalise;
use mecum_fhir::search::query::StringMatch;

use super::sql::{Source, Sql};
use crate::index::{IndexTable, exact_code};

impl<'q> Sql<'q> {
    /// The rows that meet one of these, a source for each.
    pub(super) fn strings(&mut self, of_param: &str, asked: &'q [StringMatch]) -> Vec<Source> {
        asked
            .iter()
            .map(|one| {
                let (condition, is_point) = match one {
                    StringMatch::Starts(beginning) => (self.begins_with("i.norm", beginning), false),
                    StringMatch::Contains(part) => {
                        let pattern = self.bind(format!("%{}%", escaped(part)));
                        (format!("i.norm LIKE {pattern} ESCAPE '\\'"), false)
                    }
                    StringMatch::Exact(whole) => {
                        let (norm, exact) = (self.bind(normalise(whole)), self.bind(exact_code(whole)));
                        (format!("(i.norm = {norm} AND i.exact_code = {exact})"), true)
                    }
                };
                Source { table: IndexTable::String, condition: format!("{of_param} AND {condition}"), is_point }
            })
            .collect()
    }

    /// That a text begins with another, as a range of the texts in their order.
    pub(super) fn begins_with(&mut self, column: &str, beginning: &str) -> String {
        let low = self.bind(beginning.to_owned());
        match behind_all(beginning) {
            Some(end) => format!("({column} >= {low} AND {column} < {})", self.bind(end)),
            None => format!("{column} >= {low}"),
        }
    }
}

/// A pattern that means these letters and no others.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        if matches!(letter, '%' | '_' | '\\') {
            escaped.push('\\');
        }
        escaped.push(letter);
    }
    escaped
}

/// The first text behind all that begin so; none if there is no such text.
fn behind_all(beginning: &str) -> Option<String> {
    let mut letters: Vec<char> = beginning.chars().collect();
    while let Some(last) = letters.pop() {
        if let Some(next) = (last..=char::MAX).nth(1) {
            letters.push(next);
            return Some(letters.into_iter().collect());
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_text_behind_all_that_begin_so_is_found_for_every_last_letter() {
        let check = |beginning: &str, expected: Option<&str>| assert_eq!(behind_all(beginning).as_deref(), expected);
        check("ab", Some("ac"));
        check("a\u{d7ff}", Some("a\u{e000}"));
        check("a\u{10ffff}\u{10ffff}", Some("b"));
        check("\u{10ffff}", None);
        check("", None);
        assert_eq!(escaped("5% _a\\"), "5\\% \\_a\\\\");
    }
}
