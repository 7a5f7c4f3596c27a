//! Sealing: what is kept of a person is unreadable without the record's data key, and cannot be moved or altered unseen.
//!
//! - `frame`: fields to bytes so that no two lists of fields read the same
//! - `envelope`: AES-256-GCM with a fresh nonce, in a versioned envelope
//! - `mac`: HMAC-SHA256, whole or streamed
//! - `record_key`: one record's data key and what is derived from it
//! - `head_key`: the installation's signature over chain heads

mod envelope;
mod frame;
mod head_key;
mod mac;
mod random;
mod record_key;

pub use envelope::{HEADROOM, OVERHEAD, SealError};
pub use frame::Aad;
pub use head_key::HeadKey;
pub use mac::{MacStream, NameStream};
pub use record_key::RecordKey;

pub(crate) use envelope::Envelope;
pub(crate) use mac::derive;
pub(crate) use random::random;
