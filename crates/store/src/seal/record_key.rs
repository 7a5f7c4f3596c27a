//! One record's data key: four keys derived from 32 random bytes, for sealing, authenticating, naming and blobs.

use aws_lc_rs::hkdf::{HKDF_SHA256, Salt};
use aws_lc_rs::hmac;
use zeroize::Zeroizing;

use super::mac::{derive, expand, is_mac, mac, mac_key};
use super::{Aad, Envelope, MacStream, NameStream, SealError};

/// The data key of one record. It has no `Debug` and no way out: only what is sealed, opened or authenticated with it.
pub struct RecordKey {
    seal: Envelope,
    mac: hmac::Key,
    name: hmac::Key,
    blob: Zeroizing<[u8; 32]>,
}

impl RecordKey {
    /// Derives the four keys from the record's random 32 bytes, which the caller wipes.
    #[must_use]
    pub fn new(secret: &[u8; 32]) -> Self {
        let extracted = Salt::none(HKDF_SHA256).extract(secret);
        Self {
            seal: Envelope::new(&expand(&extracted, "mecum record seal 1")),
            mac: mac_key(&expand(&extracted, "mecum record mac 1")),
            name: mac_key(&expand(&extracted, "mecum record name 1")),
            blob: expand(&extracted, "mecum record blob 1"),
        }
    }

    /// Seals a text; it is [`super::OVERHEAD`] bytes longer then, and opens only with the same `aad`.
    #[must_use]
    pub fn seal(&self, aad: &Aad, plaintext: &[u8]) -> Vec<u8> {
        self.seal.seal(aad, plaintext)
    }

    /// Seals without a copy: `buffer` holds [`super::HEADROOM`] bytes of any content, then the plaintext.
    ///
    /// # Panics
    /// If `buffer` is shorter than the headroom.
    pub fn seal_in_place(&self, aad: &Aad, buffer: &mut Vec<u8>) {
        self.seal.seal_in_place(aad, buffer);
    }

    /// The plaintext of a sealed text, or why it does not open.
    ///
    /// # Errors
    /// [`SealError`] when the bytes are cut, altered, sealed under another key or with another `aad`.
    pub fn open(&self, aad: &Aad, sealed: &[u8]) -> Result<Vec<u8>, SealError> {
        self.seal.open(aad, sealed)
    }

    /// Opens without a copy and returns the part of `sealed` that is now plaintext.
    ///
    /// # Errors
    /// As [`RecordKey::open`]; the bytes are of no use then.
    pub fn open_in_place<'a>(&self, aad: &Aad, sealed: &'a mut [u8]) -> Result<&'a mut [u8], SealError> {
        self.seal.open_in_place(aad, sealed)
    }

    /// HMAC-SHA256 over the parts; `domain` keeps different uses apart.
    #[must_use]
    pub fn mac(&self, domain: &str, parts: &[&[u8]]) -> [u8; 32] {
        mac(&self.mac, domain, parts)
    }

    /// Whether `expected` is [`RecordKey::mac`] of the parts, in constant time.
    #[must_use]
    pub fn is_mac(&self, domain: &str, parts: &[&[u8]], expected: &[u8]) -> bool {
        is_mac(&self.mac, domain, parts, expected)
    }

    /// As [`RecordKey::mac`], part by part.
    #[must_use]
    pub fn mac_stream(&self, domain: &str) -> MacStream {
        MacStream::new(&self.mac, domain)
    }

    /// Names a content: equal within the record for equal content, and telling nothing without the key.
    #[must_use]
    pub fn name_stream(&self) -> NameStream {
        NameStream::new(&self.name)
    }

    /// The key of one blob, which only its own random salt gives.
    pub(crate) fn blob_key(&self, salt: &[u8; 16]) -> Zeroizing<[u8; 32]> {
        derive(self.blob.as_slice(), salt, "mecum blob 1")
    }
}
