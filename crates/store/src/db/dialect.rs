//! The few words in which the two databases differ. SQL is written once; this file lists everything that is changed in it.
//!
//! Words are recognised in capitals only, outside literals, quoted names and comments.

use std::borrow::Cow;

/// Words and what stands for them; the first that fits wins, so longer ones come first.
type Words = &'static [(&'static [&'static str], &'static str)];

// The one writer of SQLite has the whole database to itself.
const SQLITE: Words =
    &[(&["FOR", "UPDATE", "SKIP", "LOCKED"], ""), (&["FOR", "UPDATE"], ""), (&["FOR", "NO", "KEY", "UPDATE"], "")];

// INTEGER is what makes `BIGINT PRIMARY KEY` the row's own number, and what STRICT tables take.
const SQLITE_SCHEMA: Words = &[(&["GENERATED", "BY", "DEFAULT", "AS", "IDENTITY"], ""), (&["BIGINT"], "INTEGER")];

const POSTGRES: Words = &[(&["BLOB"], "BYTEA")];

// Text compares byte by byte, as it does on SQLite, whatever the server's language is.
const POSTGRES_SCHEMA: Words = &[
    (&["WITHOUT", "ROWID", ",", "STRICT"], ""),
    (&["STRICT", ",", "WITHOUT", "ROWID"], ""),
    (&["WITHOUT", "ROWID"], ""),
    (&["STRICT"], ""),
    (&["BLOB"], "BYTEA"),
    (&["AS", "TEXT"], "AS TEXT"),
    (&["TEXT"], "TEXT COLLATE \"C\""),
];

/// A statement as SQLite takes it: parameters `?1`, no row locks.
#[must_use]
pub fn for_sqlite(sql: &str) -> Cow<'_, str> {
    if sql.contains('$') || sql.contains("FOR ") { Cow::Owned(rewrite(sql, SQLITE, "?")) } else { Cow::Borrowed(sql) }
}

/// A migration as SQLite takes it.
#[must_use]
pub fn schema_for_sqlite(sql: &str) -> String {
    rewrite(sql, SQLITE_SCHEMA, "?")
}

/// A statement as PostgreSQL takes it.
#[must_use]
pub fn for_postgres(sql: &str) -> Cow<'_, str> {
    if sql.contains("BLOB") { Cow::Owned(rewrite(sql, POSTGRES, "$")) } else { Cow::Borrowed(sql) }
}

/// A migration as PostgreSQL takes it.
#[must_use]
pub fn schema_for_postgres(sql: &str) -> String {
    rewrite(sql, POSTGRES_SCHEMA, "$")
}

/// Whether this word stands in the statement, outside literals and comments.
pub(super) fn has_word(sql: &str, word: &str) -> bool {
    pieces(sql).iter().any(|piece| matches!(piece, Piece::Token(token) if token.eq_ignore_ascii_case(word)))
}

/// Whether a name can stand in a statement as it is: lower case, digits and `_`, at most 63 of them.
pub(super) fn is_identifier(name: &str) -> bool {
    let rest = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
    let first = |byte: &u8| byte.is_ascii_lowercase() || *byte == b'_';
    name.len() <= 63 && name.as_bytes().first().is_some_and(first) && name.bytes().all(rest)
}

