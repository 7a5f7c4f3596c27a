//! Passphrases, keys and the envelopes around a container (PHR-31, PHR-32).
//!
//! - [`Sealing`]: how a file is to be sealed; [`Key`]: what opens one.
//! - [`Passphrase`], [`ArchivePassphrase`]: words that are shared out of band (PHR-37).
//! - [`jwk`]: P-256 keys; [`jwe`]: the two JWE modes; [`age_file`]: the streaming format for large files.
//! - [`unseal()`]: from an envelope to the verified bytes inside; [`wanted_key`]: what a file asks for.
//!
//! Random bytes are drawn from a [`Random`] that the caller hands in. The one exception is age, whose library draws its
//! own.

pub mod age_file;
mod error;
pub mod jwe;
pub mod jwk;
mod passphrase;
mod unseal;

pub use error::SealError;
pub use passphrase::{ArchivePassphrase, Passphrase, PassphraseError};
pub(crate) use unseal::format;
pub use unseal::{Plain, WantedKey, Wiped, unseal, wanted_key};

/// A cryptographic source of random bytes: fills the whole slice.
pub type Random<'a> = dyn FnMut(&mut [u8]) + 'a;

/// How a file is to be sealed.
#[derive(Debug, Clone)]
pub enum Sealing {
    /// Not at all; only after an explicit confirmation (PHR-31 c).
    None,
    /// A ZIP with AES-256 entries that any archive program opens (PHR-31 d). Streams.
    AesZip(ArchivePassphrase),
    /// JWE for a passphrase (PHR-31 b). Held in memory, at most [`jwe::MAX_PLAINTEXT_BYTES`].
    PassphraseJwe(Passphrase),
    /// JWE for the holder of a P-256 key (PHR-31 a). Held in memory, at most [`jwe::MAX_PLAINTEXT_BYTES`].
    RecipientJwe(jwk::PublicJwk),
    /// age for a passphrase (PHR-32). Streams.
    AgePassphrase(Passphrase),
    /// age for the holder of an X25519 key (PHR-32). Streams.
    AgeRecipient(age_file::AgeRecipient),
}

/// What opens a sealed file.
#[derive(Debug, Clone)]
pub enum Key {
    /// A passphrase as somebody typed it.
    Passphrase(Passphrase),
    /// The private part of the key that a JWE was sealed for.
    Jwk(jwk::PrivateJwk),
    /// The private part of the key that an age file was sealed for.
    Age(age_file::AgeIdentity),
}
