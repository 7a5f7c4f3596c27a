//! Attachments, originals and images: sealed files under one folder, named by an HMAC of their content.
//!
//! - `name`: what a blob is called
//! - `format`: header, chunks and what binds them together
//! - `folder`: where the files lie, and how they get there for good
//! - `put`, `read`, `verify`: in, out, and whether it still is what it was
//!
//! Equal content is kept once per record; in two records it has two names, so nobody can test for a known file.

mod folder;
mod format;
mod name;
mod put;
mod read;
mod verify;

use std::io;
use std::path::Path;
use std::time::Duration;

use mecum_record::ids::RecordId;

pub use format::CHUNK_BYTES;
pub use name::BlobName;
pub use put::BlobRef;
pub use read::BlobReader;
pub use verify::BlobFinding;

use crate::seal::RecordKey;

/// The largest blob taken, in bytes (64 GiB); callers have narrower limits of their own.
pub const MAX_BLOB_BYTES: u64 = 64 << 30;

/// Where the blobs of all records are kept. Whoever has it decides who may read what; it only keeps and finds.
#[derive(Clone)]
pub struct Blobs {
    folder: folder::Folder,
}

/// What is wrong with a kept blob.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Damage {
    /// The first bytes are not those of a blob this program knows.
    #[error("its first bytes are not those of a blob this program knows")]
    Header,
    /// No blob has this many bytes.
    #[error("no blob has its number of bytes")]
    Length,
    /// The last chunk does not open as the end of this blob.
    #[error("its end is altered, cut off, or belongs to another blob, record or key")]
    End,
    /// A chunk before the last does not open at its place.
    #[error("its chunk {0} is altered or in the wrong place")]
    Chunk(u64),
    /// All chunks open, and still the content is another than the name says.
    #[error("its content is not the one it is named after")]
    Content,
}

/// Why a blob could not be kept or read.
#[derive(Debug, thiserror::Error)]
pub enum BlobError {
    /// The record has no blob of this name.
    #[error("there is no blob {0}")]
    Missing(BlobName),
    /// The blob is there and is not what was put.
    #[error("blob {name} is damaged: {damage}")]
    Damaged {
        /// The blob as it was asked for.
        name: BlobName,
        /// What is wrong with it.
        damage: Damage,
    },
    /// More than [`MAX_BLOB_BYTES`].
    #[error("the content is larger than {MAX_BLOB_BYTES} bytes")]
    TooLarge,
    /// The content ended with an error, which is the giver's.
    #[error("the content could not be read: {0}")]
    Content(#[source] io::Error),
    /// The folder could not be read or written.
    #[error("the blob folder: {0}")]
    Io(#[from] io::Error),
}

impl Blobs {
    /// Opens the folder and makes it if it is not there.
    ///
    /// # Errors
    /// [`BlobError::Io`] when it can be neither found nor made.
    pub fn open(folder: &Path) -> Result<Self, BlobError> {
        Ok(Self { folder: folder::Folder::open(folder)? })
    }

    /// The length of the content in bytes, as the blob's end vouches for it.
    ///
    /// # Errors
    /// As [`Blobs::open_blob`].
    pub fn len(&self, record: RecordId, key: &RecordKey, name: BlobName) -> Result<u64, BlobError> {
        Ok(self.open_blob(record, key, name)?.len())
    }

    /// The names of a record's blobs, sorted.
    ///
    /// # Errors
    /// [`BlobError::Io`] when the folder cannot be read.
    pub fn list(&self, record: RecordId) -> Result<Vec<BlobName>, BlobError> {
        Ok(self.folder.names(record)?)
    }

    /// The records that have a folder here, sorted.
    ///
    /// # Errors
    /// [`BlobError::Io`] when the folder cannot be read.
    pub fn records(&self) -> Result<Vec<RecordId>, BlobError> {
        Ok(self.folder.records()?)
    }

    /// A file for a while, beside the unfinished ones; nobody else finds it, and it is gone when it is dropped.
    pub(crate) fn scratch_file(&self) -> io::Result<std::fs::File> {
        self.folder.scratch()
    }

    /// Removes a blob for good, as erasing and maintenance do; returns whether it was there.
    ///
    /// # Errors
    /// [`BlobError::Io`] when it cannot be removed.
    pub fn remove(&self, record: RecordId, name: BlobName) -> Result<bool, BlobError> {
        Ok(self.folder.remove(record, name)?)
    }

    /// Removes all blobs of a record for good, as erasing does; returns whether it had a folder.
    ///
    /// # Errors
    /// [`BlobError::Io`] when something cannot be removed.
    pub fn remove_record(&self, record: RecordId) -> Result<bool, BlobError> {
        Ok(self.folder.remove_record(record)?)
    }

    /// Removes unfinished files that a crash left and nobody has written to for `idle`; returns how many.
    ///
    /// # Errors
    /// [`BlobError::Io`] when the folder cannot be read.
    pub fn sweep(&self, idle: Duration) -> Result<usize, BlobError> {
        Ok(self.folder.sweep(idle)?)
    }
}
