//! The stored form of a resource: its text as it came, and where to splice it (design §3, §10 "keep bytes and splice").
//!
//! The text is the input minified by our own tokenizer, with this installation's id in it, references that lead to resources
//! of the record rewritten to their ids here, and without `meta.versionId` and `meta.lastUpdated`. Everything needed to serve
//! it and to give it back as the source wrote it stands beside the text as byte offsets, so that neither needs a parser.

mod frame;
mod render;

pub use frame::FrameError;
pub use render::{Exported, Served};

/// A piece that was taken out of the text and goes back in on export.
#[derive(Clone, PartialEq, Eq)]
pub struct Cut {
    /// Where it stood, as an offset in the stored text.
    pub at: usize,
    /// What stood there.
    pub text: String,
}

/// A run of bytes of the stored text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    /// Offset of its first byte.
    pub start: usize,
    /// Bytes in it.
    pub len: usize,
}

/// How `meta.versionId` and `meta.lastUpdated` are put into a served text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MetaSplice {
    /// Inside `meta`, which holds more: a comma follows.
    IntoMeta(usize),
    /// Inside `meta`, which is otherwise empty.
    IntoEmptyMeta(usize),
    /// There is no `meta`: it is added here, behind a member.
    NewMeta(usize),
    /// `meta` is no object; the text is served as it is.
    Nowhere,
}

/// Content kept as a blob beside the text of a `Binary`: its name and its length in bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BlobContent {
    /// The blob's name in this record.
    pub name: String,
    /// Its length, bytes.
    pub size_bytes: u64,
}

/// One resource as it is stored. Not `Debug`: it is someone's health data.
#[derive(Clone, PartialEq, Eq)]
pub struct Body {
    /// The stored text.
    pub text: String,
    /// The characters of the id within [`Body::text`], without quotes.
    pub id: Span,
    /// Each `Type/id` within the text that names a resource of this record by its id here, in order of offset.
    pub references: Vec<Span>,
    /// What the source had in `meta.versionId` and `meta.lastUpdated`, in order of offset.
    pub cuts: Vec<Cut>,
    /// Where version and time go when the text is served.
    pub meta: MetaSplice,
    /// The blob that holds the content of a `Binary`.
    pub blob: Option<BlobContent>,
    /// The line (or Bundle entry) of the import it came from, from 1.
    pub line: Option<u64>,
}

impl Body {
    /// The `Type/id` that a reference span holds.
    #[must_use]
    pub fn reference(&self, span: Span) -> &str {
        self.text.get(span.start..span.start + span.len).unwrap_or_default()
    }
}
