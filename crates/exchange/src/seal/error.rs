//! The few ways in which opening or making an envelope fails.

use std::io;

/// Nothing of the content was released, whichever it is.
#[derive(Debug, thiserror::Error)]
pub enum SealError {
    /// The key does not belong to the file. An altered key wrapping cannot be told from a wrong key.
    #[error("the passphrase or key does not open this file")]
    WrongKey,
    /// The key belongs to the file, and the file is not what was sealed.
    #[error("the file was altered or damaged after it was sealed")]
    Altered,
    /// More than the format can take or the limit allows.
    #[error("the file is larger than {limit_bytes} bytes")]
    TooLarge {
        /// The limit it broke.
        limit_bytes: u64,
    },
    /// A variant that is not read.
    #[error("the file uses {0}, which is not supported")]
    Unsupported(&'static str),
    /// There is no envelope to open.
    #[error("the file is not sealed")]
    NotSealed,
    /// The source or destination failed.
    #[error("reading or writing the sealed file failed")]
    Io(#[source] io::Error),
}

impl SealError {
    /// Tells a source that fails from one that ends early or does not authenticate.
    pub(crate) fn from_io(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::UnexpectedEof | io::ErrorKind::InvalidData => Self::Altered,
            _ => Self::Io(error),
        }
    }
}
