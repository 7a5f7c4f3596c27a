//! `_content` and `_text` (R4 search.html#content): all words occur, the last one as a beginning.

use super::sql::{Sql, union};
use crate::index::{FEWEST_LETTERS, MOST_LETTERS, prefix_code, term_code};
use crate::seal::RecordKey;

impl Sql<'_> {
    /// The entries of the versions in which all the words of one of the lists occur.
    pub(super) fn words(&mut self, key: &RecordKey, any_of: &[Vec<String>], narrative_only: bool) -> String {
        let each: Vec<String> = any_of.iter().filter_map(|words| self.all_words(key, words, narrative_only)).collect();
        if each.is_empty() {
            return "SELECT i.entry_no FROM term_index i WHERE i.record_id = $1 AND 1 = 0".to_owned();
        }
        union(&each)
    }

    fn all_words(&mut self, key: &RecordKey, words: &[String], narrative_only: bool) -> Option<String> {
        let (last, others) = words.split_last()?;
        let mut terms: Vec<String> = others.iter().map(|word| self.term(key, word)).collect();
        terms.push(self.last_term(key, last));
        let narrative = if narrative_only { " AND i.narrative = 1" } else { "" };
        let each: Vec<String> = terms
            .into_iter()
            .map(|term| format!("SELECT i.entry_no FROM term_index i WHERE i.record_id = $1 AND {term}{narrative}"))
            .collect();
        let name = self.alias();
        Some(format!("SELECT {name}.entry_no FROM ({}) {name}", each.join(" INTERSECT ")))
    }

    fn term(&mut self, key: &RecordKey, word: &str) -> String {
        format!("i.term = {}", self.bind(term_code(key, word)))
    }

    /// A short word is a word like the others; of a long one the first letters count.
    fn last_term(&mut self, key: &RecordKey, word: &str) -> String {
        if word.chars().count() < FEWEST_LETTERS {
            return self.term(key, word);
        }
        let end = word.char_indices().nth(MOST_LETTERS).map_or(word.len(), |(at, _)| at);
        let prefix = self.bind(prefix_code(key, &word[..end]));
        format!("i.term IN (SELECT p.term FROM term_prefix p WHERE p.record_id = $1 AND p.prefix = {prefix})")
    }
}
