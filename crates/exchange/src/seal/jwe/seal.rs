//! Making a JWE: the content key is fresh and wrapped first, the plaintext follows when it is whole.

use super::concat_kdf::{Party, shared_key};
use super::{A256GCM, ECDH_ES, IV_BYTES, MAX_PLAINTEXT_BYTES, MEDIA_TYPE, PBES2, WRAPPED_KEY_BYTES, WRITTEN_ROUNDS};
use crate::seal::jwk::{PrivateJwk, PublicJwk};
use crate::seal::{Passphrase, Random, SealError};
use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use aws_lc_rs::key_wrap::{AES_256, AesKek, KeyWrap};
use aws_lc_rs::pbkdf2::{self, PBKDF2_HMAC_SHA512};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use std::fmt;
use std::num::NonZeroU32;
use zeroize::Zeroizing;

/// A content key wrapped for whoever may open the file; seals one plaintext.
pub struct Prepared {
    protected: String,
    wrapped_key: [u8; WRAPPED_KEY_BYTES],
    key: Zeroizing<[u8; 32]>,
    iv: [u8; IV_BYTES],
}

impl Prepared {
    /// Prepares for a passphrase: PBES2-HS512+A256KW with 600,000 rounds and a 16-byte salt (PHR-31 b). Takes about half a
    /// second of work.
    pub fn for_passphrase(passphrase: &Passphrase, random: &mut Random<'_>) -> Result<Self, SealError> {
        Self::with_rounds(passphrase, WRITTEN_ROUNDS, random)
    }

    pub(super) fn with_rounds(
        passphrase: &Passphrase,
        rounds: u32,
        random: &mut Random<'_>,
    ) -> Result<Self, SealError> {
        let mut salt = [0; 16];
        random(&mut salt);
        let p2s = URL_SAFE_NO_PAD.encode(salt);
        let header =
            format!(r#"{{"alg":"{PBES2}","enc":"{A256GCM}","cty":"{MEDIA_TYPE}","p2s":"{p2s}","p2c":{rounds}}}"#);
        let kek = passphrase_key(passphrase, &salt, rounds).ok_or(SealError::Unsupported("no rounds"))?;
        Self::wrap(&header, &kek, random)
    }

    /// Prepares for the holder of a P-256 key: ECDH-ES+A256KW with a fresh ephemeral key (PHR-31 a).
    pub fn for_recipient(recipient: &PublicJwk, random: &mut Random<'_>) -> Result<Self, SealError> {
        let unusable = SealError::Unsupported("a recipient key that cannot be agreed with");
        let ephemeral =
            PrivateJwk::generate(random).map_err(|_| SealError::Unsupported("this source of randomness"))?;
        let party = Party { algorithm: ECDH_ES, apu: b"", apv: b"" };
        let kek = shared_key(&ephemeral, recipient, &party).ok_or(unusable)?;
        let (x, y, kid) = (ephemeral.public().x(), ephemeral.public().y(), recipient.thumbprint());
        let epk = format!(r#"{{"kty":"EC","crv":"P-256","x":"{x}","y":"{y}"}}"#);
        let header =
            format!(r#"{{"alg":"{ECDH_ES}","enc":"{A256GCM}","cty":"{MEDIA_TYPE}","kid":"{kid}","epk":{epk}}}"#);
        Self::wrap(&header, &kek, random)
    }

    fn wrap(header: &str, kek: &[u8; 32], random: &mut Random<'_>) -> Result<Self, SealError> {
        let mut key = Zeroizing::new([0; 32]);
        let mut iv = [0; IV_BYTES];
        random(key.as_mut_slice());
        random(&mut iv);
        let mut wrapped_key = [0; WRAPPED_KEY_BYTES];
        AesKek::new(&AES_256, kek)
            .and_then(|kek| kek.wrap(key.as_slice(), &mut wrapped_key).map(drop))
            .map_err(|_| SealError::Unsupported("a key of this length"))?;
        Ok(Self { protected: URL_SAFE_NO_PAD.encode(header), wrapped_key, key, iv })
    }

    /// Seals a whole plaintext and returns the compact token. Errors with [`SealError::TooLarge`] above
    /// [`MAX_PLAINTEXT_BYTES`].
    pub fn seal(self, mut plaintext: Vec<u8>) -> Result<String, SealError> {
        let too_large = SealError::TooLarge { limit_bytes: MAX_PLAINTEXT_BYTES as u64 };
        if plaintext.len() > MAX_PLAINTEXT_BYTES {
            return Err(too_large);
        }
        let unusable = || SealError::Unsupported("a key of this length");
        let key = UnboundKey::new(&AES_256_GCM, self.key.as_slice()).map_err(|_| unusable())?;
        let tag = LessSafeKey::new(key)
            .seal_in_place_separate_tag(
                Nonce::assume_unique_for_key(self.iv),
                Aad::from(self.protected.as_bytes()),
                &mut plaintext,
            )
            .map_err(|_| too_large)?;
        let mut token = String::with_capacity(self.protected.len() + plaintext.len() / 3 * 4 + 128);
        token.push_str(&self.protected);
        for part in [self.wrapped_key.as_slice(), &self.iv, &plaintext, tag.as_ref()] {
            token.push('.');
            URL_SAFE_NO_PAD.encode_string(part, &mut token);
        }
        Ok(token)
    }
}

impl fmt::Debug for Prepared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Prepared(..)")
    }
}

/// PBES2 of RFC 7518 section 4.8: the algorithm's name is part of the salt. `None` where `rounds` is 0.
pub(super) fn passphrase_key(passphrase: &Passphrase, salt: &[u8], rounds: u32) -> Option<Zeroizing<[u8; 32]>> {
    let mut full_salt = Vec::with_capacity(PBES2.len() + 1 + salt.len());
    full_salt.extend_from_slice(PBES2.as_bytes());
    full_salt.push(0);
    full_salt.extend_from_slice(salt);
    let mut kek = Zeroizing::new([0; 32]);
    let secret = passphrase.expose().as_bytes();
    pbkdf2::derive(PBKDF2_HMAC_SHA512, NonZeroU32::new(rounds)?, &full_salt, secret, kek.as_mut_slice());
    Some(kek)
}
