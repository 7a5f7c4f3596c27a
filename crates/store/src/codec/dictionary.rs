//! Dictionaries: trained on synthetic people only, because a trained dictionary remembers what it saw.

use super::CodecError;

/// A dictionary of at most `max_bytes` trained on the samples, which must be synthetic.
///
/// # Errors
/// [`CodecError::Training`] when there are too few samples to learn from.
pub fn train(samples: &[Vec<u8>], max_bytes: usize) -> Result<Vec<u8>, CodecError> {
    zstd::dict::from_samples(samples, max_bytes).map_err(CodecError::Training)
}
