//! Reads Rust's lexical grammar as far as comments, strings and characters go (The Rust Reference, "Lexical structure").

use super::source::Source;

/// Tells code, comments and literals apart; the tests are not marked yet.
pub(crate) fn scan(text: &str) -> Source {
    let mut scanner = Scanner { chars: text.chars().collect(), at: 0, source: Source::default() };
    scanner.new_line();
    scanner.run();
    scanner.source
}

struct Scanner {
    chars: Vec<char>,
    at: usize,
    source: Source,
}

impl Scanner {
    fn run(&mut self) {
        while let Some(c) = self.peek(0) {
            match (c, self.peek(1)) {
                ('/', Some('/')) => self.line_comment(),
                ('/', Some('*')) => self.block_comment(),
                ('"', _) => self.string(0, true),
                ('\'', _) => self.quote(),
                ('r' | 'b' | 'c', _) if !self.follows_word() => self.prefixed(),
                _ => self.keep(),
            }
        }
    }

    fn peek(&self, ahead: usize) -> Option<char> {
        self.chars.get(self.at + ahead).copied()
    }

    fn new_line(&mut self) {
        self.source.code.push(String::new());
        self.source.comments.push(String::new());
    }

    /// Takes one character and, at the end of a line, starts the next.
    fn take(&mut self) -> Option<char> {
        let c = self.peek(0)?;
        self.at += 1;
        if c == '\n' {
            self.new_line();
        }
        Some(c)
    }

    /// Keeps one character as code.
    fn keep(&mut self) {
        if let Some(c) = self.take().filter(|&c| c != '\n') {
            self.code().push(c);
        }
    }

    fn code(&mut self) -> &mut String {
        self.source.code.last_mut().expect("a line is pushed before the first character is read")
    }

    fn follows_word(&self) -> bool {
        self.at > 0 && self.chars.get(self.at - 1).is_some_and(|c| c.is_alphanumeric() || *c == '_')
    }

    fn comment(&mut self, c: char) {
        if c != '\n' {
            self.source.comments.last_mut().expect("a line is pushed before the first character is read").push(c);
        }
    }

    fn line_comment(&mut self) {
        while let Some(c) = self.peek(0).filter(|&c| c != '\n') {
            self.comment(c);
            self.at += 1;
        }
    }

    fn block_comment(&mut self) {
        let mut depth = 0_usize;
        loop {
            let pair = (self.peek(0), self.peek(1));
            let Some(c) = self.take() else { return };
            self.comment(c);
            match pair {
                (Some('/'), Some('*')) => depth += 1,
                (Some('*'), Some('/')) => depth -= 1,
                _ => continue,
            }
            // The second character of the mark; it is never the first of another.
            if let Some(c) = self.take() {
                self.comment(c);
            }
            if depth == 0 {
                return;
            }
        }
    }

    /// A literal that starts with a letter (`r"…"`, `b'…'`, `br#"…"#`), a raw identifier, or a plain word.
    fn prefixed(&mut self) {
        let mut letters = 0;
        while self.peek(letters).is_some_and(|c| matches!(c, 'r' | 'b' | 'c')) && letters < 2 {
            letters += 1;
        }
        let is_raw = (0..letters).any(|ahead| self.peek(ahead) == Some('r'));
        let mut hashes = 0;
        while is_raw && self.peek(letters + hashes) == Some('#') {
            hashes += 1;
        }
        match self.peek(letters + hashes) {
            Some('"') => {
                (0..letters + hashes).for_each(|_| self.keep());
                self.string(hashes, !is_raw);
            }
            Some('\'') if !is_raw => {
                (0..letters).for_each(|_| self.keep());
                self.quote();
            }
            _ => self.keep(),
        }
    }

    /// A string from its opening quote on.
    fn string(&mut self, hashes: usize, has_escapes: bool) {
        let line = self.source.code.len();
        let mut text = String::new();
        self.keep();
        while let Some(c) = self.peek(0) {
            if c == '"' && (1..=hashes).all(|ahead| self.peek(ahead) == Some('#')) {
                (0..=hashes).for_each(|_| self.keep());
                break;
            }
            self.take();
            text.push(c);
            if c == '\\'
                && has_escapes
                && let Some(escaped) = self.take()
            {
                text.push(escaped);
            }
        }
        self.source.literals.push((line, text));
    }

    /// A character literal or a lifetime.
    fn quote(&mut self) {
        self.keep();
        if self.peek(0) == Some('\\') {
            self.take();
            self.take();
            while self.peek(0).is_some_and(|c| c != '\'' && c != '\n') {
                self.take();
            }
            self.keep();
        } else if self.peek(1) == Some('\'') {
            self.take();
            self.keep();
        }
    }
}
