//! Whether a kept blob still is what was put: every chunk is opened, and the content named again.

use std::io::{self, Read};

use mecum_record::ids::RecordId;

use super::{BlobError, BlobName, Blobs, CHUNK_BYTES, Damage};
use crate::seal::RecordKey;

/// What looking at a blob found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BlobFinding {
    /// It is what was put.
    Sound {
        /// Bytes of content.
        size: u64,
    },
    /// It is not there.
    Missing,
    /// It is there, and not what was put.
    Damaged(Damage),
}

impl Blobs {
    /// Reads the whole blob and says what it found; reading goes in chunks.
    ///
    /// # Errors
    /// [`BlobError::Io`] when the folder cannot be read, which says nothing about the blob.
    pub fn verify(&self, record: RecordId, key: &RecordKey, name: BlobName) -> Result<BlobFinding, BlobError> {
        match self.read_whole(record, key, name) {
            Ok(size) => Ok(BlobFinding::Sound { size }),
            Err(BlobError::Missing(_)) => Ok(BlobFinding::Missing),
            Err(BlobError::Damaged { damage, .. }) => Ok(BlobFinding::Damaged(damage)),
            Err(error) => Err(error),
        }
    }

    fn read_whole(&self, record: RecordId, key: &RecordKey, name: BlobName) -> Result<u64, BlobError> {
        let mut reader = self.open_blob(record, key, name)?;
        let mut again = key.name_stream();
        let mut piece = vec![0; CHUNK_BYTES];
        loop {
            let n = reader.read(&mut piece).map_err(from_io)?;
            if n == 0 {
                break;
            }
            again.update(&piece[..n]);
        }
        let is_same = BlobName::from(again.finish()) == name;
        if is_same { Ok(reader.len()) } else { Err(Damage::Content.of(name)) }
    }
}

/// The blob's own error back out of what [`Read`] could return.
fn from_io(error: io::Error) -> BlobError {
    error.downcast::<BlobError>().unwrap_or_else(BlobError::Io)
}
