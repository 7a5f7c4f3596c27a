//! From an envelope to the bytes inside, whichever envelope it is (PHR-32, PHR-33: decrypt, then unzip).

use super::age_file::{self, AgeReader};
use super::{Key, SealError, jwe};
use crate::sniff::{Format, PREFIX_BYTES, sniff};
use std::io::{self, Cursor, Read, Seek, SeekFrom};
use zeroize::Zeroizing;

/// What a file asks for before it opens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WantedKey {
    /// Nothing: there is no envelope. A ZIP archive may still be locked.
    Nothing,
    /// A passphrase.
    Passphrase,
    /// The private part of a P-256 key, with its thumbprint where the file names it.
    Jwk {
        /// The thumbprint, as the file has it.
        kid: Option<String>,
    },
    /// An X25519 key of age.
    Age,
}

/// Looks at a file from its start and says what it asks for. Errors: [`SealError::Unsupported`] (OpenPGP among them),
/// [`SealError::Altered`] and [`SealError::TooLarge`].
pub fn wanted_key<R: Read + Seek>(source: &mut R) -> Result<WantedKey, SealError> {
    match format(source)? {
        Format::Jwe => match jwe::header(&read_header(source)?)? {
            jwe::Header::Passphrase => Ok(WantedKey::Passphrase),
            jwe::Header::Recipient { kid } => Ok(WantedKey::Jwk { kid }),
        },
        Format::Age => {
            let is_passphrase = age_file::first_stanza(source)?.starts_with("-> scrypt ");
            Ok(if is_passphrase { WantedKey::Passphrase } else { WantedKey::Age })
        }
        Format::OpenPgp => Err(SealError::Unsupported("an OpenPGP container")),
        _ => Ok(WantedKey::Nothing),
    }
}

/// Opens a JWE or an age file from its start; everything in it was verified before this returns. `limit_bytes` bounds the
/// plaintext. Errors: [`SealError::NotSealed`] for any other file, a ZIP archive included, and all others.
pub fn unseal<R: Read + Seek>(mut source: R, key: &Key, limit_bytes: u64) -> Result<Plain<R>, SealError> {
    match format(&mut source)? {
        Format::Jwe => {
            let token = read_token(&mut source)?;
            let plain = jwe::open(&token, key)?;
            if plain.len() as u64 > limit_bytes {
                return Err(SealError::TooLarge { limit_bytes });
            }
            Ok(Plain::Memory(Cursor::new(Wiped(plain))))
        }
        Format::Age => age_file::open_verified(source, key, limit_bytes).map(|reader| Plain::Age(Box::new(reader))),
        Format::OpenPgp => Err(SealError::Unsupported("an OpenPGP container")),
        _ => Err(SealError::NotSealed),
    }
}

/// Reads the first bytes and goes back to the start.
pub(crate) fn format<R: Read + Seek>(source: &mut R) -> Result<Format, SealError> {
    source.seek(SeekFrom::Start(0)).map_err(SealError::Io)?;
    let mut prefix = Vec::with_capacity(PREFIX_BYTES);
    source.by_ref().take(PREFIX_BYTES as u64).read_to_end(&mut prefix).map_err(SealError::Io)?;
    source.seek(SeekFrom::Start(0)).map_err(SealError::Io)?;
    Ok(sniff(&prefix, None))
}

/// Reads a compact token as far as its header can reach, and the JSON form whole.
fn read_header<R: Read>(source: &mut R) -> Result<Vec<u8>, SealError> {
    let mut token = Vec::new();
    source.by_ref().take(jwe::MAX_HEADER_BYTES as u64 + 1).read_to_end(&mut token).map_err(SealError::Io)?;
    if token.first() != Some(&b'e') {
        token.extend(read_token(source)?);
    }
    Ok(token)
}

fn read_token<R: Read>(source: &mut R) -> Result<Vec<u8>, SealError> {
    let mut token = Vec::new();
    source.by_ref().take(jwe::MAX_TOKEN_BYTES as u64 + 1).read_to_end(&mut token).map_err(SealError::Io)?;
    Ok(token)
}

/// The verified bytes of an envelope, or a file that had none.
pub enum Plain<R> {
    /// The file itself.
    Bare(R),
    /// The plaintext of a JWE.
    Memory(Cursor<Wiped>),
    /// The plaintext of an age file, decrypted again as it is read.
    Age(Box<AgeReader<R>>),
}

impl<R: Read> Read for Plain<R> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::Bare(source) => source.read(buf),
            Self::Memory(cursor) => cursor.read(buf),
            Self::Age(reader) => reader.read(buf),
        }
    }
}

impl<R: Read + Seek> Seek for Plain<R> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        match self {
            Self::Bare(source) => source.seek(to),
            Self::Memory(cursor) => cursor.seek(to),
            Self::Age(reader) => reader.seek(to),
        }
    }
}

/// Bytes that are wiped when dropped, in the form that a cursor takes.
pub struct Wiped(Zeroizing<Vec<u8>>);

impl AsRef<[u8]> for Wiped {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}
