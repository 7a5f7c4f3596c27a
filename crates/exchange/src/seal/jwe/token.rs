//! The two serialisations of a JWE that are read: compact, and JSON with one recipient (RFC 7516 section 7).

use super::header::{Parsed, Unprotected};
use super::{IV_BYTES, MAX_HEADER_BYTES, MAX_PLAINTEXT_BYTES, MAX_TOKEN_BYTES, TAG_BYTES, WRAPPED_KEY_BYTES};
use crate::seal::SealError;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::Deserialize;
use std::borrow::Cow;

/// The parts of a token, still in base64url.
pub(super) struct Token<'a> {
    /// The protected header as it was authenticated.
    pub(super) protected: Cow<'a, str>,
    unprotected: Unprotected,
    encrypted_key: Cow<'a, str>,
    iv: Cow<'a, str>,
    ciphertext: Cow<'a, str>,
    tag: Cow<'a, str>,
}

impl<'a> Token<'a> {
    /// Splits a token; [`SealError::NotSealed`] where it is none.
    pub(super) fn parse(bytes: &'a [u8]) -> Result<Self, SealError> {
        if bytes.len() > MAX_TOKEN_BYTES {
            return Err(SealError::TooLarge { limit_bytes: MAX_PLAINTEXT_BYTES as u64 });
        }
        match bytes.first() {
            Some(b'{') => serde_json::from_slice::<JsonToken<'a>>(bytes).map_err(|_| SealError::Altered)?.flatten(),
            Some(b'e') => Self::compact(bytes),
            _ => Err(SealError::NotSealed),
        }
    }

    fn compact(bytes: &'a [u8]) -> Result<Self, SealError> {
        let text = std::str::from_utf8(bytes.trim_ascii_end()).map_err(|_| SealError::Altered)?;
        let mut parts = text.split('.').map(Cow::Borrowed);
        let mut next = || parts.next().ok_or(SealError::Altered);
        let (protected, encrypted_key, iv) = (next()?, next()?, next()?);
        let (ciphertext, tag) = (next()?, next()?);
        if parts.next().is_some() {
            return Err(SealError::Altered);
        }
        let unprotected = Unprotected::default();
        Ok(Self { protected, unprotected, encrypted_key, iv, ciphertext, tag })
    }

    pub(super) fn header(&self) -> Result<Parsed, SealError> {
        if self.protected.len() > MAX_HEADER_BYTES {
            return Err(SealError::Altered);
        }
        Parsed::from_json(&decode(&self.protected)?, &self.unprotected)
    }

    pub(super) fn encrypted_key(&self) -> Result<[u8; WRAPPED_KEY_BYTES], SealError> {
        fixed(&self.encrypted_key)
    }

    pub(super) fn iv(&self) -> Result<[u8; IV_BYTES], SealError> {
        fixed(&self.iv)
    }

    /// Returns the ciphertext with its tag behind it, not yet verified.
    pub(super) fn ciphertext_and_tag(&self) -> Result<Vec<u8>, SealError> {
        let tag: [u8; TAG_BYTES] = fixed(&self.tag)?;
        let mut bytes = Vec::with_capacity(self.ciphertext.len() / 4 * 3 + 4 + TAG_BYTES);
        URL_SAFE_NO_PAD.decode_vec(self.ciphertext.as_ref(), &mut bytes).map_err(|_| SealError::Altered)?;
        bytes.extend_from_slice(&tag);
        Ok(bytes)
    }
}

/// Decodes strictly: no padding and no stray bits, so that no two texts mean the same bytes.
pub(super) fn decode(text: &str) -> Result<Vec<u8>, SealError> {
    URL_SAFE_NO_PAD.decode(text).map_err(|_| SealError::Altered)
}

fn fixed<const N: usize>(text: &str) -> Result<[u8; N], SealError> {
    decode(text)?.try_into().map_err(|_| SealError::Altered)
}

/// Every member must be known: what is neither authenticated nor part of the key's derivation must not be there.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct JsonToken<'a> {
    #[serde(borrow)]
    protected: Cow<'a, str>,
    header: Option<Unprotected>,
    #[serde(borrow)]
    encrypted_key: Option<Cow<'a, str>>,
    #[serde(borrow)]
    recipients: Option<Vec<Recipient<'a>>>,
    #[serde(borrow)]
    iv: Cow<'a, str>,
    #[serde(borrow)]
    ciphertext: Cow<'a, str>,
    #[serde(borrow)]
    tag: Cow<'a, str>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Recipient<'a> {
    header: Option<Unprotected>,
    #[serde(borrow)]
    encrypted_key: Cow<'a, str>,
}

impl<'a> JsonToken<'a> {
    fn flatten(self) -> Result<Token<'a>, SealError> {
        let (unprotected, encrypted_key) = match (self.encrypted_key, self.recipients) {
            (Some(key), None) => (self.header, key),
            (None, Some(mut recipients)) if recipients.len() == 1 && self.header.is_none() => {
                let recipient = recipients.pop().ok_or(SealError::Altered)?;
                (recipient.header, recipient.encrypted_key)
            }
            _ => return Err(SealError::Unsupported("a JWE for several recipients")),
        };
        let Self { protected, iv, ciphertext, tag, .. } = self;
        Ok(Token { protected, unprotected: unprotected.unwrap_or_default(), encrypted_key, iv, ciphertext, tag })
    }
}
