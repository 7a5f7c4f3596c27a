//! The sealed file: a header with a random salt, then chunks of 64 KiB, each sealed under a key that only this salt gives.
//!
//! ```text
//! header  "MecBlob" version(1) salt(16)
//! chunk   AES-256-GCM(at most 65536 bytes) tag(16)      nonce = chunk number
//! ```
//!
//! This is the STREAM construction (Hoang, Reyhanitabar, Rogaway, Vizár 2015): each chunk's associated data hold record and number, and the
//! last one's the blob's name too. So a chunk fits one place of one file only, the file cannot be cut or grown, and the end,
//! which is opened first, says whose end it is before a byte of the rest is believed.

use aws_lc_rs::aead::{AES_256_GCM, Aad as Associated, LessSafeKey, Nonce, UnboundKey};

use mecum_record::ids::RecordId;

use super::BlobName;
use crate::seal::{Aad, RecordKey};

/// Bytes of content in every chunk but the last, which has at most as many.
pub const CHUNK_BYTES: usize = 64 << 10;

pub(super) const TAG_BYTES: usize = 16;
pub(super) const HEADER_BYTES: usize = MAGIC.len() + SALT_BYTES;

const SALT_BYTES: usize = 16;
const MAGIC: &[u8; 8] = b"MecBlob\x01";
const SEALED_CHUNK_BYTES: u64 = (CHUNK_BYTES + TAG_BYTES) as u64;

/// The header of a blob with this salt.
pub(super) fn header(salt: &[u8; SALT_BYTES]) -> [u8; HEADER_BYTES] {
    let mut header = [0; HEADER_BYTES];
    header[..MAGIC.len()].copy_from_slice(MAGIC);
    header[MAGIC.len()..].copy_from_slice(salt);
    header
}

/// The salt, if this is the header of a blob this program knows.
pub(super) fn salt_of(header: &[u8; HEADER_BYTES]) -> Option<[u8; SALT_BYTES]> {
    header.strip_prefix(MAGIC)?.try_into().ok()
}

/// Which chunks a file of some length has.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Layout {
    /// Bytes of content.
    pub(super) size: u64,
    /// The number of the last chunk, counted from 0.
    pub(super) last: u64,
}

impl Layout {
    /// The layout of a file of so many bytes, if a blob can have as many.
    pub(super) fn of_file(file_bytes: u64) -> Option<Self> {
        let body = file_bytes.checked_sub(HEADER_BYTES as u64)?;
        let last = body.checked_sub(1)? / SEALED_CHUNK_BYTES;
        let content = (body - last * SEALED_CHUNK_BYTES).checked_sub(TAG_BYTES as u64)?;
        // Only an empty content ends with an empty chunk.
        (content > 0 || last == 0).then_some(Self { size: last * CHUNK_BYTES as u64 + content, last })
    }

    /// Where in the file a chunk begins.
    pub(super) fn offset(chunk: u64) -> u64 {
        HEADER_BYTES as u64 + chunk * SEALED_CHUNK_BYTES
    }

    /// Bytes of content in a chunk.
    pub(super) fn content_bytes(&self, chunk: u64) -> usize {
        let before = chunk * CHUNK_BYTES as u64;
        usize::try_from(self.size - before).map_or(CHUNK_BYTES, |rest| rest.min(CHUNK_BYTES))
    }
}

/// The key of one file's chunks.
pub(super) struct Chunks {
    key: LessSafeKey,
    record: RecordId,
}

impl Chunks {
    pub(super) fn new(record: RecordId, key: &RecordKey, salt: &[u8; SALT_BYTES]) -> Self {
        let key = key.blob_key(salt);
        let key = UnboundKey::new(&AES_256_GCM, key.as_slice()).expect("AES-256 takes every 32 bytes as its key");
        Self { key: LessSafeKey::new(key), record }
    }

    /// Seals a chunk that others follow, and appends its tag.
    pub(super) fn seal(&self, chunk: u64, content: &mut Vec<u8>) {
        self.seal_with(chunk, &self.aad(chunk), content);
    }

    /// Seals the last chunk, and appends its tag.
    pub(super) fn seal_last(&self, chunk: u64, name: BlobName, content: &mut Vec<u8>) {
        self.seal_with(chunk, &self.aad(chunk).bytes(name.as_bytes()), content);
    }

    /// Opens a chunk that others follow; nothing if it is not this chunk of this file.
    pub(super) fn open(&self, chunk: u64, sealed: &mut Vec<u8>) -> Option<()> {
        self.open_with(chunk, &self.aad(chunk), sealed)
    }

    /// Opens the last chunk; nothing if it is not the end of the blob of this name.
    pub(super) fn open_last(&self, chunk: u64, name: BlobName, sealed: &mut Vec<u8>) -> Option<()> {
        self.open_with(chunk, &self.aad(chunk).bytes(name.as_bytes()), sealed)
    }

    fn aad(&self, chunk: u64) -> Aad {
        Aad::new("blob chunk 1").int(self.record.0).bytes(&chunk.to_be_bytes())
    }

    fn seal_with(&self, chunk: u64, aad: &Aad, content: &mut Vec<u8>) {
        self.key
            .seal_in_place_append_tag(nonce(chunk), Associated::from(aad.as_bytes()), content)
            .expect("AES-GCM refuses only texts of 64 GiB and more, and a chunk has 64 KiB");
    }

    fn open_with(&self, chunk: u64, aad: &Aad, sealed: &mut Vec<u8>) -> Option<()> {
        let opened = self.key.open_in_place(nonce(chunk), Associated::from(aad.as_bytes()), sealed);
        let content_bytes = opened.ok()?.len();
        sealed.truncate(content_bytes);
        Some(())
    }
}

/// The chunk's number; never used twice, because every file has a key of its own and its chunks are numbered through.
fn nonce(chunk: u64) -> Nonce {
    let mut nonce = [0; 12];
    nonce[4..].copy_from_slice(&chunk.to_be_bytes());
    Nonce::assume_unique_for_key(nonce)
}
