//! How stored payloads are compressed: a first byte names the codec, the rest is the payload in it.
//!
//! Codec 0 is the bytes themselves, 1 is zstd (RFC 8878), 2 is zstd with dictionary 1. A number, once released, keeps its meaning and
//! its dictionary for ever; what a newer program wrote is refused by number, never guessed.

mod dictionary;
mod pack;
mod unpack;

pub use dictionary::train;
pub use pack::{pack, pack_into};
pub use unpack::unpack;

const RAW: u8 = 0;
const ZSTD: u8 = 1;
const ZSTD_DICTIONARY_1: u8 = 2;

/// Why stored bytes could not be unpacked, or a dictionary not be trained. It never says what the bytes were.
#[derive(Debug, thiserror::Error)]
pub enum CodecError {
    /// No byte at all; even an empty payload has its codec.
    #[error("a stored payload is empty, without even its codec")]
    Empty,
    /// Written by a newer program, or not a payload.
    #[error("a stored payload has codec {0}, which this program does not know")]
    UnknownCodec(u8),
    /// More bytes than the caller takes.
    #[error("a stored payload unpacks to more than {max_len} bytes")]
    TooLarge {
        /// The caller's limit in bytes.
        max_len: usize,
    },
    /// The frame is not one that [`pack()`] writes.
    #[error("a stored payload is damaged")]
    Damaged,
    /// Too few samples, or too alike.
    #[error("no dictionary can be trained on these samples: {0}")]
    Training(std::io::Error),
}
