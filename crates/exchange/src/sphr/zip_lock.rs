//! The passphrase of AES entries and the salts that keep their keys apart (PHR-31 d).

use crate::seal::{ArchivePassphrase, Random};
use aws_lc_rs::hmac;
use zeroize::Zeroizing;
use zip::AesSalt;

/// A passphrase, and a seed for the salts of all entries.
pub(crate) struct ZipLock {
    passphrase: ArchivePassphrase,
    salts: hmac::Key,
}

impl ZipLock {
    /// Draws the seed.
    pub(crate) fn new(passphrase: &ArchivePassphrase, random: &mut Random<'_>) -> Self {
        let mut seed = Zeroizing::new([0; 32]);
        random(seed.as_mut_slice());
        Self { passphrase: passphrase.clone(), salts: hmac::Key::new(hmac::HMAC_SHA256, seed.as_slice()) }
    }

    pub(crate) fn passphrase(&self) -> &[u8] {
        self.passphrase.expose().as_bytes()
    }

    /// Salts need only differ; each is a function of the random seed and the entry's place.
    pub(crate) fn salt(&self, place: usize) -> AesSalt {
        let tag = hmac::sign(&self.salts, &(place as u64).to_be_bytes());
        let mut salt = [0; 16];
        salt.iter_mut().zip(tag.as_ref()).for_each(|(to, from)| *to = *from);
        AesSalt::Aes256(salt)
    }
}
