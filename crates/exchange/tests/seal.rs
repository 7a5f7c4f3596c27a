//! Passphrases, keys and envelopes: what opens, what does not, and that nothing altered is released (PHR-31, PHR-32, PHR-37).
#![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

#[path = "seal/age_file.rs"]
mod age_file;
#[path = "seal/jwe.rs"]
mod jwe;
#[path = "seal/jwk.rs"]
mod jwk;
#[path = "seal/passphrase.rs"]
mod passphrase;

/// Repeatable bytes; not random at all, which is what a test wants.
fn repeatable() -> impl FnMut(&mut [u8]) {
    let mut state = 0x2545_f491_4f6c_dd1du64;
    move |bytes: &mut [u8]| {
        for byte in bytes {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            *byte = (state >> 32) as u8;
        }
    }
}
