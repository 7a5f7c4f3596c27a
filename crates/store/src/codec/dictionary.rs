//! Dictionaries: trained on synthetic people only, because a trained dictionary remembers what it saw.

use std::sync::LazyLock;

use zstd::dict::{DecoderDictionary, EncoderDictionary};

use super::CodecError;
use super::pack::LEVEL;

/// Never changed, or what was packed with it is lost: a better one is dictionary 2, beside it (`data/README.md`).
const DICTIONARY_1: &[u8] = include_bytes!("../../data/dictionary-1");

pub(super) static ENCODER_1: LazyLock<EncoderDictionary<'static>> =
    LazyLock::new(|| EncoderDictionary::copy(DICTIONARY_1, LEVEL));

pub(super) static DECODER_1: LazyLock<DecoderDictionary<'static>> =
    LazyLock::new(|| DecoderDictionary::copy(DICTIONARY_1));

/// A dictionary of at most `max_bytes` trained on the samples, which must be synthetic.
///
/// # Errors
/// [`CodecError::Training`] when there are too few samples to learn from.
pub fn train(samples: &[Vec<u8>], max_bytes: usize) -> Result<Vec<u8>, CodecError> {
    zstd::dict::from_samples(samples, max_bytes).map_err(CodecError::Training)
}
