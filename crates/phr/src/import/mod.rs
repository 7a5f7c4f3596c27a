//! Bringing a file in: what it is, whose it is, what of it is new; staged where nobody sees it, then visible at once (I8).
//!
//! A file is read twice: first for the names in it, so that references forward resolve (PHR-61), then for its resources. Both
//! times it streams, so that memory is bounded by one line and one batch (PHR-7). The original is kept as it came (IMP-1).
//!
//! - `run`: the whole of it, in order
//! - `look`: what a file is before its import, and what an import kept aside
//! - `content`, `unpack`: originals and the streams of resources in them
//! - `names`, `people`: the first reading, and whether the people in it are who they should be
//! - `media`, `take`, `resolve`: the second reading
//! - [`report`]: what became of every line
//! - [`load`]: the files of many people, each into a record of their own

mod content;
pub mod load;
mod look;
mod media;
mod names;
mod people;
pub mod report;
mod resolve;
mod run;
mod take;
mod unpack;

use mecum_exchange::seal::Key;
use mecum_record::ids::RecordId;
use mecum_record::source::SourceKind;

pub use content::{Original, OriginalContent, ScratchText, keep, keep_a_while};
pub use look::{Look, kept_aside, look, own_key};
pub use mecum_exchange::sniff::Format;
pub use report::ImportReport;
pub use run::{preview, run};

/// What to do with Patients in the file who are not the person the record is about (PHR-60, IMP-5).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OtherPeople {
    /// Stop and say so.
    Refuse,
    /// Keep them as other people in this record's family context; nobody is merged.
    Keep,
}

/// One import into one record.
pub struct ImportJob {
    /// Where it goes.
    pub record: RecordId,
    /// What comes in.
    pub originals: Vec<Original>,
    /// What kind of sender it comes from.
    pub source_kind: SourceKind,
    /// The name of the source; the same name again is the same source.
    pub source_name: String,
    /// Opens what is sealed.
    pub key: Option<Key>,
    /// What to do with other people.
    pub other_people: OtherPeople,
    /// What the log says of it, e.g. the file's name.
    pub message: String,
}

/// How far an import is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// `1` while names are read, `2` while resources are taken in.
    pub pass: u8,
    /// Lines read in this pass.
    pub n_lines: u64,
    /// Bytes of the originals read in this pass, roughly.
    pub n_bytes: u64,
    /// Bytes of all originals.
    pub total_bytes: u64,
}
