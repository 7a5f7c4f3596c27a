//! Opening an age file: chunks are authenticated one by one, so nothing is handed out before the last one was.

use super::{MAX_HEADER_BYTES, MAX_READ_LOG_N, secret};
use crate::seal::{Key, SealError};
use age::stream::StreamReader;
use age::{DecryptError, Decryptor, Identity, scrypt};
use std::io::{self, BufRead, BufReader, Cursor, Read, Seek, SeekFrom, Write};

/// Verifies the whole of an age file and returns a reader of its plaintext that can seek, so that nothing in the clear
/// needs to be kept. The source is read twice and must not change meanwhile; every chunk is verified again.
///
/// Errors: [`SealError::WrongKey`], [`SealError::Altered`], [`SealError::TooLarge`] above `limit_bytes` of plaintext,
/// [`SealError::Unsupported`], [`SealError::NotSealed`].
pub fn open_verified<R: Read + Seek>(source: R, key: &Key, limit_bytes: u64) -> Result<AgeReader<R>, SealError> {
    let mut source = BufReader::new(source);
    let header = read_header(&mut source)?;
    source.seek(SeekFrom::Start(0)).map_err(SealError::Io)?;
    let identity = fitting_identity(&header, key)?;
    let decryptor = Decryptor::new_buffered(source).map_err(translate)?;
    let mut inner = decryptor.decrypt(std::iter::once(&*identity)).map_err(translate)?;
    let length_bytes = copy_all(&mut inner, &mut io::sink(), limit_bytes)?;
    inner.seek(SeekFrom::Start(0)).map_err(SealError::from_io)?;
    Ok(AgeReader { inner, length_bytes, position_bytes: 0 })
}

/// Decrypts an age file into `spool` (a temporary file that vanishes, say) and returns the spool only after the last byte
/// was verified; for sources that cannot be read twice. Errors as [`open_verified`].
pub fn spool_verified<R: Read, S: Write>(source: R, key: &Key, limit_bytes: u64, mut spool: S) -> Result<S, SealError> {
    let mut source = BufReader::new(source);
    let header = read_header(&mut source)?;
    let identity = fitting_identity(&header, key)?;
    let decryptor = Decryptor::new(Cursor::new(header).chain(source)).map_err(translate)?;
    let mut inner = decryptor.decrypt(std::iter::once(&*identity)).map_err(translate)?;
    copy_all(&mut inner, &mut spool, limit_bytes)?;
    Ok(spool)
}

/// Returns the first line that says how the file key is wrapped, such as `-> scrypt … 18`.
pub(crate) fn first_stanza<R: Read>(source: R) -> Result<String, SealError> {
    let header = read_header(&mut BufReader::new(source))?;
    let line = header.split(|&byte| byte == b'\n').nth(1).unwrap_or_default();
    Ok(String::from_utf8_lossy(line).into_owned())
}

/// The plaintext of an age file that was verified to its end.
pub struct AgeReader<R> {
    inner: StreamReader<BufReader<R>>,
    length_bytes: u64,
    position_bytes: u64,
}

impl<R: Read> Read for AgeReader<R> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        if self.position_bytes >= self.length_bytes {
            return Ok(0);
        }
        let n = self.inner.read(buf)?;
        self.position_bytes += n as u64;
        Ok(n)
    }
}

impl<R: Read + Seek> Seek for AgeReader<R> {
    /// A position behind the end is the end.
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let target_bytes = match to {
            SeekFrom::Start(at) => Some(at),
            SeekFrom::End(by) => self.length_bytes.checked_add_signed(by),
            SeekFrom::Current(by) => self.position_bytes.checked_add_signed(by),
        };
        let before_start = || io::Error::new(io::ErrorKind::InvalidInput, "seek before the start");
        let target_bytes = target_bytes.ok_or_else(before_start)?.min(self.length_bytes);
        // The library's own seek does arithmetic on positions, so it only ever sees ones that exist.
        if target_bytes < self.length_bytes {
            self.inner.seek(SeekFrom::Start(target_bytes))?;
        }
        self.position_bytes = target_bytes;
        Ok(target_bytes)
    }
}

/// Reads up to and including the line of the header's authentication code, so that the library never looks for the end of
/// a header without one.
fn read_header<R: BufRead>(source: &mut R) -> Result<Vec<u8>, SealError> {
    let mut header = Vec::new();
    loop {
        let start = header.len();
        let room = (MAX_HEADER_BYTES - start) as u64;
        let n = source.by_ref().take(room).read_until(b'\n', &mut header).map_err(SealError::Io)?;
        let line = header.get(start..).unwrap_or_default();
        if start == 0 && line != b"age-encryption.org/v1\n" {
            let is_armoured = line.starts_with(b"-----BEGIN AGE");
            return Err(if is_armoured { SealError::Unsupported("age armour") } else { SealError::NotSealed });
        }
        if n == 0 || !line.ends_with(b"\n") {
            return Err(SealError::Altered);
        }
        if line.starts_with(b"--- ") {
            return Ok(header);
        }
    }
}

/// Returns the key as the library wants it. Where typed words have two readings, the header tells which one fits.
fn fitting_identity(header: &[u8], key: &Key) -> Result<Box<dyn Identity>, SealError> {
    let typed = match key {
        Key::Passphrase(typed) => typed,
        Key::Age(identity) => return Ok(Box::new(identity.0.clone())),
        Key::Jwk(_) => return Err(SealError::WrongKey),
    };
    let mut readings = typed.readings().into_iter().map(|reading| {
        let mut identity = scrypt::Identity::new(secret(reading.expose()));
        identity.set_max_work_factor(MAX_READ_LOG_N);
        identity
    });
    let first = readings.next().ok_or(SealError::WrongKey)?;
    match readings.next() {
        Some(other) if !unwraps(header, &first) => Ok(Box::new(other)),
        _ => Ok(Box::new(first)),
    }
}

/// Whether an identity unwraps the file key of a header; the nonce of the payload does not matter for that.
fn unwraps(header: &[u8], identity: &dyn Identity) -> bool {
    const ANY_NONCE: [u8; 16] = [0; 16];
    let decryptor = Decryptor::new(header.chain(ANY_NONCE.as_slice()));
    decryptor.is_ok_and(|decryptor| decryptor.decrypt(std::iter::once(identity)).is_ok())
}

fn copy_all<R: Read, W: Write>(plain: &mut R, to: &mut W, limit_bytes: u64) -> Result<u64, SealError> {
    let n = io::copy(&mut plain.take(limit_bytes.saturating_add(1)), to).map_err(SealError::from_io)?;
    if n > limit_bytes { Err(SealError::TooLarge { limit_bytes }) } else { Ok(n) }
}

fn translate(error: DecryptError) -> SealError {
    match error {
        DecryptError::NoMatchingKeys | DecryptError::KeyDecryptionFailed | DecryptError::DecryptionFailed => {
            SealError::WrongKey
        }
        DecryptError::ExcessiveWork { .. } => SealError::Unsupported("a passphrase work factor above 2^20"),
        DecryptError::UnknownFormat => SealError::Unsupported("another version of age"),
        DecryptError::Io(error) => SealError::from_io(error),
        _ => SealError::Altered,
    }
}
