//! A passphrase as the installation key: Argon2id (RFC 9106) over a salt that is not secret.

use argon2::{Algorithm, Argon2, Params, Version};
use zeroize::Zeroizing;

use super::{InstallationKey, KeyError};
use crate::seal::random;

/// The least number of characters of a new passphrase.
pub const MIN_PASSPHRASE_CHARS: usize = 12;

/// What somebody typed. It is wiped when dropped and has no `Debug`.
pub struct Passphrase(Zeroizing<String>);

impl Passphrase {
    /// Takes the text as it was typed.
    #[must_use]
    pub fn new(text: String) -> Self {
        Self(Zeroizing::new(text))
    }
}

/// How a passphrase becomes a key. None of it is secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Stretching {
    pub(super) salt: [u8; 16],
    pub(super) memory_kib: u32,
    pub(super) passes: u32,
    pub(super) lanes: u32,
}

impl Stretching {
    /// A new salt and the costs of today: 64 MiB, three passes, one lane (RFC 9106 §4, second choice, with one lane).
    pub(super) fn generate() -> Self {
        Self { salt: *random(), memory_kib: 64 << 10, passes: 3, lanes: 1 }
    }

    /// Costs that someone altered to weaken the key, or to exhaust the machine, are not taken.
    pub(super) fn is_reasonable(&self) -> bool {
        (64 << 10..=1 << 20).contains(&self.memory_kib)
            && (3..=32).contains(&self.passes)
            && (1..=8).contains(&self.lanes)
    }

    /// The key of a passphrase; takes a noticeable part of a second.
    pub(super) fn stretch(&self, passphrase: &Passphrase) -> InstallationKey {
        let mut key = Zeroizing::new([0; 32]);
        Params::new(self.memory_kib, self.passes, self.lanes, Some(32))
            .map(|params| Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
            .and_then(|argon2| argon2.hash_password_into(passphrase.0.as_bytes(), &self.salt, key.as_mut_slice()))
            .expect("the costs are in Argon2's range, as they were made here or found reasonable");
        InstallationKey::from_bytes(key)
    }
}

/// Refuses a new passphrase that would not hold.
pub(super) fn refuse_if_short(passphrase: &Passphrase) -> Result<(), KeyError> {
    let is_short = passphrase.0.chars().count() < MIN_PASSPHRASE_CHARS;
    if is_short { Err(KeyError::PassphraseTooShort { min_chars: MIN_PASSPHRASE_CHARS }) } else { Ok(()) }
}
