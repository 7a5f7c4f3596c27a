//! The originals: kept in the record as sealed blobs before anything else is done with them (IMP-1).

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::PathBuf;
use std::sync::Arc;

use mecum_record::access::{Act, Permit};
use mecum_record::caller::Caller;
use mecum_record::ids::RecordId;
use mecum_store::blobs::BlobName;
use mecum_store::{Scratch, Segment};

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
    /// Kept for as long as the load takes: before it is sorted, nobody knows whose it is.
    Scratch(Arc<ScratchText>),
}

/// A text in a scratch file, sealed.
pub struct ScratchText {
    scratch: Scratch,
    /// Each piece, and where it begins in the text.
    pieces: Vec<(u64, Segment)>,
    size_bytes: u64,
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
            OriginalContent::Scratch(text) => {
                Ok(Box::new(ScratchReader { text: Arc::clone(text), at: 0, piece: None }))
            }
        }
    }

    pub(super) fn blob(&self) -> Option<BlobName> {
        match self.content {
            OriginalContent::Blob(name) => Some(name),
            OriginalContent::File(_) | OriginalContent::Scratch(_) => None,
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

/// Keeps what comes in for as long as it is being sorted, sealed under a key that nobody keeps.
///
/// # Errors
/// [`Failure::Forbidden`] for whoever may not import for more than one record; what the file system says.
pub fn keep_a_while(phr: &Phr, caller: &Caller, name: &str, content: &mut dyn Read) -> Result<Original, Failure> {
    let permit = permit(phr, caller, Act::Import, RecordId::DIRECTORY)?;
    let mut text = ScratchText { scratch: phr.store().scratch(&permit)?, pieces: Vec::new(), size_bytes: 0 };
    let mut piece = Vec::new();
    loop {
        piece.clear();
        let read = (&mut *content).take(PIECE_BYTES).read_to_end(&mut piece);
        let broke_off = |error: io::Error| Failure::malformed("incomplete", "", crate::failure::chain(&error));
        if read.map_err(broke_off)? == 0 {
            break;
        }
        let segment = text.scratch.append(&piece)?;
        text.pieces.push((text.size_bytes, segment));
        text.size_bytes += piece.len() as u64;
    }
    let size_bytes = text.size_bytes;
    Ok(Original { name: name.to_owned(), content: OriginalContent::Scratch(Arc::new(text)), size_bytes })
}

/// How much of a text is sealed at a time, bytes.
const PIECE_BYTES: u64 = 256 << 10;

/// Reads a text in a scratch file from any place.
struct ScratchReader {
    text: Arc<ScratchText>,
    at: u64,
    /// The piece that was opened last.
    piece: Option<(usize, Vec<u8>)>,
}

impl Read for ScratchReader {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        if self.at >= self.text.size_bytes || out.is_empty() {
            return Ok(0);
        }
        let place = self.text.pieces.partition_point(|(start, _)| *start <= self.at).saturating_sub(1);
        let (start, segment) = self.text.pieces[place];
        if self.piece.as_ref().is_none_or(|(known, _)| *known != place) {
            self.piece = Some((place, self.text.scratch.read(segment).map_err(io::Error::other)?));
        }
        let bytes = self.piece.as_ref().map(|(_, bytes)| bytes.as_slice()).unwrap_or_default();
        let skip = usize::try_from(self.at - start).unwrap_or(usize::MAX);
        let rest = bytes.get(skip..).unwrap_or_default();
        let len = rest.len().min(out.len());
        out[..len].copy_from_slice(&rest[..len]);
        self.at += len as u64;
        Ok(len)
    }
}

impl Seek for ScratchReader {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let at = match to {
            SeekFrom::Start(at) => Some(at),
            SeekFrom::End(by) => self.text.size_bytes.checked_add_signed(by),
            SeekFrom::Current(by) => self.at.checked_add_signed(by),
        };
        self.at = at.ok_or_else(|| io::Error::from(io::ErrorKind::InvalidInput))?;
        Ok(self.at)
    }
}
