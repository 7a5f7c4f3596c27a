//! The detached signature beside a file: JWS over the SHA-256 of the whole file (PHR-35, RFC 7515 appendix F).

use crate::seal::jwk::{PrivateJwk, PublicJwk};
use aws_lc_rs::digest::{Context, SHA256};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED, ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, UnparsedPublicKey};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::Deserialize;
use std::io::{self, Read};

/// What to put behind a file's name: `x.sphr` is signed by `x.sphr.jws`.
pub const FILE_SUFFIX: &str = ".jws";

const MAX_SIGNATURE_BYTES: usize = 64 << 10;
const BUFFER_BYTES: usize = 64 << 10;

/// Why a signature does not count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SignatureError {
    /// Not a compact JWS with its payload left out.
    #[error("not a detached signature")]
    Malformed,
    /// Another algorithm, or an extension that must be understood.
    #[error("only detached ES256 signatures without extensions are supported")]
    Unsupported,
    /// Signed by another key than the one it is held against.
    #[error("the signature was made with another key")]
    OtherKey,
    /// The file or the signature was altered.
    #[error("the signature does not belong to this file")]
    Invalid,
}

/// What a signature says about its signer, not yet verified.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signer {
    /// The RFC 7638 thumbprint of the signing key.
    pub kid: Option<String>,
    /// The signer's certificates, base64 of DER, its own first (PHR-36).
    pub x5c: Vec<String>,
}

/// Returns the SHA-256 of a file, which is what gets signed.
pub fn file_digest(file: &mut dyn Read) -> io::Result<[u8; 32]> {
    let mut context = Context::new(&SHA256);
    let mut buffer = vec![0; BUFFER_BYTES];
    loop {
        match file.read(&mut buffer) {
            Ok(0) => break,
            Ok(n) => context.update(buffer.get(..n).unwrap_or_default()),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    let mut digest = [0; 32];
    digest.copy_from_slice(context.finish().as_ref());
    Ok(digest)
}

/// Signs a file's digest with ES256 and returns the detached compact JWS, `header..signature`. The library draws the
/// signature's nonce itself. Errors with [`SignatureError::Unsupported`] only where the library refuses the key.
pub fn sign(file_sha256: &[u8; 32], key: &PrivateJwk) -> Result<String, SignatureError> {
    let header = format!(r#"{{"alg":"ES256","kid":"{}"}}"#, key.public().thumbprint());
    let header = URL_SAFE_NO_PAD.encode(header);
    let algorithm = &ECDSA_P256_SHA256_FIXED_SIGNING;
    let unusable = |_| SignatureError::Unsupported;
    let pair = EcdsaKeyPair::from_private_key_and_public_key(algorithm, key.scalar(), &key.public().point());
    let input = signing_input(&header, file_sha256);
    let signature = pair.map_err(unusable)?.sign(&SystemRandom::new(), input.as_bytes());
    let signature = signature.map_err(|_| SignatureError::Unsupported)?;
    Ok(format!("{header}..{}", URL_SAFE_NO_PAD.encode(signature)))
}

/// Returns what a signature says about its signer, to find the key to verify it with.
pub fn signer(jws: &[u8]) -> Result<Signer, SignatureError> {
    let Header { kid, x5c, .. } = Parts::parse(jws)?.header()?;
    Ok(Signer { kid, x5c })
}

/// Verifies that `key` signed a file of this digest. Whether the key's owner is trusted is another question (PHR-36).
pub fn verify(jws: &[u8], file_sha256: &[u8; 32], key: &PublicJwk) -> Result<(), SignatureError> {
    let parts = Parts::parse(jws)?;
    // A name that is not this key's thumbprint is no proof of another key: it only explains a failure.
    let names_other_key = parts.header()?.kid.is_some_and(|kid| kid != key.thumbprint());
    let signature = URL_SAFE_NO_PAD.decode(parts.signature).map_err(|_| SignatureError::Malformed)?;
    let input = signing_input(parts.header, file_sha256);
    UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, key.point())
        .verify(input.as_bytes(), &signature)
        .map_err(|_| if names_other_key { SignatureError::OtherKey } else { SignatureError::Invalid })
}

fn signing_input(header: &str, file_sha256: &[u8; 32]) -> String {
    format!("{header}.{}", URL_SAFE_NO_PAD.encode(file_sha256))
}

struct Parts<'a> {
    header: &'a str,
    signature: &'a str,
}

#[derive(Deserialize)]
struct Header {
    alg: String,
    crit: Option<serde_json::Value>,
    b64: Option<bool>,
    kid: Option<String>,
    #[serde(default)]
    x5c: Vec<String>,
}

impl<'a> Parts<'a> {
    fn parse(jws: &'a [u8]) -> Result<Self, SignatureError> {
        let text = std::str::from_utf8(jws).ok().filter(|text| text.len() <= MAX_SIGNATURE_BYTES);
        let text = text.ok_or(SignatureError::Malformed)?.trim_ascii();
        let (header, signature) = text.split_once("..").ok_or(SignatureError::Malformed)?;
        if header.contains('.') || signature.contains('.') {
            return Err(SignatureError::Malformed);
        }
        Ok(Self { header, signature })
    }

    fn header(&self) -> Result<Header, SignatureError> {
        let json = URL_SAFE_NO_PAD.decode(self.header).map_err(|_| SignatureError::Malformed)?;
        let header: Header = serde_json::from_slice(&json).map_err(|_| SignatureError::Malformed)?;
        if header.alg != "ES256" || header.crit.is_some() || header.b64.is_some() {
            return Err(SignatureError::Unsupported);
        }
        Ok(header)
    }
}
