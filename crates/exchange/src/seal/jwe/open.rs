//! Opening a JWE: nothing is returned before the whole of it was verified.

use super::concat_kdf::{Party, shared_key};
use super::header::{Epk, KeyHeader};
use super::seal::passphrase_key;
use super::token::{Token, decode};
use super::{ECDH_ES, WRAPPED_KEY_BYTES};
use crate::seal::jwk::{PrivateJwk, PublicJwk};
use crate::seal::{Key, Passphrase, SealError};
use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use aws_lc_rs::key_wrap::{AES_256, AesKek, KeyWrap};
use zeroize::Zeroizing;

/// Opens a token in compact or JSON serialisation and returns its plaintext.
///
/// Errors: [`SealError::WrongKey`] where the key does not unwrap the content key (or is of the wrong kind),
/// [`SealError::Altered`] where anything else does not verify, [`SealError::NotSealed`], [`SealError::TooLarge`] and
/// [`SealError::Unsupported`].
pub fn open(token: &[u8], key: &Key) -> Result<Zeroizing<Vec<u8>>, SealError> {
    let token = Token::parse(token)?;
    let wrapped_key = token.encrypted_key()?;
    let content_key = match (token.header()?.key, key) {
        (KeyHeader::Passphrase { salt, rounds }, Key::Passphrase(passphrase)) => {
            by_passphrase(passphrase, &decode(&salt)?, rounds, &wrapped_key)
        }
        // The `kid` is only a hint: other programs name keys as they like, and unwrapping decides anyway.
        (KeyHeader::Recipient { epk, apu, apv, .. }, Key::Jwk(jwk)) => {
            by_jwk(jwk, &epk, (&decode(&apu)?, &decode(&apv)?), &wrapped_key)?
        }
        _ => None,
    };
    let content_key = content_key.ok_or(SealError::WrongKey)?;
    decrypt(&token, &content_key)
}

fn by_passphrase(typed: &Passphrase, salt: &[u8], rounds: u32, wrapped: &[u8]) -> Option<Zeroizing<[u8; 32]>> {
    typed.readings().iter().find_map(|reading| unwrap(&*passphrase_key(reading, salt, rounds)?, wrapped))
}

fn by_jwk(
    own: &PrivateJwk,
    epk: &Epk,
    (apu, apv): (&[u8], &[u8]),
    wrapped: &[u8],
) -> Result<Option<Zeroizing<[u8; 32]>>, SealError> {
    let epk = PublicJwk::from_coordinates(&epk.x, &epk.y).map_err(|_| SealError::Altered)?;
    let kek = shared_key(own, &epk, &Party { algorithm: ECDH_ES, apu, apv }).ok_or(SealError::Altered)?;
    Ok(unwrap(&kek, wrapped))
}

fn unwrap(kek: &[u8; 32], wrapped: &[u8]) -> Option<Zeroizing<[u8; 32]>> {
    let mut room = Zeroizing::new([0; WRAPPED_KEY_BYTES]);
    let kek = AesKek::new(&AES_256, kek).ok()?;
    let unwrapped = kek.unwrap(wrapped, room.as_mut_slice()).ok()?;
    let mut key = Zeroizing::new([0; 32]);
    key.copy_from_slice(unwrapped.get(..32)?);
    Some(key)
}

fn decrypt(token: &Token<'_>, key: &[u8; 32]) -> Result<Zeroizing<Vec<u8>>, SealError> {
    let iv = token.iv()?;
    let mut bytes = Zeroizing::new(token.ciphertext_and_tag()?);
    let key = UnboundKey::new(&AES_256_GCM, key).map_err(|_| SealError::Altered)?;
    let plaintext_bytes = LessSafeKey::new(key)
        .open_in_place(Nonce::assume_unique_for_key(iv), Aad::from(token.protected.as_bytes()), &mut bytes)
        .map_err(|_| SealError::Altered)?
        .len();
    bytes.truncate(plaintext_bytes);
    Ok(bytes)
}
