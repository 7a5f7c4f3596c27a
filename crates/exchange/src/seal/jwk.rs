//! P-256 keys as JWK (RFC 7517, RFC 7518 section 6.2) and their thumbprints (RFC 7638).

use super::Random;
use aws_lc_rs::agreement::{self, ECDH_P256};
use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED, ParsedPublicKey};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::Deserialize;
use std::fmt;
use zeroize::{Zeroize, Zeroizing};

/// Largest JWK read, in bytes.
const MAX_JWK_BYTES: usize = 16 << 10;

/// Why a JWK cannot be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum JwkError {
    /// Not a JWK, or with coordinates that are not a point of the curve.
    #[error("not a valid P-256 key")]
    Invalid,
    /// Another kind of key.
    #[error("only keys of type EC on the curve P-256 are supported")]
    Unsupported,
    /// A private key where a public one is wanted: it should not have left its owner.
    #[error("this is a private key; the public part is wanted")]
    Private,
    /// A public key where a private one is wanted.
    #[error("this is a public key; the private part is wanted")]
    Public,
}

/// A public P-256 key whose point is known to lie on the curve.
#[derive(Clone, PartialEq, Eq)]
pub struct PublicJwk {
    x: [u8; 32],
    y: [u8; 32],
}

impl PublicJwk {
    /// Reads a JWK. Extra members are ignored; a private key is refused.
    pub fn parse(json: &[u8]) -> Result<Self, JwkError> {
        let fields = Fields::parse(json)?;
        if fields.d.is_some() { Err(JwkError::Private) } else { fields.public() }
    }

    /// Returns the JWK as JSON, with its thumbprint as `kid`.
    pub fn to_json(&self) -> String {
        format!(r#"{{"kty":"EC","crv":"P-256","x":"{}","y":"{}","kid":"{}"}}"#, self.x(), self.y(), self.thumbprint())
    }

    /// Returns the RFC 7638 thumbprint: base64url of the SHA-256 of the required members.
    pub fn thumbprint(&self) -> String {
        let required = format!(r#"{{"crv":"P-256","kty":"EC","x":"{}","y":"{}"}}"#, self.x(), self.y());
        URL_SAFE_NO_PAD.encode(digest(&SHA256, required.as_bytes()))
    }

    pub(crate) fn x(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.x)
    }

    pub(crate) fn y(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.y)
    }

    /// Returns the point as 65 bytes, uncompressed (SEC 1 section 2.3.3).
    pub(crate) fn point(&self) -> [u8; 65] {
        let mut point = [4; 65];
        point[1..33].copy_from_slice(&self.x);
        point[33..].copy_from_slice(&self.y);
        point
    }

    /// Takes base64url coordinates and checks that they are a point of the curve.
    pub(crate) fn from_coordinates(x: &str, y: &str) -> Result<Self, JwkError> {
        let (x, y) = (coordinate(x)?, coordinate(y)?);
        let key = Self { x: *x, y: *y };
        ParsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, key.point()).map_err(|_| JwkError::Invalid)?;
        Ok(key)
    }
}

impl fmt::Debug for PublicJwk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PublicJwk(..)")
    }
}

/// A P-256 key pair; the private part is wiped when dropped and never printed.
#[derive(Clone)]
pub struct PrivateJwk {
    public: PublicJwk,
    d: Zeroizing<[u8; 32]>,
}

impl PrivateJwk {
    /// Makes a new key from random bytes; errors only where the source of random bytes is broken.
    pub fn generate(random: &mut Random<'_>) -> Result<Self, JwkError> {
        let mut d = Zeroizing::new([0u8; 32]);
        // All but one in 2^32 scalars are in range, so a second round is rare already.
        for _ in 0..8 {
            random(d.as_mut_slice());
            if let Ok(key) = Self::from_scalar(&d) {
                return Ok(key);
            }
        }
        Err(JwkError::Invalid)
    }

    /// Reads a JWK with its private part, and checks that the two parts belong together.
    pub fn parse(json: &[u8]) -> Result<Self, JwkError> {
        let fields = Fields::parse(json)?;
        let d = coordinate(fields.d.as_ref().ok_or(JwkError::Public)?)?;
        let key = Self::from_scalar(&d)?;
        if key.public == fields.public()? { Ok(key) } else { Err(JwkError::Invalid) }
    }

    /// Returns the JWK as JSON, private part included.
    pub fn to_json(&self) -> Zeroizing<String> {
        let (x, y, kid) = (self.public.x(), self.public.y(), self.public.thumbprint());
        let d = Zeroizing::new(URL_SAFE_NO_PAD.encode(self.d.as_slice()));
        let d = d.as_str();
        Zeroizing::new(format!(r#"{{"kty":"EC","crv":"P-256","x":"{x}","y":"{y}","d":"{d}","kid":"{kid}"}}"#))
    }

    /// Returns the public part.
    pub fn public(&self) -> &PublicJwk {
        &self.public
    }

    pub(crate) fn scalar(&self) -> &[u8; 32] {
        &self.d
    }

    fn from_scalar(d: &[u8; 32]) -> Result<Self, JwkError> {
        let key = agreement::PrivateKey::from_private_key(&ECDH_P256, d).map_err(|_| JwkError::Invalid)?;
        let point = key.compute_public_key().map_err(|_| JwkError::Invalid)?;
        let (mut x, mut y) = ([0; 32], [0; 32]);
        let coordinates = point.as_ref().get(1..).filter(|xy| xy.len() == 64).ok_or(JwkError::Invalid)?;
        x.copy_from_slice(&coordinates[..32]);
        y.copy_from_slice(&coordinates[32..]);
        Ok(Self { public: PublicJwk { x, y }, d: Zeroizing::new(*d) })
    }
}

impl fmt::Debug for PrivateJwk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PrivateJwk(..)")
    }
}

#[derive(Deserialize)]
struct Fields {
    kty: String,
    crv: Option<String>,
    x: Option<String>,
    y: Option<String>,
    d: Option<String>,
}

impl Fields {
    fn parse(json: &[u8]) -> Result<Self, JwkError> {
        if json.len() > MAX_JWK_BYTES {
            return Err(JwkError::Invalid);
        }
        let fields: Self = serde_json::from_slice(json).map_err(|_| JwkError::Invalid)?;
        let is_p256 = fields.kty == "EC" && fields.crv.as_deref() == Some("P-256");
        if is_p256 { Ok(fields) } else { Err(JwkError::Unsupported) }
    }

    fn public(&self) -> Result<PublicJwk, JwkError> {
        let (x, y) = self.x.as_deref().zip(self.y.as_deref()).ok_or(JwkError::Invalid)?;
        PublicJwk::from_coordinates(x, y)
    }
}

impl Drop for Fields {
    fn drop(&mut self) {
        self.d.zeroize();
    }
}

/// A coordinate or scalar always has its full 32 bytes (RFC 7518 section 6.2.1.2).
fn coordinate(text: &str) -> Result<Zeroizing<[u8; 32]>, JwkError> {
    let mut bytes = Zeroizing::new([0u8; 32]);
    // The decoder wants room for a whole last group, which 43 symbols do not fill.
    let mut room = Zeroizing::new([0u8; 33]);
    match URL_SAFE_NO_PAD.decode_slice(text, room.as_mut_slice()) {
        Ok(32) => bytes.copy_from_slice(&room[..32]),
        _ => return Err(JwkError::Invalid),
    }
    Ok(bytes)
}
