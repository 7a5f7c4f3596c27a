//! AES-256-GCM (NIST SP 800-38D) in a versioned envelope: version byte, 96-bit random nonce, ciphertext, 128-bit tag.
//!
//! Random nonces are safe for 2^32 texts under one key (SP 800-38D §8.3). Every record has a key of its own, and no record
//! comes near four thousand million versions.

use aws_lc_rs::aead::{AES_256_GCM, Aad as Associated, LessSafeKey, Nonce, UnboundKey};

use super::{Aad, random};

const VERSION: u8 = 1;
const NONCE: usize = 12;
const TAG: usize = 16;

/// Bytes that stand before the ciphertext; reserve them to seal in place.
pub const HEADROOM: usize = 1 + NONCE;

/// Bytes that a sealed text is longer than its plaintext.
pub const OVERHEAD: usize = HEADROOM + TAG;

/// Why sealed bytes did not open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SealError {
    /// Fewer bytes than the smallest envelope has.
    #[error("the sealed bytes are too short to be whole")]
    TooShort,
    /// Written by a newer program, or not sealed at all.
    #[error("the sealed bytes have version {0}, which this program does not know")]
    UnknownVersion(u8),
    /// Altered, under another key, or belonging to something else than what was named.
    #[error("the sealed bytes are altered, or belong to another key or place")]
    Altered,
}

/// A key that seals and opens envelopes. The library wipes it when dropped.
pub(crate) struct Envelope(LessSafeKey);

impl Envelope {
    pub(crate) fn new(key: &[u8; 32]) -> Self {
        let key = UnboundKey::new(&AES_256_GCM, key).expect("AES-256 takes every 32 bytes as its key");
        Self(LessSafeKey::new(key))
    }

    pub(crate) fn seal(&self, aad: &Aad, plaintext: &[u8]) -> Vec<u8> {
        let mut buffer = Vec::with_capacity(plaintext.len() + OVERHEAD);
        buffer.resize(HEADROOM, 0);
        buffer.extend_from_slice(plaintext);
        self.seal_in_place(aad, &mut buffer);
        buffer
    }

    /// Seals what follows the first [`HEADROOM`] bytes of `buffer` and writes the head over those.
    pub(crate) fn seal_in_place(&self, aad: &Aad, buffer: &mut Vec<u8>) {
        let (head, plaintext) =
            buffer.split_at_mut_checked(HEADROOM).expect("whoever seals in place has reserved the headroom");
        let mut nonce = [0; NONCE];
        random::fill(&mut nonce);
        head[0] = VERSION;
        head[1..].copy_from_slice(&nonce);
        let nonce = Nonce::assume_unique_for_key(nonce);
        let tag = self.0.seal_in_place_separate_tag(nonce, Associated::from(aad.as_bytes()), plaintext);
        let tag = tag.expect("AES-GCM refuses only texts of 64 GiB and more, which no memory of ours holds");
        buffer.extend_from_slice(tag.as_ref());
    }

    pub(crate) fn open(&self, aad: &Aad, sealed: &[u8]) -> Result<Vec<u8>, SealError> {
        let (nonce, sealed) = parse(sealed)?;
        let (ciphertext, tag) = sealed.split_at(sealed.len() - TAG);
        let mut plaintext = vec![0; ciphertext.len()];
        let aad = Associated::from(aad.as_bytes());
        let opened = self.0.open_separate_gather(nonce, aad, ciphertext, tag, &mut plaintext);
        opened.map_err(|_| SealError::Altered)?;
        Ok(plaintext)
    }

    /// Opens in the buffer itself and returns the part of it that is the plaintext.
    pub(crate) fn open_in_place<'a>(&self, aad: &Aad, sealed: &'a mut [u8]) -> Result<&'a mut [u8], SealError> {
        let (nonce, _) = parse(sealed)?;
        let aad = Associated::from(aad.as_bytes());
        self.0.open_in_place(nonce, aad, &mut sealed[HEADROOM..]).map_err(|_| SealError::Altered)
    }
}

/// The nonce, and ciphertext with tag.
fn parse(sealed: &[u8]) -> Result<(Nonce, &[u8]), SealError> {
    match sealed {
        [] => Err(SealError::TooShort),
        [VERSION, rest @ ..] if rest.len() >= NONCE + TAG => {
            let (nonce, rest) = rest.split_first_chunk::<NONCE>().ok_or(SealError::TooShort)?;
            Ok((Nonce::assume_unique_for_key(*nonce), rest))
        }
        [VERSION, ..] => Err(SealError::TooShort),
        [version, ..] => Err(SealError::UnknownVersion(*version)),
    }
}
