//! JWE and age envelopes: what a file asks for, and nothing released that was not sealed (PHR-31, PHR-32).

use std::io::{Cursor, Read};
use std::sync::OnceLock;

use mecum_exchange::seal::jwk::PrivateJwk;
use mecum_exchange::seal::{Key, jwe, unseal, wanted_key};

/// Most bytes that an envelope may hold here.
const LIMIT_BYTES: u64 = 1 << 20;

/// An envelope, opened with the key that the seeds are sealed for. Passphrases are not tried: a header may ask for ten million
/// rounds of key derivation, which is within the bounds and no fault.
pub fn envelope(bytes: &[u8]) {
    let _ = (wanted_key(&mut Cursor::new(bytes)), jwe::header(bytes));
    static KEY: OnceLock<Key> = OnceLock::new();
    let key = KEY.get_or_init(|| Key::Jwk(PrivateJwk::generate(&mut repeatable()).expect("a scalar in range")));
    let Ok(mut plain) = unseal(Cursor::new(bytes), key, LIMIT_BYTES) else { return };
    let mut content = Vec::new();
    plain.read_to_end(&mut content).expect("what was verified can be read");
    assert!(content.len() as u64 <= LIMIT_BYTES);
}

/// Bytes that are the same each time; not random at all, so that the key is the one of the seeds.
pub fn repeatable() -> impl FnMut(&mut [u8]) {
    let mut state = 0x9e37_79b9_7f4a_7c15u64;
    move |bytes: &mut [u8]| {
        for byte in bytes {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            *byte = state.to_be_bytes()[3];
        }
    }
}
