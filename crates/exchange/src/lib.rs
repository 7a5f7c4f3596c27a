//! Foreign formats: bytes to resources and back (pure).
//!
//! - [`sniff`]: what a file is, from its first bytes.
//! - [`gzip`]: gunzip with bounds.
//! - [`sphr`]: the `.sphr` container, plain or sealed, read and written.
//! - [`seal`]: passphrases, keys and the envelopes around a container.
//! - [`signature`]: the detached signature beside a file.
//! - [`phr`]: files of resources, as lines or as one JSON value; [`item`] is what they offer.
//! - [`bundle`]: one JSON value read whole; [`ndjson`]: a folder with a file for each type.
//! - [`repair`]: what is put right in a resource from outside, and what is not.
//! - [`cover`]: what we add to an export, and know again when it comes back.

pub mod bundle;
pub mod cover;
pub mod gzip;
pub mod item;
pub mod ndjson;
pub mod phr;
pub mod repair;
pub mod seal;
pub mod signature;
pub mod sniff;
pub mod sphr;
