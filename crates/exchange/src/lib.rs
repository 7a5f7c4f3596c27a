//! Foreign formats: bytes to resources and back (pure).
//!
//! - [`sniff`]: what a file is, from its first bytes.
//! - [`gzip`]: gunzip with bounds.
//! - [`sphr`]: the `.sphr` container, plain or sealed, read and written.
//! - [`seal`]: passphrases, keys and the envelopes around a container.
//! - [`signature`]: the detached signature beside a file.
//! - [`repair`]: what is put right in a resource from outside, and what is not.

pub mod gzip;
pub mod repair;
pub mod seal;
pub mod signature;
pub mod sniff;
pub mod sphr;
