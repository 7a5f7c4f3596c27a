//! Giving a blob out: any part of it, every byte authenticated before it is handed on.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};

use mecum_record::ids::RecordId;

use super::format::{CHUNK_BYTES, Chunks, HEADER_BYTES, Layout, TAG_BYTES, salt_of};
use super::{BlobError, BlobName, Blobs, Damage};
use crate::seal::RecordKey;

impl Blobs {
    /// Opens a blob at its beginning. Header, length and end are authenticated here, each chunk when it is read.
    ///
    /// # Errors
    /// [`BlobError::Missing`], [`BlobError::Damaged`] naming the blob, or [`BlobError::Io`].
    pub fn open_blob(&self, record: RecordId, key: &RecordKey, name: BlobName) -> Result<BlobReader, BlobError> {
        let mut file = match self.folder.open_file(record, name) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Err(BlobError::Missing(name)),
            opened => opened?,
        };
        let layout = Layout::of_file(file.metadata()?.len()).ok_or(Damage::Length.of(name))?;
        let mut header = [0; HEADER_BYTES];
        file.read_exact(&mut header)?;
        let salt = salt_of(&header).ok_or(Damage::Header.of(name))?;
        let chunks = Chunks::new(record, key, &salt);
        let chunk = Vec::with_capacity(layout.content_bytes(0).max(layout.content_bytes(layout.last)) + TAG_BYTES);
        let mut reader = BlobReader { file, chunks, layout, name, chunk, loaded: None, position: 0 };
        reader.load(layout.last)?;
        Ok(reader)
    }

    /// As [`Blobs::open_blob`], at byte `offset` of the content; beyond its end there is nothing to read.
    ///
    /// # Errors
    /// As [`Blobs::open_blob`].
    pub fn open_at(
        &self,
        record: RecordId,
        key: &RecordKey,
        name: BlobName,
        offset: u64,
    ) -> Result<BlobReader, BlobError> {
        let mut reader = self.open_blob(record, key, name)?;
        reader.position = offset;
        Ok(reader)
    }
}

impl Damage {
    pub(super) fn of(self, name: BlobName) -> BlobError {
        BlobError::Damaged { name, damage: self }
    }
}

/// Reads the content of one blob, and moves freely in it. An error of kind `InvalidData` carries the [`BlobError`].
pub struct BlobReader {
    file: File,
    chunks: Chunks,
    layout: Layout,
    name: BlobName,
    chunk: Vec<u8>,
    loaded: Option<u64>,
    position: u64,
}

impl BlobReader {
    /// Bytes of content, vouched for by the blob's end.
    #[must_use]
    #[expect(clippy::len_without_is_empty, reason = "an empty content is nothing special to a reader")]
    pub fn len(&self) -> u64 {
        self.layout.size
    }

    /// Which blob this is.
    #[must_use]
    pub fn name(&self) -> BlobName {
        self.name
    }

    /// Reads and opens a chunk, unless it is the one at hand.
    fn load(&mut self, number: u64) -> Result<(), BlobError> {
        if self.loaded == Some(number) {
            return Ok(());
        }
        self.loaded = None;
        self.chunk.resize(self.layout.content_bytes(number) + TAG_BYTES, 0);
        self.file.seek(SeekFrom::Start(Layout::offset(number)))?;
        let is_last = number == self.layout.last;
        let damage = if is_last { Damage::End } else { Damage::Chunk(number) };
        match self.file.read_exact(&mut self.chunk) {
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Err(damage.of(self.name)),
            read => read?,
        }
        let opened = if is_last {
            self.chunks.open_last(number, self.name, &mut self.chunk)
        } else {
            self.chunks.open(number, &mut self.chunk)
        };
        opened.ok_or(damage.of(self.name))?;
        self.loaded = Some(number);
        Ok(())
    }
}

impl Read for BlobReader {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        if self.position >= self.layout.size || out.is_empty() {
            return Ok(0);
        }
        self.load(self.position / CHUNK_BYTES as u64).map_err(into_io)?;
        let within = (self.position % CHUNK_BYTES as u64) as usize;
        let rest = self.chunk.get(within..).unwrap_or_default();
        let n = rest.len().min(out.len());
        out[..n].copy_from_slice(&rest[..n]);
        self.position += n as u64;
        Ok(n)
    }
}

impl Seek for BlobReader {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let position = match to {
            SeekFrom::Start(offset) => Some(offset),
            SeekFrom::End(offset) => self.layout.size.checked_add_signed(offset),
            SeekFrom::Current(offset) => self.position.checked_add_signed(offset),
        };
        self.position = position.ok_or(io::Error::new(io::ErrorKind::InvalidInput, "a position before the content"))?;
        Ok(self.position)
    }
}

fn into_io(error: BlobError) -> io::Error {
    match error {
        BlobError::Io(error) => error,
        error => io::Error::new(io::ErrorKind::InvalidData, error),
    }
}
