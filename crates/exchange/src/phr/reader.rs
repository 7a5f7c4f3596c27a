//! The items of lines, one after another (PHR-2, PHR-3, PHR-7, PHR-8, PHR-57).

use std::io::{self, BufRead};

use mecum_fhir::json::{JsonError, JsonErrorKind, Limits};
use mecum_fhir::ndjson::{Line, LineReader};
use mecum_fhir::resource::{Resource, ResourceFault};

use super::ending::{Ending, Tally};
use crate::cover::{self, Generated};
use crate::item::{Item, ItemContent, Place, Quarantined};

/// Reads lines as items. An error of the source ends the reading.
pub struct Reader<R> {
    lines: LineReader<R>,
    limits: Limits,
    /// The second item, where it had to be seen to know what the first one is.
    ahead: Option<Box<Item>>,
    tally: Tally,
    state: State,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Unread,
    Reading,
    Ended,
}

impl<R: BufRead> Reader<R> {
    /// Reads lines of up to `limits.max_bytes`; a longer one is an item in quarantine.
    pub fn new(source: R, limits: &Limits) -> Self {
        let lines = LineReader::with_limit(source, limits.max_bytes);
        Self { lines, limits: *limits, ahead: None, tally: Tally::default(), state: State::Unread }
    }

    /// What can be told of the file, once there are no more items.
    pub fn ending(&self) -> Ending {
        self.tally.ending()
    }

    /// The first item. An OperationOutcome that is alone in its file is what the file is about, not the sender's complaint.
    fn first(&mut self) -> io::Result<Option<Item>> {
        let Some(mut first) = self.read()? else { return Ok(None) };
        if matches!(first.content, ItemContent::SenderOutcome(_)) {
            self.ahead = self.read()?.map(Box::new);
            if self.ahead.is_none() {
                first.content = first.content.taken_in(&self.limits);
            }
        }
        Ok(Some(first))
    }

    fn read(&mut self) -> io::Result<Option<Item>> {
        let Some(line) = self.lines.next_line()? else { return Ok(None) };
        let (place, content) = match line {
            Line::Whole { number, offset, bytes } => {
                let place = Place { line: number, offset, length: bytes.len() as u64 };
                (place, content_of(bytes, &self.limits, &mut self.tally))
            }
            Line::Overlong { number, offset, length } => {
                self.tally.count(None);
                (Place { line: number, offset, length }, overlong(&self.limits))
            }
        };
        Ok(Some(Item { place, full_url: None, request: None, content }))
    }
}

impl<R: BufRead> Iterator for Reader<R> {
    type Item = io::Result<Item>;

    fn next(&mut self) -> Option<Self::Item> {
        let read = match (self.ahead.take(), self.state) {
            (Some(item), _) => Ok(Some(*item)),
            (None, State::Unread) => self.first(),
            (None, State::Reading) => self.read(),
            (None, State::Ended) => return None,
        };
        self.state = if matches!(read, Ok(Some(_))) { State::Reading } else { State::Ended };
        if let Ok(Some(item)) = &read
            && item.content.is_fatal_outcome()
        {
            self.tally.note_failed_sender();
        }
        read.transpose()
    }
}

fn content_of(line: &[u8], limits: &Limits, tally: &mut Tally) -> ItemContent {
    match Resource::parse(line, limits) {
        Ok(resource) => {
            let generated = Generated::of(&resource);
            tally.count(generated.map(|generated| (generated, cover::lines_of_closing(&resource))));
            ItemContent::of(resource, limits)
        }
        Err(fault) => {
            tally.count(None);
            ItemContent::Quarantined(Quarantined { fault, raw: line.to_vec() })
        }
    }
}

fn overlong(limits: &Limits) -> ItemContent {
    let error = JsonError { offset: limits.max_bytes, kind: JsonErrorKind::TooLarge };
    ItemContent::Quarantined(Quarantined { fault: ResourceFault::TooCostly(error), raw: Vec::new() })
}
