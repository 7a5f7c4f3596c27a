//! Lines of JSON, one resource each (PHR-2, PHR-3, PHR-7; NDJSON as Bulk Data has it): split within bounded memory.

use std::io::{BufRead, ErrorKind, Result};

/// The longest line unless told otherwise: 64 MiB (PHR-7).
pub const DEFAULT_MAX_LINE_BYTES: usize = 64 << 20;

const BYTE_ORDER_MARK: &[u8] = b"\xEF\xBB\xBF";

/// A line that is not blank.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Line<'r> {
    /// A line within the limit.
    Whole {
        /// Its number in the file, from 1; blank lines count.
        number: u64,
        /// Where the first of these bytes is in the file.
        offset: u64,
        /// Its bytes, without the line's end and a byte order mark.
        bytes: &'r [u8],
    },
    /// A line longer than the limit; it was passed over.
    Overlong {
        /// Its number in the file, from 1; blank lines count.
        number: u64,
        /// Where it begins in the file.
        offset: u64,
        /// How many bytes it has, without the line feed.
        length: u64,
    },
}

impl std::fmt::Debug for Line<'_> {
    /// Place and length only: the text may be health data.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (name, number, offset, length) = match self {
            Line::Whole { number, offset, bytes } => ("Whole", number, offset, bytes.len() as u64),
            Line::Overlong { number, offset, length } => ("Overlong", number, offset, *length),
        };
        f.debug_struct(name).field("number", number).field("offset", offset).field("length", &length).finish()
    }
}

/// Splits what a reader gives into lines. Lines end with LF or CRLF, the last may lack it; blank lines are passed over, and so
/// is a byte order mark, which stands at the start of a file and, where files were joined, of a line.
pub struct LineReader<R> {
    reader: R,
    max_line_bytes: usize,
    line: Vec<u8>,
    n_lines: u64,
    offset: u64,
}

/// How a line ended.
struct LineEnd {
    /// Bytes of the line without its line feed.
    length: u64,
    has_line_feed: bool,
}

impl<R: BufRead> LineReader<R> {
    /// Reads lines of up to [`DEFAULT_MAX_LINE_BYTES`].
    pub fn new(reader: R) -> Self {
        Self::with_limit(reader, DEFAULT_MAX_LINE_BYTES)
    }

    /// Reads lines of up to `max_line_bytes`, the line's end not counted; memory stays within twice as much.
    pub fn with_limit(reader: R, max_line_bytes: usize) -> Self {
        Self { reader, max_line_bytes, line: Vec::new(), n_lines: 0, offset: 0 }
    }

    /// The next line that is not blank. None at the end; an error only when reading itself fails.
    pub fn next_line(&mut self) -> Result<Option<Line<'_>>> {
        loop {
            let offset = self.offset;
            let end = self.read_line()?;
            if end.length == 0 && !end.has_line_feed {
                return Ok(None);
            }
            self.n_lines += 1;
            self.offset += end.length + u64::from(end.has_line_feed);
            let number = self.n_lines;
            if end.length > self.line.len() as u64 {
                return Ok(Some(Line::Overlong { number, offset, length: end.length }));
            }
            let from = if self.line.starts_with(BYTE_ORDER_MARK) { BYTE_ORDER_MARK.len() } else { 0 };
            let to = if self.line.ends_with(b"\r") { self.line.len() - 1 } else { self.line.len() };
            if to.saturating_sub(from) > self.max_line_bytes {
                return Ok(Some(Line::Overlong { number, offset, length: end.length }));
            }
            if self.line.get(from..to).is_some_and(|bytes| !bytes.trim_ascii().is_empty()) {
                return Ok(Some(Line::Whole { number, offset: offset + from as u64, bytes: &self.line[from..to] }));
            }
        }
    }

    /// Reads up to and including the next line feed. `line` holds the line; of an overlong one, nothing.
    fn read_line(&mut self) -> Result<LineEnd> {
        // Room for what is not counted: a byte order mark and a carriage return.
        let max_kept = self.max_line_bytes.saturating_add(BYTE_ORDER_MARK.len() + 1) as u64;
        self.line.clear();
        let mut length = 0;
        loop {
            let available = match self.reader.fill_buf() {
                Err(error) if error.kind() == ErrorKind::Interrupted => continue,
                filled => filled?,
            };
            let line_feed = available.iter().position(|byte| *byte == b'\n');
            let part = &available[..line_feed.unwrap_or(available.len())];
            length += part.len() as u64;
            if length > max_kept {
                self.line.clear();
            } else {
                self.line.extend_from_slice(part);
            }
            let (n_read, is_end) = (part.len() + usize::from(line_feed.is_some()), available.is_empty());
            self.reader.consume(n_read);
            if line_feed.is_some() || is_end {
                return Ok(LineEnd { length, has_line_feed: line_feed.is_some() });
            }
        }
    }
}
