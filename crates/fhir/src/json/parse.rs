//! One pass over a JSON text (RFC 8259): it is checked, minified and laid out on a flat tape, without an allocation per node.

use std::ops::Range;

use super::duplicates;
use super::element::Element;
use super::error::{JsonError, JsonErrorKind};
use super::scan;
use super::tape::{Node, NodeKind};

/// Bounds on a JSON text from outside.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// The longest text, in bytes; more than 4 GiB is never accepted.
    pub max_bytes: usize,
    /// The deepest nesting of arrays and objects.
    pub max_depth: usize,
    /// The most values and member names together.
    pub max_nodes: usize,
}

impl Default for Limits {
    /// 64 MiB (PHR-7), 128 levels, 8 Mi nodes.
    fn default() -> Self {
        Self { max_bytes: 64 << 20, max_depth: 128, max_nodes: 8 << 20 }
    }
}

/// A JSON text minified and parsed once: insignificant whitespace is gone, every token is as it was written.
#[derive(Clone)]
pub struct Json {
    pub(super) text: String,
    pub(super) tape: Vec<Node>,
    pub(super) duplicates: Vec<Range<usize>>,
}

impl Json {
    /// Parses strict RFC 8259 in UTF-8 without a byte order mark; the whole input must be one value, and a lone surrogate
    /// escape is an error. A key that repeats in its object is not: see [`Json::duplicate_keys`].
    pub fn parse(input: &[u8], limits: &Limits) -> Result<Json, JsonError> {
        let max_bytes = limits.max_bytes.min(u32::MAX as usize - 1);
        if input.len() > max_bytes {
            return Err(JsonErrorKind::TooLarge.at(max_bytes));
        }
        let text = str::from_utf8(input).map_err(|e| JsonErrorKind::InvalidUtf8.at(e.valid_up_to()))?;
        let mut parser = Parser::new(text, limits);
        parser.parse()?;
        let suspects = std::mem::take(&mut parser.suspects);
        let mut json = Json { text: parser.out, tape: parser.tape, duplicates: Vec::new() };
        json.duplicates = duplicates::repeated_keys(&json, &suspects);
        Ok(json)
    }

    /// The minified text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The minified text, without the tape.
    pub fn into_text(self) -> String {
        self.text
    }

    /// The one value the text holds.
    pub fn root(&self) -> Element<'_> {
        Element::new(self, 0)
    }

    /// The places in [`Json::text`] of keys that already occurred in their object, quotes included, in order of text.
    pub fn duplicate_keys(&self) -> &[Range<usize>] {
        &self.duplicates
    }
}

impl std::fmt::Debug for Json {
    /// Sizes only: the text may be health data.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Json").field("n_bytes", &self.text.len()).field("n_nodes", &self.tape.len()).finish()
    }
}

/// An array or object that is not closed yet.
struct Open {
    index: u32,
    is_object: bool,
    /// One bit for each key seen, by a cheap hash: a bit already set makes the object a suspect of repeated keys.
    keys_seen: u64,
    is_suspect: bool,
}

struct Parser<'i> {
    input: &'i str,
    at: usize,
    /// Where the run of input begins that is not in `out` yet.
    run_start: usize,
    /// Whitespace left out so far: a place in the input less this is the place in the minified text.
    n_removed: usize,
    out: String,
    tape: Vec<Node>,
    open: Vec<Open>,
    suspects: Vec<u32>,
    limits: Limits,
}

impl<'i> Parser<'i> {
    fn new(input: &'i str, limits: &Limits) -> Self {
        Self {
            input,
            at: 0,
            run_start: 0,
            n_removed: 0,
            out: String::with_capacity(input.len()),
            tape: Vec::with_capacity(input.len() / 16 + 1),
            open: Vec::with_capacity(16),
            suspects: Vec::new(),
            limits: *limits,
        }
    }

    fn parse(&mut self) -> Result<(), JsonError> {
        self.skip_whitespace();
        loop {
            let opened = self.value()?;
            if !opened && !self.move_to_next_value()? {
                break;
            }
        }
        if self.at < self.input.len() {
            return Err(JsonErrorKind::ExpectedEnd.at(self.at));
        }
        self.out.push_str(&self.input[self.run_start..]);
        Ok(())
    }

    fn peek(&self) -> Option<u8> {
        self.input.as_bytes().get(self.at).copied()
    }

    /// Whitespace ends the run of input to copy; the run is copied whole.
    fn skip_whitespace(&mut self) {
        let bytes = self.input.as_bytes();
        if !bytes.get(self.at).is_some_and(is_whitespace) {
            return;
        }
        let start = self.at;
        while bytes.get(self.at).is_some_and(is_whitespace) {
            self.at += 1;
        }
        self.out.push_str(&self.input[self.run_start..start]);
        self.n_removed += self.at - start;
        self.run_start = self.at;
    }

