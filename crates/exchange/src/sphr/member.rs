//! A file inside an archive, and the reader of its content that holds it to what the archive declares.

use super::manifest::hex;
use super::refusal::Refusal;
use super::scan::Checked;
use aws_lc_rs::digest::{Context, SHA256};
use std::fmt;
use std::io::{self, Read};
use zip::read::ZipFile;

/// Which member of its archive.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct MemberId(pub(crate) usize);

/// What a member is, by its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum MemberKind {
    /// `*.phr`.
    Record,
    /// `*.ndjson`, other than the next.
    Ndjson,
    /// `document_reference.ndjson`: the index of ride-along files of an EHI export (PHR-24, EHI-9).
    DocumentReferences,
    /// `*.json` and `*.fhir`.
    Json,
    /// Anything else: rides along.
    Media,
    /// Our own manifest or README, which carries nothing of the record.
    Packaging,
}

/// A file inside an archive that passed all checks.
#[derive(Clone)]
pub struct Member {
    pub(crate) id: MemberId,
    /// Index in the ZIP directory.
    pub(crate) index: usize,
    pub(crate) path: String,
    pub(crate) kind: MemberKind,
    pub(crate) size_bytes: u64,
    pub(crate) content_type: Option<String>,
    /// What the content must hash to; set where a manifest vouches for it.
    pub(crate) sha256_hex: Option<String>,
}

impl Member {
    /// Returns the handle to read it by.
    pub fn id(&self) -> MemberId {
        self.id
    }

    /// Returns its safe relative path inside the archive, real where the archive has neutral names.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// Returns what it is, by its name.
    pub fn kind(&self) -> MemberKind {
        self.kind
    }

    /// Returns its unpacked size, which the reader enforces.
    pub fn size_bytes(&self) -> u64 {
        self.size_bytes
    }

    /// Returns the content type from our manifest; the content decides, not this (PHR-28).
    pub fn claimed_content_type(&self) -> Option<&str> {
        self.content_type.as_deref()
    }
}

impl fmt::Debug for Member {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Member")
            .field("id", &self.id.0)
            .field("kind", &self.kind)
            .field("size_bytes", &self.size_bytes)
            .finish_non_exhaustive()
    }
}

/// Streams the content of a member. The last read fails with [`Refusal::DamagedContent`] inside where size, checksum,
/// authentication code or the manifest's SHA-256 does not fit.
pub struct MemberReader<'a, R: Read> {
    file: ZipFile<'a, Checked<R>>,
    place: usize,
    left_bytes: u64,
    sha256: Option<(Context, String)>,
    has_failed: bool,
}

impl<'a, R: Read> MemberReader<'a, R> {
    pub(crate) fn new(file: ZipFile<'a, Checked<R>>, member: &Member) -> Self {
        let sha256 = member.sha256_hex.clone().map(|expected| (Context::new(&SHA256), expected));
        Self { file, place: member.index + 1, left_bytes: member.size_bytes, sha256, has_failed: false }
    }

    fn damaged(&self) -> io::Error {
        io::Error::new(io::ErrorKind::InvalidData, Refusal::DamagedContent(self.place))
    }

    fn advance(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let n = self.file.read(buf).map_err(|error| match Refusal::from_io(error) {
            Refusal::Io(error) => error,
            _ => self.damaged(),
        })?;
        if n == 0 {
            self.finish()?;
        }
        self.left_bytes = self.left_bytes.checked_sub(n as u64).ok_or_else(|| self.damaged())?;
        if let Some((context, _)) = &mut self.sha256 {
            context.update(buf.get(..n).unwrap_or_default());
        }
        Ok(n)
    }

    fn finish(&mut self) -> io::Result<()> {
        let fits = match self.sha256.take() {
            Some((context, expected)) => hex(context.finish().as_ref()) == expected,
            None => true,
        };
        if self.left_bytes == 0 && fits { Ok(()) } else { Err(self.damaged()) }
    }
}

impl<R: Read> Read for MemberReader<'_, R> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        if buf.is_empty() {
            return Ok(0);
        }
        if self.has_failed {
            return Err(self.damaged());
        }
        let result = self.advance(buf);
        self.has_failed = result.is_err();
        result
    }
}
