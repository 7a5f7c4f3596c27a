//! age v1 (c2sp.org/age): the sealing for large files, since it is written and verified chunk by chunk (PHR-32).
//!
//! The age library draws its own random bytes, and with a passphrase it looks at a clock to estimate work, which we
//! override by a fixed factor; so this is the one place of the room that does not take randomness as an argument.

mod reader;
mod writer;

pub(crate) use reader::first_stanza;
pub use reader::{AgeReader, open_verified, spool_verified};
pub use writer::AgeWriter;

use super::SealError;
use age::secrecy::{ExposeSecret, SecretString};
use age::x25519;
use std::fmt;
use std::str::FromStr;
use zeroize::Zeroizing;

/// scrypt work factor of what we write: 2^18, the age tool's own, about a second and 256 MiB.
const WRITTEN_LOG_N: u8 = 18;
/// Highest work factor read: four times that.
const MAX_READ_LOG_N: u8 = 20;
/// Largest header read; a recipient takes about 100 bytes.
const MAX_HEADER_BYTES: usize = 16 << 10;

/// The public X25519 key of somebody who may open a file, as `age1…`.
#[derive(Clone, PartialEq, Eq)]
pub struct AgeRecipient(x25519::Recipient);

impl AgeRecipient {
    /// Reads `age1…`; other kinds of age recipients are not supported.
    pub fn parse(text: &str) -> Result<Self, SealError> {
        let unsupported = |_| SealError::Unsupported("an age recipient of another kind than X25519");
        x25519::Recipient::from_str(text.trim()).map(Self).map_err(unsupported)
    }

    /// Returns it as `age1…`.
    pub fn to_text(&self) -> String {
        self.0.to_string()
    }
}

impl fmt::Debug for AgeRecipient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AgeRecipient(..)")
    }
}

/// The private X25519 key that opens a file, as `AGE-SECRET-KEY-1…`; never printed.
#[derive(Clone)]
pub struct AgeIdentity(x25519::Identity);

impl AgeIdentity {
    /// Makes a new key; the library draws its own random bytes.
    pub fn generate() -> Self {
        Self(x25519::Identity::generate())
    }

    /// Reads `AGE-SECRET-KEY-1…`; lines of comment around it, as `age-keygen` writes, are skipped.
    pub fn parse(text: &str) -> Result<Self, SealError> {
        let line =
            text.lines().map(str::trim).find(|line| !line.is_empty() && !line.starts_with('#')).unwrap_or_default();
        let unsupported = |_| SealError::Unsupported("an age identity of another kind than X25519");
        x25519::Identity::from_str(line).map(Self).map_err(unsupported)
    }

    /// Returns it as `AGE-SECRET-KEY-1…`.
    pub fn to_text(&self) -> Zeroizing<String> {
        Zeroizing::new(self.0.to_string().expose_secret().to_owned())
    }

    /// Returns the public key that belongs to it.
    pub fn recipient(&self) -> AgeRecipient {
        AgeRecipient(self.0.to_public())
    }
}

impl fmt::Debug for AgeIdentity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AgeIdentity(..)")
    }
}

fn secret(text: &str) -> SecretString {
    SecretString::from(text.to_owned())
}
