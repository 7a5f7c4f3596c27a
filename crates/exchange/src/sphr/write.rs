//! Writing a `.sphr` as a stream: the record line by line, ride-along files, README and manifest (PHR-25, PHR-31).

use super::manifest::{self, Manifest, ManifestFile, hex};
use super::sink::Sink;
use super::{Limits, name, readme};
use crate::seal::{ArchivePassphrase, Random, SealError, Sealing};
use aws_lc_rs::digest::{Context, SHA1_FOR_LEGACY_USE_ONLY, SHA256};
use aws_lc_rs::hmac;
use std::fmt;
use std::io::{self, Read, Write};
use zip::result::ZipError;
use zip::write::{SimpleFileOptions, StreamWriter};
use zip::{AesSalt, CompressionMethod, DateTime, System, ZipWriter};

/// Largest file in an archive we write, so that every reader of plain ZIP takes it.
const MAX_FILE_BYTES: u64 = (4 << 30) - 1;
const BUFFER_BYTES: usize = 64 << 10;

/// What an archive says about itself; two archives of the same imprint and content are the same bytes, unless sealed.
#[derive(Clone, Copy)]
pub struct Imprint<'a> {
    /// Names the folder and the `.phr` file. Becomes a plain file name, or the export is refused.
    pub name: &'a str,
    /// When the archive is made, as RFC 3339 text.
    pub created: &'a str,
    /// The program that makes it, with its version.
    pub generator: &'a str,
}

impl fmt::Debug for Imprint<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Imprint").field("created", &self.created).finish_non_exhaustive()
    }
}

/// What became of a ride-along file; goes into its DocumentReference (PHR-23).
#[derive(Clone, PartialEq, Eq)]
pub struct MediaWritten {
    /// `attachment.url`: the path relative to the `.phr` file.
    pub url: String,
    /// `attachment.size`, in bytes.
    pub size_bytes: u64,
    /// For the SHA-256 extension.
    pub sha256: [u8; 32],
    /// `attachment.hash`, as R4 defines it.
    pub sha1: [u8; 20],
}

impl fmt::Debug for MediaWritten {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MediaWritten").field("size_bytes", &self.size_bytes).finish_non_exhaustive()
    }
}

/// Why an archive could not be written; what was written so far does not open.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    /// A name is not a plain file name, or is taken.
    #[error("a file name cannot be used in the archive")]
    UnusableName,
    /// A line of the record holds a line break or is empty.
    #[error("a line of the record is empty or holds a line break")]
    NotOneLine,
    /// The record was begun twice, or a line came before it was begun or after another file.
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
    /// The destination failed.
    #[error("writing the archive failed")]
    Io(#[source] io::Error),
}

/// Writes one archive. Dropped before [`finish`](Self::finish), it leaves bytes that no reader takes for an archive.
pub struct Writer<W: Write> {
    /// Taken by `finish` only.
    zip: Option<ZipWriter<StreamWriter<Sink<W>>>>,
    folder: String,
    record_name: String,
    modified_at: DateTime,
    lock: Option<ZipLock>,
    manifest: Manifest,
    names: name::Names,
    n_media: usize,
    current: Option<Current>,
    record: Record,
}

/// The passphrase of AES entries, and a seed for their salts.
struct ZipLock {
    passphrase: ArchivePassphrase,
    salts: hmac::Key,
}

/// The entry being written.
struct Current {
    file: ManifestFile,
    size_bytes: u64,
    sha256: Context,
    sha1: Context,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Record {
    Unwritten,
    Open,
    Written,
}

impl<W: Write> Writer<W> {
    /// Begins an archive. All random bytes are drawn now (age draws its own). A sealing for a passphrase other than
    /// [`Sealing::AesZip`] takes about a second of work here.
    pub fn create(
        out: W,
        imprint: &Imprint<'_>,
        sealing: &Sealing,
        random: &mut Random<'_>,
    ) -> Result<Self, WriteError> {
        let is_file_name = imprint.name.len() <= 128 && !imprint.name.contains(['/', ':']);
        let folder = name::safe_path(imprint.name, 128).filter(|_| is_file_name).ok_or(WriteError::UnusableName)?;
        let lock = match sealing {
            Sealing::AesZip(passphrase) => {
                let mut seed = zeroize::Zeroizing::new([0; 32]);
                random(seed.as_mut_slice());
                let salts = hmac::Key::new(hmac::HMAC_SHA256, seed.as_slice());
                Some(ZipLock { passphrase: passphrase.clone(), salts })
            }
            _ => None,
        };
        let sink = Sink::new(out, sealing, random)?;
        Ok(Self {
            zip: Some(ZipWriter::new_stream(sink).set_auto_large_file()),
            record_name: format!("{folder}.phr"),
            folder,
            modified_at: dos_time(imprint.created).unwrap_or_default(),
            lock,
            manifest: Manifest::new(imprint.generator, imprint.created),
            names: name::Names::default(),
            n_media: 0,
            current: None,
            record: Record::Unwritten,
        })
    }

