//! The installation's key over chain heads: a cut-off tail is seen because the old head's signature no longer fits.

use aws_lc_rs::hmac;

use super::mac::{derive, is_mac, mac, mac_key};

const DOMAIN: &str = "chain head";

/// Signs the heads of commit and disclosure chains. It has no `Debug` and survives a rotation of the installation key.
pub struct HeadKey(hmac::Key);

impl HeadKey {
    /// Derives the signing key from the installation's random 32 bytes, which the caller wipes.
    #[must_use]
    pub fn new(secret: &[u8; 32]) -> Self {
        Self(mac_key(&derive(secret, &[], "mecum head 1")))
    }

    /// The signature over the parts of a head.
    #[must_use]
    pub fn sign(&self, parts: &[&[u8]]) -> [u8; 32] {
        mac(&self.0, DOMAIN, parts)
    }

    /// Whether `signature` is the one over these parts, in constant time.
    #[must_use]
    pub fn verify(&self, parts: &[&[u8]], signature: &[u8]) -> bool {
        is_mac(&self.0, DOMAIN, parts, signature)
    }
}
