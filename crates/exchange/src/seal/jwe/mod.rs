//! JWE around a container (RFC 7516): PBES2-HS512+A256KW or ECDH-ES+A256KW, A256GCM, `cty: application/zip` (PHR-31, PHR-32).
//!
//! - [`Prepared`]: a wrapped content key, ready to seal one plaintext.
//! - [`open()`]: from a token to its verified plaintext.
//! - [`header()`]: what a token says about itself, before any key.

mod concat_kdf;
mod header;
mod open;
mod seal;
mod token;

pub use header::{Header, header};
pub use open::open;
pub use seal::Prepared;

/// Largest plaintext sealed or opened, in bytes: it is held in memory, because nothing of it may be released before its
/// end was verified. Larger files are sealed with age.
pub const MAX_PLAINTEXT_BYTES: usize = 256 << 20;
/// Base64 of the largest plaintext, and room for everything else.
pub(crate) const MAX_TOKEN_BYTES: usize = MAX_PLAINTEXT_BYTES / 3 * 4 + (64 << 10);

/// Longest protected header read, in base64url.
pub(crate) const MAX_HEADER_BYTES: usize = 16 << 10;

/// Rounds of PBKDF2 in what we write.
const WRITTEN_ROUNDS: u32 = 600_000;
/// Rounds of PBKDF2 that are read: fewer protect nothing, more would keep the machine busy.
const READ_ROUNDS: std::ops::RangeInclusive<u32> = 1_000..=10_000_000;

const PBES2: &str = "PBES2-HS512+A256KW";
const ECDH_ES: &str = "ECDH-ES+A256KW";
const A256GCM: &str = "A256GCM";
const MEDIA_TYPE: &str = "application/zip";

/// Size of an AES-256 key wrapped by RFC 3394.
const WRAPPED_KEY_BYTES: usize = 40;
const IV_BYTES: usize = 12;
const TAG_BYTES: usize = 16;

#[cfg(test)]
mod tests;
