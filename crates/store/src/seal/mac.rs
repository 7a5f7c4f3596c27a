//! HMAC-SHA256 (RFC 2104) over framed parts, and HKDF-SHA256 (RFC 5869) for keys out of keys.

use aws_lc_rs::hkdf::{self, HKDF_SHA256, KeyType, Prk};
use aws_lc_rs::hmac::{Context, HMAC_SHA256, Key, Tag};
use zeroize::Zeroizing;

use super::frame::length;

/// An HMAC that grows part by part; equals the one made of all parts at once.
#[derive(Clone)]
pub struct MacStream(Context);

impl MacStream {
    pub(super) fn new(key: &Key, domain: &str) -> Self {
        let mut stream = Self(Context::with_key(key));
        stream.part(domain.as_bytes());
        stream
    }

    /// Adds one whole part, with its length before it.
    pub fn part(&mut self, part: &[u8]) {
        self.0.update(&length(part));
        self.0.update(part);
    }

    /// The HMAC over all parts.
    #[must_use]
    pub fn finish(self) -> [u8; 32] {
        bytes_of(self.0.sign())
    }
}

/// The name of a content under one record's key, grown as the content streams by. Where the pieces are cut does not matter.
#[derive(Clone)]
pub struct NameStream(Context);

impl NameStream {
    pub(super) fn new(key: &Key) -> Self {
        Self(Context::with_key(key))
    }

    /// Adds the next piece of the content.
    pub fn update(&mut self, piece: &[u8]) {
        self.0.update(piece);
    }

    /// The name of the content seen.
    #[must_use]
    pub fn finish(self) -> [u8; 32] {
        bytes_of(self.0.sign())
    }
}

/// A key of 32 bytes out of another; `salt` may be empty, `label` says what the new key is for.
pub(crate) fn derive(secret: &[u8], salt: &[u8], label: &str) -> Zeroizing<[u8; 32]> {
    expand(&hkdf::Salt::new(HKDF_SHA256, salt).extract(secret), label)
}

pub(super) fn mac_key(key: &[u8; 32]) -> Key {
    Key::new(HMAC_SHA256, key)
}

pub(super) fn mac(key: &Key, domain: &str, parts: &[&[u8]]) -> [u8; 32] {
    let mut stream = MacStream::new(key, domain);
    for part in parts {
        stream.part(part);
    }
    stream.finish()
}

/// Whether `expected` is the HMAC of the parts; takes the same time wherever they differ.
pub(super) fn is_mac(key: &Key, domain: &str, parts: &[&[u8]], expected: &[u8]) -> bool {
    aws_lc_rs::constant_time::verify_slices_are_equal(&mac(key, domain, parts), expected).is_ok()
}

/// A further key out of an extracted one.
pub(super) fn expand(extracted: &Prk, label: &str) -> Zeroizing<[u8; 32]> {
    let mut key = Zeroizing::new([0; 32]);
    extracted
        .expand(&[label.as_bytes()], Bytes32)
        .and_then(|okm| okm.fill(key.as_mut_slice()))
        .expect("HKDF-SHA256 gives up to 8160 bytes, and 32 are asked for");
    key
}

fn bytes_of(tag: Tag) -> [u8; 32] {
    tag.as_ref().try_into().expect("an HMAC-SHA256 has 32 bytes")
}

struct Bytes32;

impl KeyType for Bytes32 {
    fn len(&self) -> usize {
        32
    }
}