    /// Reads the value at hand. True when it opened an array or object whose first value is next.
    fn value(&mut self) -> Result<bool, JsonError> {
        let bytes = self.input.as_bytes();
        let start = self.at;
        let (kind, end) = match self.peek() {
            Some(b'"') => {
                let string = scan::string(bytes, start)?;
                (if string.escaped { NodeKind::EscapedString } else { NodeKind::String }, string.end)
            }
            Some(b'{') => return self.open_object(),
            Some(b'[') => return self.open_array(),
            Some(b'-' | b'0'..=b'9') => (NodeKind::Number, scan::number(bytes, start)?),
            Some(b't') => (NodeKind::True, scan::literal(bytes, start, b"true")?),
            Some(b'f') => (NodeKind::False, scan::literal(bytes, start, b"false")?),
            Some(b'n') => (NodeKind::Null, scan::literal(bytes, start, b"null")?),
            Some(_) => return Err(JsonErrorKind::ExpectedValue.at(start)),
            None => return Err(JsonErrorKind::UnexpectedEnd.at(start)),
        };
        self.push(kind, end)?;
        Ok(false)
    }

    /// After a value: closes what ends here and moves to the next value. False at the end of the root.
    fn move_to_next_value(&mut self) -> Result<bool, JsonError> {
        loop {
            self.skip_whitespace();
            let Some(top) = self.open.last() else { return Ok(false) };
            match (self.peek(), top.is_object) {
                (Some(b','), is_object) => {
                    self.at += 1;
                    self.skip_whitespace();
                    if is_object {
                        self.key()?;
                    }
                    return Ok(true);
                }
                (Some(b'}'), true) | (Some(b']'), false) => self.close(),
                (Some(_), true) => return Err(JsonErrorKind::ExpectedCommaOrBrace.at(self.at)),
                (Some(_), false) => return Err(JsonErrorKind::ExpectedCommaOrBracket.at(self.at)),
                (None, _) => return Err(JsonErrorKind::UnexpectedEnd.at(self.at)),
            }
        }
    }

    fn open_object(&mut self) -> Result<bool, JsonError> {
        self.open(NodeKind::Object)?;
        if self.peek() == Some(b'}') {
            self.close();
            return Ok(false);
        }
        self.key()?;
        Ok(true)
    }

    fn open_array(&mut self) -> Result<bool, JsonError> {
        self.open(NodeKind::Array)?;
        if self.peek() == Some(b']') {
            self.close();
            return Ok(false);
        }
        Ok(true)
    }

    fn open(&mut self, kind: NodeKind) -> Result<(), JsonError> {
        if self.open.len() >= self.limits.max_depth {
            return Err(JsonErrorKind::TooDeep.at(self.at));
        }
        let index = self.push(kind, self.at + 1)?;
        self.open.push(Open { index, is_object: kind == NodeKind::Object, keys_seen: 0, is_suspect: false });
        self.skip_whitespace();
        Ok(())
    }

    /// Closes the innermost array or object, whose closing bracket is at hand.
    fn close(&mut self) {
        self.at += 1;
        if let Some(closed) = self.open.pop() {
            let behind = self.tape.len() as u32;
            let node = &mut self.tape[closed.index as usize];
            node.end = (self.at - self.n_removed) as u32;
            node.next = behind;
            if closed.is_suspect {
                self.suspects.push(closed.index);
            }
        }
    }

    /// Reads a member's name and its colon, up to the value.
    fn key(&mut self) -> Result<(), JsonError> {
        let bytes = self.input.as_bytes();
        let start = self.at;
        match bytes.get(start) {
            Some(b'"') => {}
            Some(_) => return Err(JsonErrorKind::ExpectedKey.at(start)),
            None => return Err(JsonErrorKind::UnexpectedEnd.at(start)),
        }
        let name = scan::string(bytes, start)?;
        if let Some(object) = self.open.last_mut() {
            let bit = key_bit(&bytes[start + 1..name.end - 1]);
            object.is_suspect |= name.escaped || object.keys_seen & bit != 0;
            object.keys_seen |= bit;
        }
        self.push(if name.escaped { NodeKind::EscapedKey } else { NodeKind::Key }, name.end)?;
        self.skip_whitespace();
        match self.peek() {
            Some(b':') => self.at += 1,
            Some(_) => return Err(JsonErrorKind::ExpectedColon.at(self.at)),
            None => return Err(JsonErrorKind::UnexpectedEnd.at(self.at)),
        }
        self.skip_whitespace();
        Ok(())
    }

    /// Puts the token from here to `end` (in the input) on the tape and moves behind it; returns its index.
    fn push(&mut self, kind: NodeKind, end: usize) -> Result<u32, JsonError> {
        if self.tape.len() >= self.limits.max_nodes {
            return Err(JsonErrorKind::TooManyNodes.at(self.at));
        }
        // The casts keep every bit: there are at most as many nodes as bytes, and `Json::parse` refuses 4 GiB.
        let index = self.tape.len() as u32;
        let (start, behind) = ((self.at - self.n_removed) as u32, (end - self.n_removed) as u32);
        self.tape.push(Node { start, end: behind, next: index + 1, kind });
        self.at = end;
        Ok(index)
    }
}

fn is_whitespace(byte: &u8) -> bool {
    matches!(byte, b' ' | b'\n' | b'\r' | b'\t')
}

/// One bit of 64 for a key, from its length and three of its bytes.
fn key_bit(key: &[u8]) -> u64 {
    let sample = match key {
        [] => 0,
        [first, .., last] => u32::from(*first) << 16 | u32::from(key[key.len() / 2]) << 8 | u32::from(*last),
        [only] => u32::from(*only),
    };
    let mixed = (sample ^ (key.len() as u32) << 24).wrapping_mul(0x9E37_79B1);
    1 << (mixed >> 26)
}
