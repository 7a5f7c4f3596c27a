//! Taking a blob in: one pass over the content in bounded memory, sealed on the way to the disk.

use std::io::{Read, Write};

use aws_lc_rs::digest::{Context, SHA1_FOR_LEGACY_USE_ONLY, SHA256};
use mecum_record::ids::RecordId;

use super::format::{CHUNK_BYTES, Chunks, TAG_BYTES, header};
use super::{BlobError, BlobFinding, BlobName, Blobs, MAX_BLOB_BYTES};
use crate::seal::{NameStream, RecordKey, random};

/// A blob that is kept, and what its content hashes to.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct BlobRef {
    /// Its name within the record.
    pub name: BlobName,
    /// Bytes of content.
    pub size: u64,
    /// SHA-256 of the content. It identifies a known file: keep it sealed.
    pub sha256: [u8; 32],
    /// SHA-1 of the content, as FHIR's `Attachment.hash` wants it. It identifies a known file too: keep it sealed.
    pub sha1: [u8; 20],
}

impl Blobs {
    /// Keeps a content for good: when this returns, it survives a power cut. Equal content of the same record is kept once.
    ///
    /// # Errors
    /// [`BlobError::Content`] when the content cannot be read to its end, [`BlobError::TooLarge`] over [`MAX_BLOB_BYTES`],
    /// [`BlobError::Io`] when it cannot be written. Nothing is kept then.
    pub fn put(&self, record: RecordId, key: &RecordKey, content: &mut dyn Read) -> Result<BlobRef, BlobError> {
        let salt = random::<16>();
        let chunks = Chunks::new(record, key, &salt);
        let mut incoming = self.folder.begin()?;
        incoming.write_all(&header(&salt))?;
        let blob = seal_all(&chunks, Hashes::new(key), content, &mut incoming)?;
        // One that is there already may be damaged; what was just sealed is not, and takes its place.
        match self.verify(record, key, blob.name)? {
            BlobFinding::Sound { .. } => self.folder.settle(record, blob.name)?,
            BlobFinding::Missing | BlobFinding::Damaged(_) => self.folder.keep(incoming, record, blob.name)?,
        }
        Ok(blob)
    }
}

/// Seals chunk by chunk, one behind the reading: only who has looked further knows which chunk is the last.
fn seal_all(
    chunks: &Chunks,
    mut hashes: Hashes,
    content: &mut dyn Read,
    out: &mut dyn Write,
) -> Result<BlobRef, BlobError> {
    let mut number = 0;
    let mut chunk = Vec::with_capacity(CHUNK_BYTES + TAG_BYTES);
    let mut next = Vec::with_capacity(CHUNK_BYTES + TAG_BYTES);
    fill(content, &mut chunk)?;
    hashes.update(&chunk)?;
    while chunk.len() == CHUNK_BYTES {
        fill(content, &mut next)?;
        if next.is_empty() {
            break;
        }
        hashes.update(&next)?;
        chunks.seal(number, &mut chunk);
        out.write_all(&chunk)?;
        std::mem::swap(&mut chunk, &mut next);
        number += 1;
    }
    let blob = hashes.finish();
    chunks.seal_last(number, blob.name, &mut chunk);
    out.write_all(&chunk)?;
    Ok(blob)
}

/// Reads one chunk; less only at the end of the content.
fn fill(content: &mut dyn Read, chunk: &mut Vec<u8>) -> Result<(), BlobError> {
    chunk.clear();
    content.take(CHUNK_BYTES as u64).read_to_end(chunk).map_err(BlobError::Content)?;
    Ok(())
}

/// All that is computed of the content while it passes.
struct Hashes {
    name: NameStream,
    sha256: Context,
    sha1: Context,
    size: u64,
}

impl Hashes {
    fn new(key: &RecordKey) -> Self {
        Self {
            name: key.name_stream(),
            sha256: Context::new(&SHA256),
            sha1: Context::new(&SHA1_FOR_LEGACY_USE_ONLY),
            size: 0,
        }
    }

    fn update(&mut self, piece: &[u8]) -> Result<(), BlobError> {
        self.size += piece.len() as u64;
        if self.size > MAX_BLOB_BYTES {
            return Err(BlobError::TooLarge);
        }
        self.name.update(piece);
        self.sha256.update(piece);
        self.sha1.update(piece);
        Ok(())
    }

    fn finish(self) -> BlobRef {
        let digest = "a digest has the length of its algorithm";
        BlobRef {
            name: BlobName::from(self.name.finish()),
            size: self.size,
            sha256: self.sha256.finish().as_ref().try_into().expect(digest),
            sha1: self.sha1.finish().as_ref().try_into().expect(digest),
        }
    }
}