    /// Begins the `.phr` file; its lines follow with [`line`](Self::line).
    pub fn start_record(&mut self) -> Result<(), WriteError> {
        if self.record != Record::Unwritten {
            return Err(WriteError::OutOfTurn);
        }
        let real = self.record_name.clone();
        self.start_entry("record.phr", &real, "application/x-ndjson")?;
        self.record = Record::Open;
        Ok(())
    }

    /// Adds one resource to the record, without its line break (PHR-3, PHR-6).
    pub fn line(&mut self, line: &[u8]) -> Result<(), WriteError> {
        if self.record != Record::Open {
            return Err(WriteError::OutOfTurn);
        }
        if line.is_empty() || line.contains(&b'\n') {
            return Err(WriteError::NotOneLine);
        }
        self.push(line)?;
        self.push(b"\n")
    }

    /// Adds a ride-along file under `media/`, before or after the record. `file_name` is a plain file name, unique in the
    /// archive; the file of a [`neutral_media_name`](super::neutral_media_name) is one.
    pub fn media(
        &mut self,
        file_name: &str,
        content_type: &str,
        bytes: &mut dyn Read,
    ) -> Result<MediaWritten, WriteError> {
        let is_file_name = !file_name.contains(['/', ':']);
        let safe = name::safe_path(file_name, 255).filter(|_| is_file_name).ok_or(WriteError::UnusableName)?;
        let url = format!("media/{safe}");
        self.n_media += 1;
        let neutral = name::neutral_media_name(self.n_media, content_type);
        self.start_entry(&neutral, &url, content_type)?;
        let mut buffer = vec![0; BUFFER_BYTES];
        loop {
            match bytes.read(&mut buffer) {
                Ok(0) => break,
                Ok(n) => self.push(buffer.get(..n).unwrap_or_default())?,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(WriteError::Source(error)),
            }
        }
        let (size_bytes, sha256, sha1) = self.finish_entry().ok_or(WriteError::OutOfTurn)?;
        Ok(MediaWritten { url, size_bytes, sha256, sha1 })
    }

    /// Adds README and manifest, completes the sealing and returns the destination, flushed.
    pub fn finish(mut self) -> Result<W, WriteError> {
        self.start_entry(readme::FILE_NAME, readme::FILE_NAME, "text/plain; charset=utf-8")?;
        self.push(readme::TEXT.as_bytes())?;
        self.finish_entry();
        let json = self.manifest.to_json();
        let limit_bytes = Limits::default().manifest_bytes;
        if json.len() as u64 > limit_bytes {
            return Err(WriteError::TooLarge { limit_bytes });
        }
        self.open_entry(manifest::FILE_NAME, manifest::FILE_NAME)?;
        self.zip()?.write_all(&json).map_err(write_error)?;
        let zip = self.zip.take().ok_or(WriteError::OutOfTurn)?;
        let sink = zip.finish().map_err(zip_error)?.into_inner();
        Ok(sink.finish()?)
    }

    fn start_entry(&mut self, neutral: &str, real: &str, content_type: &str) -> Result<(), WriteError> {
        self.finish_entry();
        let place = self.manifest.files.len() + 1;
        self.names.insert(place, real, false).map_err(|_| WriteError::UnusableName)?;
        let (name, path) = match self.lock {
            Some(_) => (neutral.to_owned(), Some(format!("{}/{real}", self.folder))),
            None => (real.to_owned(), None),
        };
        self.open_entry(neutral, real)?;
        let content_type = content_type.to_owned();
        let file = ManifestFile { name, path, content_type, size: 0, sha256: String::new() };
        let (sha256, sha1) = (Context::new(&SHA256), Context::new(&SHA1_FOR_LEGACY_USE_ONLY));
        self.current = Some(Current { file, size_bytes: 0, sha256, sha1 });
        Ok(())
    }

