//! From a file of any sealing to its archive: decrypt, then unzip (PHR-32, PHR-33).

use super::{Archive, Limits, Refusal};
use crate::seal::{Key, Plain, SealError, unseal};
use crate::sniff::Format;
use std::io::{Read, Seek};

/// Why a file did not become an archive; nothing of it was released.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The sealing did not open.
    #[error(transparent)]
    Seal(#[from] SealError),
    /// The archive inside was turned away.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// An encrypted archive without Mecum's manifest: its names and order cannot be verified. The user may still want it,
    /// with [`Archive::open_foreign`].
    #[error("the encrypted archive carries no manifest, so the names in it cannot be verified")]
    NoManifest,
}

/// Opens a `.sphr` from its start, sealed or not. `key` is what the user has; without one only an unsealed archive opens,
/// and a sealed one is [`SealError::WrongKey`] or [`Refusal::Encrypted`]. A JWE or age envelope must hold a plain archive.
pub fn open<R: Read + Seek>(mut source: R, key: Option<&Key>, limits: &Limits) -> Result<Archive<Plain<R>>, OpenError> {
    let format = crate::seal::format(&mut source)?;
    match (format, key) {
        (Format::Zip, Some(Key::Passphrase(passphrase))) => open_zip(Plain::Bare(source), passphrase, limits),
        (Format::Zip, _) => Ok(Archive::open(Plain::Bare(source), limits)?),
        (Format::Jwe | Format::Age, Some(key)) => Ok(Archive::open(unseal(source, key, limits.total_bytes)?, limits)?),
        (Format::Jwe | Format::Age, None) => Err(SealError::WrongKey.into()),
        (Format::OpenPgp, _) => Err(SealError::Unsupported("an OpenPGP container").into()),
        _ => Err(Refusal::Damaged.into()),
    }
}

/// A passphrase at hand does not mean that the archive wants one.
fn open_zip<R: Read + Seek>(
    mut source: Plain<R>,
    passphrase: &crate::seal::Passphrase,
    limits: &Limits,
) -> Result<Archive<Plain<R>>, OpenError> {
    match Archive::open(&mut source, limits) {
        Err(Refusal::Encrypted | Refusal::EncryptionMismatch(_)) => Archive::open_sealed(source, passphrase, limits),
        Err(refusal) => Err(refusal.into()),
        Ok(_) => Ok(Archive::open(source, limits)?),
    }
}
