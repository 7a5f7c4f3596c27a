//! The protected header of a JWE: what it says, before any key is tried (RFC 7516 section 4).

use super::MAX_HEADER_BYTES;
use super::token::{Token, decode};
use crate::seal::SealError;
use serde::Deserialize;

/// What a token asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Header {
    /// A passphrase.
    Passphrase,
    /// The private part of a P-256 key, with its thumbprint where the header names it.
    Recipient {
        /// The `kid` of the header.
        kid: Option<String>,
    },
}

/// Reads the header of a token in either serialisation; of a compact one the part before the first dot is enough. Errors:
/// [`SealError::NotSealed`], [`SealError::Altered`] or [`SealError::Unsupported`].
pub fn header(token: &[u8]) -> Result<Header, SealError> {
    let compact = token.first().filter(|byte| **byte == b'e').and_then(|_| token.split(|byte| *byte == b'.').next());
    let parsed = match compact {
        Some(protected) => Parsed::from_compact(protected)?,
        None => Token::parse(token)?.header()?,
    };
    match parsed.key {
        KeyHeader::Passphrase { .. } => Ok(Header::Passphrase),
        KeyHeader::Recipient { kid, .. } => Ok(Header::Recipient { kid }),
    }
}

/// A header of the two algorithms that are read.
pub(super) struct Parsed {
    pub(super) key: KeyHeader,
}

pub(super) enum KeyHeader {
    Passphrase { salt: String, rounds: u32 },
    Recipient { epk: Epk, apu: String, apv: String, kid: Option<String> },
}

/// What some programs write beside the protected header: parameters of the key's derivation. They are not authenticated
/// by themselves, and a changed one derives another key.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Unprotected {
    epk: Option<Epk>,
    p2s: Option<String>,
    p2c: Option<u32>,
}

#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Epk {
    kty: String,
    crv: String,
    pub(super) x: String,
    pub(super) y: String,
}

#[derive(Deserialize)]
struct Fields {
    alg: String,
    enc: String,
    zip: Option<String>,
    crit: Option<serde_json::Value>,
    p2s: Option<String>,
    p2c: Option<u32>,
    epk: Option<Epk>,
    #[serde(default)]
    apu: String,
    #[serde(default)]
    apv: String,
    kid: Option<String>,
}

impl Parsed {
    /// Reads the first part of a compact token.
    pub(super) fn from_compact(protected: &[u8]) -> Result<Self, SealError> {
        let protected = std::str::from_utf8(protected).ok().filter(|text| text.len() <= MAX_HEADER_BYTES);
        Self::from_json(&decode(protected.ok_or(SealError::Altered)?)?, &Unprotected::default())
    }

    /// Reads the JSON of a protected header and what stands beside it; no parameter may stand in both.
    pub(super) fn from_json(json: &[u8], beside: &Unprotected) -> Result<Self, SealError> {
        let mut fields: Fields = serde_json::from_slice(json).map_err(|_| SealError::Altered)?;
        fields.epk = either(fields.epk, beside.epk.clone())?;
        fields.p2s = either(fields.p2s, beside.p2s.clone())?;
        fields.p2c = either(fields.p2c, beside.p2c)?;
        if fields.crit.is_some() {
            return Err(SealError::Unsupported("a critical extension of JWE"));
        }
        if fields.zip.is_some() {
            return Err(SealError::Unsupported("compression inside JWE"));
        }
        if fields.enc != super::A256GCM {
            return Err(SealError::Unsupported("a JWE content encryption other than A256GCM"));
        }
        match fields.alg.as_str() {
            super::PBES2 => fields.passphrase(),
            super::ECDH_ES => fields.recipient(),
            _ => Err(SealError::Unsupported("a JWE key algorithm other than PBES2-HS512+A256KW and ECDH-ES+A256KW")),
        }
    }
}

fn either<T>(a: Option<T>, b: Option<T>) -> Result<Option<T>, SealError> {
    if a.is_some() && b.is_some() { Err(SealError::Altered) } else { Ok(a.or(b)) }
}

impl Fields {
    fn passphrase(self) -> Result<Parsed, SealError> {
        let (salt, rounds) = self.p2s.zip(self.p2c).ok_or(SealError::Altered)?;
        if !super::READ_ROUNDS.contains(&rounds) {
            return Err(SealError::Unsupported("a number of key derivation rounds outside 1,000 to 10,000,000"));
        }
        Ok(Parsed { key: KeyHeader::Passphrase { salt, rounds } })
    }

    fn recipient(self) -> Result<Parsed, SealError> {
        let Self { epk, apu, apv, kid, .. } = self;
        let epk = epk.ok_or(SealError::Altered)?;
        if epk.kty != "EC" || epk.crv != "P-256" {
            return Err(SealError::Unsupported("a JWE key on another curve than P-256"));
        }
        Ok(Parsed { key: KeyHeader::Recipient { epk, apu, apv, kid } })
    }
}