    fn open_entry(&mut self, neutral: &str, real: &str) -> Result<(), WriteError> {
        let options = SimpleFileOptions::default()
            .compression_method(CompressionMethod::Deflated)
            .last_modified_time(self.modified_at)
            .system(System::Unix)
            .unix_permissions(0o644);
        let zip = self.zip.as_mut().ok_or(WriteError::OutOfTurn)?;
        match &self.lock {
            Some(lock) => {
                let salt = lock.salt(self.manifest.files.len() as u64);
                let passphrase = lock.passphrase.expose().as_bytes();
                zip.start_file(neutral, options.with_aes_encryption_and_salt(passphrase, salt)).map_err(zip_error)
            }
            None => zip.start_file(format!("{}/{real}", self.folder), options).map_err(zip_error),
        }
    }

    fn push(&mut self, bytes: &[u8]) -> Result<(), WriteError> {
        let current = self.current.as_mut().ok_or(WriteError::OutOfTurn)?;
        current.size_bytes = current.size_bytes.saturating_add(bytes.len() as u64);
        if current.size_bytes > MAX_FILE_BYTES {
            return Err(WriteError::TooLarge { limit_bytes: MAX_FILE_BYTES });
        }
        current.sha256.update(bytes);
        current.sha1.update(bytes);
        self.zip()?.write_all(bytes).map_err(write_error)
    }

    /// Closes the current entry, if there is one, and lists it in the manifest.
    fn finish_entry(&mut self) -> Option<(u64, [u8; 32], [u8; 20])> {
        let Current { mut file, size_bytes, sha256, sha1 } = self.current.take()?;
        if self.record == Record::Open {
            self.record = Record::Written;
        }
        let (sha256, sha1): ([u8; 32], [u8; 20]) = (fixed(sha256), fixed(sha1));
        (file.size, file.sha256) = (size_bytes, hex(&sha256));
        self.manifest.files.push(file);
        Some((size_bytes, sha256, sha1))
    }

    fn zip(&mut self) -> Result<&mut ZipWriter<StreamWriter<Sink<W>>>, WriteError> {
        self.zip.as_mut().ok_or(WriteError::OutOfTurn)
    }
}

impl<W: Write> Drop for Writer<W> {
    fn drop(&mut self) {
        if let Some(sink) = self.zip.as_ref().and_then(ZipWriter::get_ref) {
            sink.get_ref().abandon();
        }
    }
}

impl ZipLock {
    /// Salts need only differ; each is a function of a random seed and the entry's place.
    fn salt(&self, place: u64) -> AesSalt {
        let tag = hmac::sign(&self.salts, &place.to_be_bytes());
        let mut salt = [0; 16];
        salt.iter_mut().zip(tag.as_ref()).for_each(|(to, from)| *to = *from);
        AesSalt::Aes256(salt)
    }
}

fn fixed<const N: usize>(context: Context) -> [u8; N] {
    let mut bytes = [0; N];
    bytes.iter_mut().zip(context.finish().as_ref()).for_each(|(to, from)| *to = *from);
    bytes
}

/// The date and time of RFC 3339 text as ZIP has them: no zone, two-second steps, from 1980 on.
fn dos_time(created: &str) -> Option<DateTime> {
    let number = |from: usize, to: usize| created.get(from..to)?.parse::<u16>().ok();
    let small = |from, to| number(from, to).and_then(|n| u8::try_from(n).ok());
    let (year, month, day) = (number(0, 4)?, small(5, 7)?, small(8, 10)?);
    let (hour, minute, second) = (small(11, 13)?, small(14, 16)?, small(17, 19)?);
    DateTime::from_date_and_time(year, month, day, hour, minute, second.min(59)).ok()
}

fn zip_error(error: ZipError) -> WriteError {
    match error {
        ZipError::Io(error) => write_error(error),
        other => WriteError::Io(other.into()),
    }
}

fn write_error(error: io::Error) -> WriteError {
    match error.kind() {
        io::ErrorKind::FileTooLarge => {
            WriteError::TooLarge { limit_bytes: crate::seal::jwe::MAX_PLAINTEXT_BYTES as u64 }
        }
        _ => WriteError::Io(error),
    }
}
