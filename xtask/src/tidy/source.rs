//! A Rust file taken apart just far enough for the rules: its code, its string literals, its comments, its tests.

use super::scanner::scan;

/// A Rust file, line by line.
#[derive(Debug, Default)]
pub(crate) struct Source {
    /// The code of each line: comments gone, the insides of string and character literals gone, their quotes kept.
    pub(crate) code: Vec<String>,
    /// The comments of each line, documentation included.
    pub(crate) comments: Vec<String>,
    /// Whether the line belongs to an item under `#[cfg(test)]`.
    pub(crate) is_test: Vec<bool>,
    /// Every string literal with the line it starts on (counted from 1).
    pub(crate) literals: Vec<(usize, String)>,
}

impl Source {
    /// Takes a file apart. Text that is no Rust gives some answer and no panic.
    pub(crate) fn parse(text: &str) -> Source {
        let mut source = scan(text);
        source.mark_tests();
        source
    }

    /// The code as one text, lines joined with line feeds.
    pub(crate) fn joined(&self) -> String {
        self.code.join("\n")
    }

    fn mark_tests(&mut self) {
        self.is_test = vec![false; self.code.len()];
        let mut from = 0;
        while let Some(start) = (from..self.code.len()).find(|&at| is_test_attribute(&self.code[at])) {
            let end = if self.code[start].contains("#![cfg") { self.code.len() - 1 } else { self.end_of_item(start) };
            self.is_test[start..=end].fill(true);
            from = end + 1;
        }
    }

    /// The line on which the item ends whose attribute is on line `start`.
    fn end_of_item(&self, start: usize) -> usize {
        let mut depth = 0_usize;
        for at in start..self.code.len() {
            let line =
                if at == start { self.code[at].rsplit("]").next().unwrap_or_default() } else { self.code[at].as_str() };
            for c in line.chars() {
                match c {
                    '{' => depth += 1,
                    '}' if depth <= 1 => return at,
                    '}' => depth -= 1,
                    ';' if depth == 0 => return at,
                    _ => {}
                }
            }
        }
        self.code.len() - 1
    }
}

fn is_test_attribute(code: &str) -> bool {
    ["#[cfg(test)", "#[cfg(any(test", "#[cfg(all(test", "#![cfg(test)"].iter().any(|start| code.contains(start))
}

/// Where in `code` the words of `needle` stand, not as part of longer words; counted in bytes.
pub(crate) fn find_word(code: &str, needle: &str) -> Option<usize> {
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    code.match_indices(needle).map(|(at, _)| at).find(|&at| {
        let before = code[..at].chars().next_back().is_some_and(is_word);
        let after = code[at + needle.len()..].chars().next().is_some_and(is_word);
        !(before && needle.starts_with(is_word) || after && needle.ends_with(is_word))
    })
}

/// Whether `code` speaks of `needle`, not as part of a longer word.
pub(crate) fn mentions(code: &str, needle: &str) -> bool {
    find_word(code, needle).is_some()
}

/// The identifier that `text` starts with.
pub(crate) fn identifier(text: &str) -> &str {
    let end = text.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(text.len());
    &text[..end]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_and_the_insides_of_literals_are_no_code() {
        let source = Source::parse(
            "let a = \"todo!(\"; // FIXME\n/* x /* y */ z */ b('\"', '\\'', '\\u{7b}');\nf::<'a>(r#\"x\"y\"#)",
        );
        assert_eq!(source.code, ["let a = \"\"; ", " b('', '', '');", "f::<'a>(r#\"\"#)"]);
        assert_eq!(source.comments, ["// FIXME", "/* x /* y */ z */", ""]);
        assert_eq!(source.literals, [(1, "todo!(".to_owned()), (3, "x\"y".to_owned())]);
    }

    #[test]
    fn prefixes_escapes_and_several_lines_are_read_as_rust_does() {
        let source = Source::parse("b\"\\\"x\" b'\\n' br\"\\\" r#type c\"z\" \"one\n two\" end");
        assert_eq!(
            source.literals.iter().map(|(line, text)| (*line, text.as_str())).collect::<Vec<_>>(),
            [(1, "\\\"x"), (1, "\\"), (1, "z"), (1, "one\n two")]
        );
        assert_eq!(source.code[1], "\" end");
    }

    #[test]
    fn an_item_under_cfg_test_is_test_code_to_its_last_brace() {
        let source = Source::parse(
            "fn a() {}\n#[cfg(test)]\nmod tests {\n    fn b() { \"}\"; }\n}\nfn c() {}\n#[cfg(test)]\nuse x;\nfn d() {}",
        );
        assert_eq!(source.is_test, [false, true, true, true, true, false, true, true, false]);
        assert!(Source::parse("//! x\n#![cfg(test)]\nfn a() {}\nfn b() {}").is_test[2..].iter().all(|test| *test));
    }

    #[test]
    fn what_is_cut_short_ends_without_a_panic() {
        for text in ["", "\"", "'", "'\\", "r#\"x", "/* /*", "#[cfg(test)]", "b", "br#"] {
            Source::parse(text);
        }
    }

    #[test]
    fn a_word_is_found_only_whole() {
        assert!(mentions("use std::fs;", "std::fs") && mentions("rand::fill()", "rand"));
        assert!(!mentions("use std::fsx;", "std::fs") && !mentions("operand::x", "rand"));
        assert_eq!(find_word("brand rand", "rand"), Some(6));
    }
}
