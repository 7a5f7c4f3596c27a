//! Why an archive could not be written.

use crate::seal::SealError;
use crate::seal::jwe::MAX_PLAINTEXT_BYTES;
use std::io;
use zip::result::ZipError;

/// Why an archive could not be written; what was written so far does not open.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    /// A name is not a plain file name, or is taken.
    #[error("a file name cannot be used in the archive")]
    UnusableName,
    /// A line of the record holds a line break or is empty.
    #[error("a line of the record is empty or holds a line break")]
    NotOneLine,
    /// The record was begun twice or never, or a line came before it was begun or after another file.
    #[error("the record is written once and in one piece")]
    OutOfTurn,
    /// A file is too large for the archive, or the archive for its sealing.
    #[error("the file is larger than {limit_bytes} bytes")]
    TooLarge {
        /// The limit it broke.
        limit_bytes: u64,
    },
    /// The sealing failed.
    #[error(transparent)]
    Seal(#[from] SealError),
    /// The content of a ride-along file could not be read.
    #[error("reading a ride-along file failed")]
    Source(#[source] io::Error),
    /// The destination failed, now or earlier.
    #[error("writing the archive failed")]
    Io(#[source] io::Error),
}

impl WriteError {
    /// Whether the archive cannot go on after this: some of a file may be written already.
    pub(crate) fn is_final(&self) -> bool {
        !matches!(self, Self::UnusableName | Self::NotOneLine | Self::OutOfTurn)
    }

    pub(crate) fn from_zip(error: ZipError) -> Self {
        match error {
            ZipError::Io(error) => Self::from_io(error),
            other => Self::Io(other.into()),
        }
    }

    pub(crate) fn from_io(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::FileTooLarge => Self::TooLarge { limit_bytes: MAX_PLAINTEXT_BYTES as u64 },
            _ => Self::Io(error),
        }
    }
}
