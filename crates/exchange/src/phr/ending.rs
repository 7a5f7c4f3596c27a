//! What can be told when a file was read to its end: whether an export of ours is all there (PHR-57).

use crate::cover::Generated;

/// What became of a file as a whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ending {
    /// Lines that were not blank, or entries.
    pub n_items: u64,
    /// Whether something is missing.
    pub completeness: Completeness,
    /// Whether the sender said that it could not go on.
    pub has_sender_failed: bool,
}

/// Whether a file is all there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Completeness {
    /// It does not say: lines that another program wrote.
    Unknown,
    /// It is one JSON value, or every export of ours in it ends as it should.
    Complete,
    /// It has an export of ours whose closing Provenance is missing or counts other lines.
    PossiblyTruncated,
}

/// Counts lines, and those of each export of ours: from its cover page to its closing Provenance. Joined files hold several
/// (PHR-3), and lines of others before, between and behind.
#[derive(Debug, Default)]
pub(super) struct Tally {
    n_lines: u64,
    /// How many lines stood before the cover page of the export that is not closed yet.
    open_since: Option<u64>,
    is_ours: bool,
    is_truncated: bool,
    has_sender_failed: bool,
}

impl Tally {
    /// Counts a line; `generated` if it is ours, with the number of lines that a closing Provenance tells.
    pub(super) fn count(&mut self, generated: Option<(Generated, Option<u64>)>) {
        self.n_lines += 1;
        match generated {
            Some((Generated::Cover, _)) => {
                self.is_ours = true;
                let unclosed = self.open_since.replace(self.n_lines - 1);
                self.is_truncated |= unclosed.is_some();
            }
            Some((Generated::Closing, n_told)) => {
                self.is_ours = true;
                let n_there = self.open_since.take().map(|before| self.n_lines - before);
                self.is_truncated |= n_there.is_none() || n_there != n_told;
            }
            Some(_) | None => {}
        }
    }

    /// Notes that the sender could not go on.
    pub(super) fn note_failed_sender(&mut self) {
        self.has_sender_failed = true;
    }

    /// What can be told if this is the end.
    pub(super) fn ending(&self) -> Ending {
        let completeness = match (self.is_ours, self.is_truncated || self.open_since.is_some()) {
            (false, _) => Completeness::Unknown,
            (true, false) => Completeness::Complete,
            (true, true) => Completeness::PossiblyTruncated,
        };
        Ending { n_items: self.n_lines, completeness, has_sender_failed: self.has_sender_failed }
    }
}
