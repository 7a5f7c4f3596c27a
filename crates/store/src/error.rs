//! What can go wrong below the waist, and above it in the record's own rules.

use mecum_record::ids::RecordId;

use crate::blobs::BlobError;
use crate::body::FrameError;
use crate::codec::CodecError;
use crate::db::DbError;
use crate::keys::KeyError;
use crate::seal::SealError;

/// Why the store did not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The database refused or failed.
    #[error(transparent)]
    Db(#[from] DbError),
    /// A key is missing or is the wrong one.
    #[error(transparent)]
    Keys(#[from] KeyError),
    /// A blob is missing, altered, or could not be written.
    #[error(transparent)]
    Blob(#[from] BlobError),
    /// The file system refused or failed.
    #[error("cannot {doing}")]
    Io {
        /// What was being done, beginning with a verb.
        doing: &'static str,
        /// Why it failed.
        source: std::io::Error,
    },
    /// A row is not what was written: run `mecum verify`.
    #[error("the stored {0} is damaged: run mecum verify")]
    Damaged(&'static str),
    /// There is no such record.
    #[error("there is no record {0}")]
    UnknownRecord(RecordId),
    /// The permit is for another record or another act. A fault of the program, refused all the same.
    #[error("the permit does not cover this")]
    NotCovered,
    /// The resource is at another version than the writer believed (REST-6: 412).
    #[error("the resource has been changed meanwhile: it is at version {current}")]
    VersionConflict {
        /// The version it is at; 0 when it is not there.
        current: i64,
    },
    /// Somebody wrote to the record since the writer looked.
    #[error("the record has been changed meanwhile")]
    ChainMoved,
    /// The id belongs to another record, or to a resource of this one where a new one was expected.
    #[error("this id is taken")]
    IdTaken,
    /// Another import into this record is running.
    #[error("another import into this record is running: wait until it has ended")]
    ImportRunning,
    /// One commit cannot hold so many versions.
    #[error("a commit holds fewer than 16,777,216 versions: make several of it")]
    TooManyChanges,
    /// The search index of the record is not there yet, and cannot be made now.
    #[error("the search index of this record has still to be made: run mecum reindex")]
    IndexOwed,
    /// A search that would take longer than anyone waits.
    #[error("this search takes too long: ask for less")]
    TooCostly,
    /// The place in a search's results was not made for this search, or is of an index made anew since.
    #[error("this page belongs to another search, or to one that is too old: search again")]
    UnknownCursor,
    /// The staging place was taken over, because it was not renewed in time.
    #[error("this import was idle for too long and another has taken its place: start it again")]
    StagingLost,
}

impl From<SealError> for StoreError {
    fn from(_: SealError) -> Self {
        Self::Damaged("text does not open under its record's key, or its row")
    }
}

impl From<FrameError> for StoreError {
    fn from(_: FrameError) -> Self {
        Self::Damaged("resource body")
    }
}

impl From<CodecError> for StoreError {
    fn from(_: CodecError) -> Self {
        Self::Damaged("compressed body")
    }
}
