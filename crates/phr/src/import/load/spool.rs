//! Lines sorted by whom they are about, sealed in a scratch file: memory is bounded by what waits to be written.

use std::collections::{HashMap, HashSet, VecDeque};

use mecum_store::{Scratch, Segment};

use super::whose::Token;
use crate::Failure;

/// Bytes of one slot written in one piece.
const PIECE_BYTES: usize = 256 << 10;

/// Bytes of all slots that wait to be written.
const MAX_WAITING_BYTES: usize = 32 << 20;

/// A line or entry of one of the files. Not `Debug`: it is somebody's health data.
pub(super) struct Line {
    /// Which file.
    pub(super) unit: usize,
    /// Which line or entry of it.
    pub(super) number: u64,
    /// What a Bundle calls it.
    pub(super) address: Option<String>,
    /// The resource as it came, minified; or what came in its place.
    pub(super) text: Vec<u8>,
}

/// The lines about the same people, as far as that is known while reading.
pub(super) struct Slot {
    pub(super) tokens: Vec<Token>,
    pub(super) n_lines: u64,
    /// The files they are in.
    pub(super) units: Vec<usize>,
    /// Files and references in them that may lead to what belongs to nobody.
    pub(super) wanted: HashSet<(usize, String)>,
    waiting: Vec<u8>,
    pieces: Vec<Segment>,
}

/// All slots.
pub(super) struct Spool {
    scratch: Scratch,
    pub(super) slots: Vec<Slot>,
    by_tokens: HashMap<Vec<Token>, usize>,
    n_waiting: usize,
}

impl Spool {
    pub(super) fn new(scratch: Scratch) -> Spool {
        Spool { scratch, slots: Vec::new(), by_tokens: HashMap::new(), n_waiting: 0 }
    }

    /// Puts a line to those about the same people.
    pub(super) fn put(&mut self, tokens: Vec<Token>, line: &Line, wanted: Vec<(usize, String)>) -> Result<(), Failure> {
        let next = self.slots.len();
        let place = *self.by_tokens.entry(tokens).or_insert_with_key(|tokens| {
            let (wanted, waiting, pieces) = (HashSet::new(), Vec::new(), Vec::new());
            self.slots.push(Slot { tokens: tokens.clone(), n_lines: 0, units: Vec::new(), wanted, waiting, pieces });
            next
        });
        let slot = &mut self.slots[place];
        let before = slot.waiting.len();
        line.write(&mut slot.waiting);
        slot.n_lines += 1;
        slot.wanted.extend(wanted);
        if slot.units.last() != Some(&line.unit) {
            slot.units.push(line.unit);
        }
        self.n_waiting += slot.waiting.len() - before;
        if slot.waiting.len() >= PIECE_BYTES {
            self.n_waiting -= slot.waiting.len();
            slot.flush(&mut self.scratch)?;
        }
        if self.n_waiting >= MAX_WAITING_BYTES { self.flush() } else { Ok(()) }
    }

    /// Writes what waits.
    pub(super) fn flush(&mut self) -> Result<(), Failure> {
        for slot in &mut self.slots {
            slot.flush(&mut self.scratch)?;
        }
        self.n_waiting = 0;
        Ok(())
    }

    /// Puts something by itself.
    pub(super) fn keep(&mut self, text: &str) -> Result<Segment, Failure> {
        Ok(self.scratch.append(text.as_bytes())?)
    }

    /// What was put by itself.
    pub(super) fn kept(&self, segment: Segment) -> Result<Vec<u8>, Failure> {
        Ok(self.scratch.read(segment)?)
    }

    /// The lines of these slots in the order of the files.
    pub(super) fn lines(&self, slots: &[usize]) -> Lines<'_> {
        let heads = slots.iter().map(|slot| Head { pieces: &self.slots[*slot].pieces, lines: VecDeque::new() });
        Lines { scratch: &self.scratch, heads: heads.collect() }
    }
}

impl Slot {
    fn flush(&mut self, scratch: &mut Scratch) -> Result<(), Failure> {
        if !self.waiting.is_empty() {
            self.pieces.push(scratch.append(&self.waiting)?);
            self.waiting = Vec::new();
        }
        Ok(())
    }
}

/// The lines of some slots; of each slot one piece is in memory.
pub(super) struct Lines<'a> {
    scratch: &'a Scratch,
    heads: Vec<Head<'a>>,
}

struct Head<'a> {
    pieces: &'a [Segment],
    lines: VecDeque<Line>,
}

impl Lines<'_> {
    /// The next line.
    pub(super) fn next(&mut self) -> Result<Option<Line>, Failure> {
        for head in &mut self.heads {
            if head.lines.is_empty()
                && let Some((piece, rest)) = head.pieces.split_first()
            {
                head.pieces = rest;
                head.lines = read_lines(&self.scratch.read(*piece)?)?;
            }
        }
        let first = self.heads.iter_mut().filter(|head| !head.lines.is_empty()).min_by_key(|head| {
            let line = &head.lines[0];
            (line.unit, line.number)
        });
        Ok(first.and_then(|head| head.lines.pop_front()))
    }
}

impl Line {
    fn write(&self, out: &mut Vec<u8>) {
        out.extend((self.unit as u64).to_le_bytes());
        out.extend(self.number.to_le_bytes());
        let address = self.address.as_deref();
        out.extend(address.map_or(u64::MAX, |address| address.len() as u64).to_le_bytes());
        out.extend((self.text.len() as u64).to_le_bytes());
        out.extend(address.unwrap_or_default().as_bytes());
        out.extend(&self.text);
    }
}

fn read_lines(mut bytes: &[u8]) -> Result<VecDeque<Line>, Failure> {
    let mut lines = VecDeque::new();
    while !bytes.is_empty() {
        let line = read_line(&mut bytes);
        lines.push_back(line.ok_or_else(|| Failure::Broken("a sorted line cannot be read back".to_owned()))?);
    }
    Ok(lines)
}

fn read_line(bytes: &mut &[u8]) -> Option<Line> {
    let unit = usize::try_from(number(bytes)?).ok()?;
    let line = number(bytes)?;
    let address_len = number(bytes)?;
    let text_len = usize::try_from(number(bytes)?).ok()?;
    let address = match address_len {
        u64::MAX => None,
        len => Some(String::from_utf8(run(bytes, usize::try_from(len).ok()?)?).ok()?),
    };
    Some(Line { unit, number: line, address, text: run(bytes, text_len)? })
}

fn number(bytes: &mut &[u8]) -> Option<u64> {
    let (head, rest) = bytes.split_first_chunk::<8>()?;
    *bytes = rest;
    Some(u64::from_le_bytes(*head))
}

fn run(bytes: &mut &[u8], len: usize) -> Option<Vec<u8>> {
    let (head, rest) = bytes.split_at_checked(len)?;
    *bytes = rest;
    Some(head.to_vec())
}