#[derive(Clone, Copy)]
enum Piece<'a> {
    /// A word, or a single other character.
    Token(&'a str),
    /// The digits of `$12`.
    Param(&'a str),
    /// Space, a literal, a quoted name, a comment.
    Verbatim(&'a str),
}

fn rewrite(sql: &str, words: Words, param: &str) -> String {
    let pieces = pieces(sql);
    let mut text = String::with_capacity(sql.len() + 16);
    let mut at = 0;
    while let Some(piece) = pieces.get(at) {
        if let Some((after, instead)) = words.iter().find_map(|(from, to)| Some((phrase(&pieces, at, from)?, to))) {
            text.push_str(instead);
            at = after;
            continue;
        }
        match piece {
            Piece::Token(token) => text.push_str(token),
            Piece::Param(digits) => {
                text.push_str(param);
                text.push_str(digits);
            }
            Piece::Verbatim(part) => text.push_str(part),
        }
        at += 1;
    }
    text
}

/// The place after these words, if they stand here, whatever space is between them.
fn phrase(pieces: &[Piece<'_>], start: usize, words: &[&str]) -> Option<usize> {
    let mut at = start;
    for (n, word) in words.iter().enumerate() {
        while n > 0 && matches!(pieces.get(at), Some(Piece::Verbatim(space)) if space.trim().is_empty()) {
            at += 1;
        }
        if !matches!(pieces.get(at), Some(Piece::Token(token)) if token == word) {
            return None;
        }
        at += 1;
    }
    Some(at)
}

fn pieces<'a>(sql: &'a str) -> Vec<Piece<'a>> {
    let mut pieces = Vec::new();
    let mut rest = sql;
    while let Some(first) = rest.chars().next() {
        let (length, piece): (usize, fn(&'a str) -> Piece<'a>) = match first {
            '\'' | '"' => (quoted(rest, first), Piece::Verbatim),
            '-' if rest.starts_with("--") => (rest.find('\n').unwrap_or(rest.len()), Piece::Verbatim),
            '/' if rest.starts_with("/*") => (rest.find("*/").map_or(rest.len(), |end| end + 2), Piece::Verbatim),
            '$' if digits(&rest[1..]) > 0 => (1 + digits(&rest[1..]), |text| Piece::Param(&text[1..])),
            _ if first.is_whitespace() => (while_true(rest, char::is_whitespace), Piece::Verbatim),
            _ if is_word(first) => (while_true(rest, is_word), Piece::Token),
            _ => (first.len_utf8(), Piece::Token),
        };
        let (now, later) = rest.split_at(length);
        pieces.push(piece(now));
        rest = later;
    }
    pieces
}

/// Length of a literal or quoted name; a doubled quote is two of them in a row, which comes to the same.
fn quoted(text: &str, quote: char) -> usize {
    text[1..].find(quote).map_or(text.len(), |end| end + 2)
}

fn digits(text: &str) -> usize {
    while_true(text, |c| c.is_ascii_digit())
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

fn while_true(text: &str, is: impl Fn(char) -> bool) -> usize {
    text.find(|c| !is(c)).unwrap_or(text.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_become_numbered_question_marks_but_not_in_literals_names_or_comments() {
        let check = |sql: &str, expect: &str| assert_eq!(for_sqlite(sql), expect);
        check("SELECT a FROM t WHERE b = $2 AND c IN ($1,$12)", "SELECT a FROM t WHERE b = ?2 AND c IN (?1,?12)");
        check(
            "SELECT '$1', \"$2\", 'it''s $3' -- $4\n, $5 /* $6 */",
            "SELECT '$1', \"$2\", 'it''s $3' -- $4\n, ?5 /* $6 */",
        );
        check("SELECT 'Ü$1' || $1 || 'open $2", "SELECT 'Ü$1' || ?1 || 'open $2");
        check("SELECT $x, $", "SELECT $x, $");
    }

    #[test]
    fn row_locks_are_left_out_for_the_one_writer() {
        let check = |sql: &str, expect: &str| assert_eq!(for_sqlite(sql).trim_end(), expect);
        check("SELECT a FROM t WHERE b = $1 FOR UPDATE", "SELECT a FROM t WHERE b = ?1");
        check("SELECT a FROM t LIMIT 1 FOR  UPDATE\nSKIP LOCKED", "SELECT a FROM t LIMIT 1");
        check("SELECT 'FOR UPDATE'", "SELECT 'FOR UPDATE'");
    }

    #[test]
    fn a_schema_is_written_once_in_words_for_both() {
        let sql = "CREATE TABLE t (id BIGINT GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY, text_a TEXT NOT NULL, b BLOB) \
                   WITHOUT ROWID, STRICT; -- a TEXT\nCREATE INDEX i ON t (CAST(b AS TEXT))";
        assert_eq!(
            schema_for_sqlite(sql),
            "CREATE TABLE t (id INTEGER  PRIMARY KEY, text_a TEXT NOT NULL, b BLOB) \
             WITHOUT ROWID, STRICT; -- a TEXT\nCREATE INDEX i ON t (CAST(b AS TEXT))"
        );
        assert_eq!(
            schema_for_postgres(sql),
            "CREATE TABLE t (id BIGINT GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY, text_a TEXT COLLATE \"C\" NOT NULL, b BYTEA) \
             ; -- a TEXT\nCREATE INDEX i ON t (CAST(b AS TEXT))"
        );
    }

    #[test]
    fn names_are_plain_or_refused() {
        for good in ["t", "_t", "access_log_2"] {
            assert!(is_identifier(good), "{good}");
        }
        let long = "a".repeat(64);
        for bad in ["", "2t", "a b", "a;drop", "a\"", "Tab", "ü", long.as_str()] {
            assert!(!is_identifier(bad), "{bad}");
        }
    }
}
