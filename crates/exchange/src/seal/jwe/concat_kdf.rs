//! The key that both sides of ECDH-ES derive from their shared secret (RFC 7518 section 4.6.2).

use crate::seal::jwk::{PrivateJwk, PublicJwk};
use aws_lc_rs::agreement::{ECDH_P256, PrivateKey, UnparsedPublicKey, agree};
use aws_lc_rs::digest::{Context, SHA256};
use zeroize::Zeroizing;

/// What is bound into the derived key besides the shared secret.
pub(super) struct Party<'a> {
    pub(super) algorithm: &'a str,
    pub(super) apu: &'a [u8],
    pub(super) apv: &'a [u8],
}

/// Agrees on a 256-bit key; `None` where the keys cannot be used together.
pub(super) fn shared_key(own: &PrivateJwk, other: &PublicJwk, party: &Party<'_>) -> Option<Zeroizing<[u8; 32]>> {
    let own = PrivateKey::from_private_key(&ECDH_P256, own.scalar()).ok()?;
    let other = UnparsedPublicKey::new(&ECDH_P256, other.point());
    agree(&own, other, (), |secret| Ok(derive(secret, party, 256))).ok()
}

/// One round of the Concat KDF with SHA-256: enough for every key of up to 256 bits.
pub(super) fn derive(secret: &[u8], party: &Party<'_>, key_bits: u32) -> Zeroizing<[u8; 32]> {
    let mut context = Context::new(&SHA256);
    context.update(&1u32.to_be_bytes());
    context.update(secret);
    for part in [party.algorithm.as_bytes(), party.apu, party.apv] {
        // Headers are bounded, so a part is always shorter than 4 GiB.
        context.update(&u32::try_from(part.len()).unwrap_or(u32::MAX).to_be_bytes());
        context.update(part);
    }
    context.update(&key_bits.to_be_bytes());
    let mut key = Zeroizing::new([0; 32]);
    key.copy_from_slice(context.finish().as_ref());
    key
}
