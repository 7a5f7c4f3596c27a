//! The originals: kept in the record as sealed blobs before anything else is done with them (IMP-1).

use std::fs::File;
use std::io::{Read, Seek};
use std::path::PathBuf;

use mecum_record::access::{Act, Permit};
use mecum_record::caller::Caller;
use mecum_record::ids::RecordId;
use mecum_store::blobs::BlobName;

use crate::permission::permit;
use crate::{Failure, Phr};

/// A file or stream that came in.
#[derive(Clone)]
pub struct Original {
    /// What it was called; for people, never for telling what it is.
    pub name: String,
    /// Where it is.
    pub content: OriginalContent,
    /// Its length, bytes.
    pub size_bytes: u64,
}

/// Where an original is.
#[derive(Clone)]
pub enum OriginalContent {
    /// On disk, not kept: for a preview.
    File(PathBuf),
    /// In the record, sealed.
    Blob(BlobName),
}

/// Something that can be read from any place.
pub(super) trait ReadSeek: Read + Seek {}

impl<T: Read + Seek> ReadSeek for T {}

impl Original {
    pub(super) fn open(&self, phr: &Phr, permit: &Permit) -> Result<Box<dyn ReadSeek>, Failure> {
        match &self.content {
            OriginalContent::File(path) => {
                let file = File::open(path).map_err(|error| Failure::Broken(format!("{}: {error}", self.name)))?;
                Ok(Box::new(file))
            }
            OriginalContent::Blob(name) => Ok(Box::new(phr.store().open_blob(permit, *name)?)),
        }
    }

    pub(super) fn blob(&self) -> Option<BlobName> {
        match self.content {
            OriginalContent::Blob(name) => Some(name),
            OriginalContent::File(_) => None,
        }
    }
}

/// Keeps what comes in, as it comes, sealed in the record; the same bytes again are kept once.
///
/// # Errors
/// [`Failure::Forbidden`] without the scope to import; what the file system says.
pub fn keep(
    phr: &Phr,
    caller: &Caller,
    record: RecordId,
    name: &str,
    content: &mut dyn Read,
) -> Result<Original, Failure> {
    let permit = permit(phr, caller, Act::Import, record)?;
    let blob = phr.store().put_blob(&permit, content)?;
    Ok(Original { name: name.to_owned(), content: OriginalContent::Blob(blob.name), size_bytes: blob.size })
}
