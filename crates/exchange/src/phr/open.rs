//! Lines or one JSON value: told from the content, whatever the file is called (PHR-11).
//!
//! One value is a file of which the first line is the only one, or of which the first line is not a whole value although
//! nothing in it is wrong. If such a file is no JSON after all and single lines of it are resources, it is lines, the first of
//! which was cut off: good lines import (PHR-8).

use std::io::{self, BufRead, Chain, Cursor, Read};
use std::ops::Range;

use mecum_fhir::json::{Json, JsonErrorKind};
use mecum_fhir::resource::Resource;

use super::{Ending, Limits, Reader};
use crate::bundle::{self, Whole};
use crate::item::Item;

/// Why a file cannot be read as resources at all.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The source failed.
    #[error("reading failed")]
    Io(#[from] io::Error),
    /// The file is one JSON value, which is read whole, and too long for that.
    #[error("the file is one JSON value of more than {limit_bytes} bytes; as lines of NDJSON it can be of any length")]
    TooLarge {
        /// The limit that was passed.
        limit_bytes: usize,
    },
}

/// A file of resources; an iterator of its items.
pub enum File<R> {
    /// Lines, read one by one.
    Lines(Reader<Peeked<R>>),
    /// One JSON value, which was read whole.
    Whole(Whole),
}

/// A source with the bytes before it that were looked at.
pub type Peeked<R> = Chain<Cursor<Vec<u8>>, R>;

/// Opens a file of JSON, read from its start: plain, not packed or sealed.
pub fn open<R: BufRead>(source: R, limits: &Limits) -> Result<File<R>, OpenError> {
    let mut peek = Peek { source, bytes: Vec::new() };
    let max_bytes = limits.whole.max_bytes;
    let Next::Line(first) = peek.next_line(max_bytes)? else { return Ok(peek.into_lines(limits)) };
    let second = match peek.next_line(max_bytes)? {
        Next::Line(second) => Some(second),
        Next::TooLong => None,
        Next::End => return Ok(File::Whole(bundle::read(&peek.bytes, limits))),
    };
    if are_lines(&peek.bytes[first], second.map(|second| &peek.bytes[second]), limits) {
        return Ok(peek.into_lines(limits));
    }
    if peek.read_rest(max_bytes)? {
        return Err(OpenError::TooLarge { limit_bytes: max_bytes });
    }
    let whole = bundle::read(&peek.bytes, limits);
    Ok(if whole.is_no_json() && has_resource_line(&peek.bytes, limits) {
        peek.into_lines(limits)
    } else {
        File::Whole(whole)
    })
}

impl<R: BufRead> File<R> {
    /// What can be told of the file, once there are no more items.
    pub fn ending(&self) -> Ending {
        match self {
            Self::Lines(lines) => lines.ending(),
            Self::Whole(whole) => whole.ending(),
        }
    }
}

impl<R: BufRead> Iterator for File<R> {
    type Item = io::Result<Item>;

    fn next(&mut self) -> Option<Self::Item> {
        match self {
            Self::Lines(lines) => lines.next(),
            Self::Whole(whole) => whole.next().map(Ok),
        }
    }
}

/// Whether a file that has more than one line is lines, to judge by its first two.
fn are_lines(first: &[u8], second: Option<&[u8]>, limits: &Limits) -> bool {
    match Json::parse(first, &limits.line) {
        Err(error) if error.kind == JsonErrorKind::UnexpectedEnd => {
            second.is_some_and(|second| Resource::parse(second, &limits.line).is_ok())
        }
        _ => true,
    }
}

fn has_resource_line(bytes: &[u8], limits: &Limits) -> bool {
    let lines = bytes.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii);
    let mut candidates = lines.filter(|line| line.starts_with(b"{") && line.ends_with(b"}"));
    candidates.any(|line| Resource::parse(line, &limits.line).is_ok())
}

/// The beginning of a file, kept while it is looked at.
struct Peek<R> {
    source: R,
    bytes: Vec<u8>,
}

enum Next {
    /// Where the line's content is.
    Line(Range<usize>),
    /// The line is not over although more was read than allowed.
    TooLong,
    End,
}

impl<R: BufRead> Peek<R> {
    /// Reads on to the end of the next line that is not blank, keeping `max_bytes` in all and one more.
    fn next_line(&mut self, max_bytes: usize) -> io::Result<Next> {
        loop {
            let start = self.bytes.len();
            let room = max_bytes.saturating_sub(start) as u64 + 1;
            let n_read = self.source.by_ref().take(room).read_until(b'\n', &mut self.bytes)?;
            if n_read == 0 {
                return Ok(Next::End);
            }
            if self.bytes.len() > max_bytes {
                return Ok(Next::TooLong);
            }
            let line = &self.bytes[start..];
            let from_content = bundle::without_byte_order_mark(line).trim_ascii_start();
            if !from_content.is_empty() {
                let start = start + line.len() - from_content.len();
                return Ok(Next::Line(start..start + from_content.trim_ascii_end().len()));
            }
        }
    }

    /// Reads on to the end of the file. True if it has more than `max_bytes`.
    fn read_rest(&mut self, max_bytes: usize) -> io::Result<bool> {
        let room = max_bytes.saturating_sub(self.bytes.len()) as u64 + 1;
        self.source.by_ref().take(room).read_to_end(&mut self.bytes)?;
        Ok(self.bytes.len() > max_bytes)
    }

    fn into_lines(self, limits: &Limits) -> File<R> {
        File::Lines(Reader::new(Cursor::new(self.bytes).chain(self.source), &limits.line))
    }
}
