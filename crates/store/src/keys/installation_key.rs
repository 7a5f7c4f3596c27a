//! The installation key: 256 random bits, or a passphrase's, from which everything else is unwrapped.

use zeroize::Zeroizing;

use super::{RecoveryCodeError, recovery_code};
use crate::seal::{Envelope, derive, random};

/// The one secret that is kept outside the data folder. It is wiped when dropped and has no `Debug`.
pub struct InstallationKey(Zeroizing<[u8; 32]>);

impl InstallationKey {
    /// A new random key.
    #[must_use]
    pub fn generate() -> Self {
        Self(random())
    }

    /// The key as its holder writes it down: sixty letters and digits in groups of five.
    #[must_use]
    pub fn recovery_code(&self) -> Zeroizing<String> {
        recovery_code::encode(&self.0)
    }

    /// The key of a recovery code as somebody typed it.
    ///
    /// # Errors
    /// [`RecoveryCodeError`] says what is wrong, and where if it can.
    pub fn from_recovery_code(code: &str) -> Result<Self, RecoveryCodeError> {
        recovery_code::decode(code).map(Self)
    }

    pub(super) fn from_bytes(bytes: Zeroizing<[u8; 32]>) -> Self {
        Self(bytes)
    }

    pub(super) fn is_same(&self, other: &Self) -> bool {
        aws_lc_rs::constant_time::verify_slices_are_equal(self.0.as_slice(), other.0.as_slice()).is_ok()
    }

    /// What wraps the keys of the key store.
    pub(super) fn wrapping(&self) -> Envelope {
        Envelope::new(&derive(self.0.as_slice(), &[], "mecum installation wrap 1"))
    }

    /// The page key of the key store's own file.
    pub(super) fn pages_of_key_store(&self) -> Zeroizing<[u8; 32]> {
        derive(self.0.as_slice(), &[], "mecum installation pages 1")
    }
}
