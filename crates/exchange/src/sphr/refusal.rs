//! Why an archive was turned away (PHR-27). Entries are named by their place, because a name may be health data.

use std::io;
use zip::result::ZipError;

/// Each refusal becomes one OperationOutcome issue; nothing of the archive was released. Entries count from 1.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    /// Not a ZIP archive, cut short, or with a directory that cannot be read.
    #[error("the archive is damaged or not a zip archive")]
    Damaged,
    /// A name is absolute, climbs, has a drive letter, a backslash or control characters, or is too long.
    #[error("entry {0} has a name that is not a plain relative path")]
    UnsafeName(usize),
    /// A symbolic link, device, socket or pipe.
    #[error("entry {0} is not a regular file or folder")]
    NotAFile(usize),
    /// Two names are the same, byte by byte.
    #[error("two entries have the same name")]
    RepeatedName,
    /// Two names differ only in case or in how accents are written, or one is a folder of the other.
    #[error("entries {0} and {1} claim the same name")]
    DuplicateName(usize, usize),
    /// An entry's own header disagrees with the directory, entries overlap, or one is missing from the directory.
    #[error("the headers of the archive contradict each other")]
    HeaderMismatch,
    /// An entry is encrypted where the others are not, or in another way.
    #[error("entry {0} is not encrypted like the others")]
    EncryptionMismatch(usize),
    /// The whole archive is encrypted: it opens with a passphrase.
    #[error("the archive is encrypted")]
    Encrypted,
    /// More entries than allowed.
    #[error("the archive has more than {limit} entries")]
    TooManyEntries {
        /// [`Limits::entries`](super::Limits::entries).
        limit: usize,
    },
    /// An entry unpacks to more than allowed.
    #[error("entry {entry} unpacks to more than {limit_bytes} bytes")]
    EntryTooLarge {
        /// Place in the directory, from 1.
        entry: usize,
        /// The limit it broke.
        limit_bytes: u64,
    },
    /// All entries together unpack to more than allowed.
    #[error("the archive unpacks to more than {limit_bytes} bytes")]
    TotalTooLarge {
        /// [`Limits::total_bytes`](super::Limits::total_bytes).
        limit_bytes: u64,
    },
    /// An entry unpacks suspiciously well.
    #[error("entry {entry} unpacks more than {limit} to 1")]
    RatioTooHigh {
        /// Place in the directory, from 1.
        entry: usize,
        /// [`Limits::ratio`](super::Limits::ratio).
        limit: u64,
    },
    /// An entry's content does not have the size or checksum that the archive declares.
    #[error("the content of entry {0} is damaged")]
    DamagedContent(usize),
    /// A feature that is not read, such as another compression method.
    #[error("the archive uses {0}, which is not supported")]
    Unsupported(&'static str),
    /// The source could not be read.
    #[error("reading the archive failed")]
    Io(#[source] io::Error),
}

impl Refusal {
    /// Translates what the ZIP library says about the archive as a whole; its texts may carry names and are dropped.
    pub(crate) fn from_zip(error: ZipError) -> Self {
        match error {
            ZipError::Io(error) => Self::from_io(error),
            ZipError::UnsupportedArchive(_) => Self::Unsupported("a zip feature"),
            ZipError::CompressionMethodNotSupported(_) => Self::Unsupported("a compression method other than deflate"),
            _ => Self::Damaged,
        }
    }

    /// Tells a source that fails from one that ends early or holds nonsense.
    pub(crate) fn from_io(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::UnexpectedEof | io::ErrorKind::InvalidData | io::ErrorKind::InvalidInput => Self::Damaged,
            _ => Self::Io(error),
        }
    }
}
