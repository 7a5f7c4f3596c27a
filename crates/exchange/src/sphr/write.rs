//! Writing a `.sphr` as a stream: the record line by line, ride-along files, README and manifest (PHR-25, PHR-31).

use super::imprint::Imprint;
use super::manifest::{self, Manifest, ManifestFile, hex};
use super::sink::Sink;
use super::write_error::WriteError;
use super::zip_lock::ZipLock;
use super::{Limits, name, readme};
use crate::seal::{Random, Sealing};
use aws_lc_rs::digest::{Context, SHA1_FOR_LEGACY_USE_ONLY, SHA256};
use std::fmt;
use std::io::{self, Read, Write};
use zip::write::{SimpleFileOptions, StreamWriter};
use zip::{CompressionMethod, DateTime, System, ZipWriter};

/// Largest file in an archive we write: packed badly and sealed, it still stays below what ZIP64 is needed for.
const MAX_FILE_BYTES: u64 = (4 << 30) - (16 << 20);
const BUFFER_BYTES: usize = 64 << 10;

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

/// Writes one archive. Dropped before [`finish`](Self::finish), or after an error other than a name, a line or a turn
/// that was wrong, it leaves bytes that no reader takes for an archive.
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
    is_broken: bool,
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
            Sealing::AesZip(passphrase) => Some(ZipLock::new(passphrase, random)),
            _ => None,
        };
        let sink = Sink::new(out, sealing, random)?;
        Ok(Self {
            zip: Some(ZipWriter::new_stream(sink).set_auto_large_file()),
            record_name: format!("{folder}.phr"),
            folder,
            modified_at: imprint.dos_time(),
            lock,
            manifest: Manifest::new(imprint.generator, imprint.created),
            names: name::Names::default(),
            n_media: 0,
            current: None,
            record: Record::Unwritten,
            is_broken: false,
        })
    }

    /// Begins the `.phr` file; its lines follow with [`line`](Self::line).
    pub fn start_record(&mut self) -> Result<(), WriteError> {
        if self.record != Record::Unwritten {
            return Err(WriteError::OutOfTurn);
        }
        let real = self.record_name.clone();
        let started = self.start_entry("record.phr", &real, "application/x-ndjson");
        self.settle(started)?;
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
        let pushed = self.push(line).and_then(|()| self.push(b"\n"));
        self.settle(pushed)
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
        let neutral = name::neutral_media_name(self.n_media + 1, content_type);
        let copied = self.start_entry(&neutral, &url, content_type).and_then(|()| self.push_all(bytes));
        self.settle(copied)?;
        self.n_media += 1;
        let (size_bytes, sha256, sha1) = self.finish_entry().ok_or(WriteError::OutOfTurn)?;
        Ok(MediaWritten { url, size_bytes, sha256, sha1 })
    }

    /// Adds README and manifest, completes the sealing and returns the destination, flushed. An archive without a record
    /// is none (PHR-21), and so [`WriteError::OutOfTurn`].
    pub fn finish(mut self) -> Result<W, WriteError> {
        if self.record == Record::Unwritten {
            return Err(WriteError::OutOfTurn);
        }
        self.start_entry(readme::FILE_NAME, readme::FILE_NAME, "text/plain; charset=utf-8")?;
        self.push(readme::TEXT.as_bytes())?;
        self.finish_entry();
        let json = self.manifest.to_json();
        let limit_bytes = Limits::default().manifest_bytes;
        if json.len() as u64 > limit_bytes {
            return Err(WriteError::TooLarge { limit_bytes });
        }
        self.open_entry(manifest::FILE_NAME, manifest::FILE_NAME)?;
        self.zip()?.write_all(&json).map_err(WriteError::from_io)?;
        let zip = self.zip.take().ok_or_else(broken)?;
        let sink = zip.finish().map_err(WriteError::from_zip)?.into_inner();
        Ok(sink.finish()?)
    }

    /// A file that was written in part must not end up in an archive that looks whole.
    fn settle<T>(&mut self, result: Result<T, WriteError>) -> Result<T, WriteError> {
        if result.as_ref().is_err_and(WriteError::is_final) {
            self.is_broken = true;
        }
        result
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
        // Not by `zip()`, because the lock is borrowed beside it.
        let zip = self.zip.as_mut().filter(|_| !self.is_broken).ok_or_else(broken)?;
        match &self.lock {
            Some(lock) => {
                let salt = lock.salt(self.manifest.files.len());
                let options = options.with_aes_encryption_and_salt(lock.passphrase(), salt);
                zip.start_file(neutral, options).map_err(WriteError::from_zip)
            }
            None => zip.start_file(format!("{}/{real}", self.folder), options).map_err(WriteError::from_zip),
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
        self.zip()?.write_all(bytes).map_err(WriteError::from_io)
    }

    fn push_all(&mut self, bytes: &mut dyn Read) -> Result<(), WriteError> {
        let mut buffer = vec![0; BUFFER_BYTES];
        loop {
            match bytes.read(&mut buffer) {
                Ok(0) => return Ok(()),
                Ok(n) => self.push(buffer.get(..n).unwrap_or_default())?,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(WriteError::Source(error)),
            }
        }
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
        self.zip.as_mut().filter(|_| !self.is_broken).ok_or_else(broken)
    }
}

impl<W: Write> Drop for Writer<W> {
    fn drop(&mut self) {
        if let Some(sink) = self.zip.as_ref().and_then(ZipWriter::get_ref) {
            sink.get_ref().abandon();
        }
    }
}

fn broken() -> WriteError {
    WriteError::Io(io::Error::from(io::ErrorKind::BrokenPipe))
}

fn fixed<const N: usize>(context: Context) -> [u8; N] {
    let mut bytes = [0; N];
    bytes.iter_mut().zip(context.finish().as_ref()).for_each(|(to, from)| *to = *from);
    bytes
}
