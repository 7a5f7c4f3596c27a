//! What of the files is one person's, as a file of its own: this is what the person's record keeps as the original.

use std::io::{self, Read};

use mecum_fhir::json::Writer;

use super::shelf::Wanted;
use super::sort::Sorted;
use super::spool::{Line, Lines};
use crate::Failure;

/// Which lines a part has.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Cut {
    /// The entries of one Bundle.
    Bundle(usize),
    /// The lines of all other files.
    Lines,
}

/// Where a line of a part comes from: the file and the line there; nothing for a copy of what belongs to nobody.
pub(super) type Came = Option<(usize, u64)>;

/// A part, and what to put into it.
pub(super) struct Part {
    pub(super) cut: Cut,
    /// What belongs to nobody and is copied.
    pub(super) copies: Vec<Wanted>,
}

impl Sorted {
    /// Which part the lines of a file go to.
    pub(super) fn cut_of(&self, unit: usize) -> Cut {
        if self.units[unit].is_bundle { Cut::Bundle(unit) } else { Cut::Lines }
    }
}

/// Reads a part as a file: a Bundle of the entries, or one resource on each line.
pub(super) struct PartReader<'a> {
    sorted: &'a Sorted,
    lines: Lines<'a>,
    part: &'a Part,
    n_copied: usize,
    ready: Vec<u8>,
    at: usize,
    is_begun: bool,
    is_ended: bool,
    /// Where each line comes from, in order.
    pub(super) came: Vec<Came>,
}

impl<'a> PartReader<'a> {
    pub(super) fn new(sorted: &'a Sorted, slots: &[usize], part: &'a Part) -> PartReader<'a> {
        PartReader {
            lines: sorted.spool.lines(slots),
            sorted,
            part,
            n_copied: 0,
            ready: Vec::new(),
            at: 0,
            is_begun: false,
            is_ended: false,
            came: Vec::new(),
        }
    }

    /// Makes the next piece ready; `false` at the end.
    fn fill(&mut self) -> Result<bool, Failure> {
        self.ready.clear();
        self.at = 0;
        if self.is_ended {
            return Ok(false);
        }
        let is_bundle = self.part.cut != Cut::Lines;
        if is_bundle && !self.is_begun {
            self.ready.extend(br#"{"resourceType":"Bundle","type":"collection","entry":["#);
        }
        match self.next_line()? {
            Some(line) => self.write(&line),
            None => {
                self.is_ended = true;
                self.ready.extend(if is_bundle { b"]}\n".as_slice() } else { b"" });
            }
        }
        self.is_begun = true;
        Ok(!self.ready.is_empty())
    }

    fn next_line(&mut self) -> Result<Option<Line>, Failure> {
        while let Some(line) = self.lines.next()? {
            if self.sorted.cut_of(line.unit) == self.part.cut {
                self.came.push(Some((line.unit, line.number)));
                return Ok(Some(line));
            }
        }
        let Some((place, address)) = self.part.copies.get(self.n_copied) else { return Ok(None) };
        self.n_copied += 1;
        self.came.push(None);
        let shelved = &self.sorted.shelf.list[*place];
        let text = self.sorted.spool.kept(shelved.text)?;
        Ok(Some(Line { unit: shelved.unit, number: shelved.number, address: address.clone(), text }))
    }

    fn write(&mut self, line: &Line) {
        if self.part.cut == Cut::Lines {
            self.ready.extend(&line.text);
            self.ready.push(b'\n');
            return;
        }
        if self.came.len() > 1 {
            self.ready.extend(b",\n");
        }
        let entry = Writer::object(|entry| {
            entry.str_some("fullUrl", line.address.as_deref()).raw("resource", &String::from_utf8_lossy(&line.text));
        });
        self.ready.extend(entry.as_bytes());
    }
}

impl Read for PartReader<'_> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        if self.at == self.ready.len() && !self.fill().map_err(io::Error::other)? {
            return Ok(0);
        }
        let rest = &self.ready[self.at..];
        let len = rest.len().min(out.len());
        out[..len].copy_from_slice(&rest[..len]);
        self.at += len;
        Ok(len)
    }
}
