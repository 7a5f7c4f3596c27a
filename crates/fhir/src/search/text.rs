//! Texts as search compares them (R4 search.html#string): without accents, case and surplus white space; and their words.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// The longest normalised text, in characters.
pub const MAX_NORMALISED: usize = 128;

/// The longest word, in characters.
pub const MAX_WORD: usize = 40;

/// The shortest word that is kept, in characters.
const MIN_WORD: usize = 2;

/// A text as string parameters compare it: compatibility forms taken apart, accents off, case folded, white space
/// collapsed and trimmed; its first 128 characters.
pub fn normalise(text: &str) -> String {
    match text.is_ascii() {
        true => collapsed(text.chars().map(|c| c.to_ascii_lowercase())),
        false => collapsed(folded(text)),
    }
}

/// The first characters, white space collapsed and trimmed.
fn collapsed(characters: impl Iterator<Item = char>) -> String {
    let mut normalised = String::new();
    let mut n_chars = 0;
    let mut is_between_words = false;
    for c in characters {
        if c.is_whitespace() {
            is_between_words = n_chars > 0;
            continue;
        }
        let n_more = 1 + usize::from(is_between_words);
        if n_chars + n_more > MAX_NORMALISED {
            break;
        }
        if std::mem::take(&mut is_between_words) {
            normalised.push(' ');
        }
        normalised.push(c);
        n_chars += n_more;
    }
    normalised
}

/// The words of a text as full-text search compares them, in order, repeated ones too: runs of letters and digits,
/// normalised, of two characters or more; a long one is cut after 40.
pub fn terms(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    each_term(text, |term| {
        found.push(term.to_owned());
        true
    });
    found
}

/// Calls `take` with each word until it says that it is enough.
pub(super) fn each_term(text: &str, mut take: impl FnMut(&str) -> bool) {
    let mut word = String::new();
    // No character beyond ASCII makes a word go on across an ASCII space or sign.
    for run in text.split(|c: char| c.is_ascii() && !c.is_ascii_alphanumeric()) {
        let goes_on = if run.is_ascii() {
            word.clear();
            word.extend(run.chars().take(MAX_WORD).map(|c| c.to_ascii_lowercase()));
            run.len() < MIN_WORD || take(&word)
        } else {
            each_term_folded(run, &mut word, &mut take)
        };
        if !goes_on {
            return;
        }
    }
}

/// The same for any characters; whether it goes on.
fn each_term_folded(run: &str, word: &mut String, take: &mut impl FnMut(&str) -> bool) -> bool {
    word.clear();
    let mut n_chars = 0;
    for c in folded(run).chain([' ']) {
        if c.is_alphanumeric() {
            if n_chars < MAX_WORD {
                word.push(c);
            }
            n_chars += 1;
            continue;
        }
        if n_chars >= MIN_WORD && !take(word) {
            return false;
        }
        word.clear();
        n_chars = 0;
    }
    true
}

/// The characters without marks and case. Up and down again is Unicode's case folding but for a few letters of Cherokee.
fn folded(text: &str) -> impl Iterator<Item = char> {
    let plain = text.nfkd().filter(|&c| !is_combining_mark(c));
    let folded = plain.flat_map(char::to_uppercase).flat_map(char::to_lowercase);
    // Taking case away can bring marks and compatibility forms out again.
    folded.nfkd().filter(|&c| !is_combining_mark(c))
}
