//! Numbers as search compares them (R4 search.html#number): exact, in bytes that sort, with the precision of their digits.
//!
//! - [`NumberKey`]: its bytes are made here.
//! - [`Implied`]: the range that a number written with so many digits stands for.

mod decimal;
mod implied;
mod key;

pub use implied::Implied;

pub(crate) use decimal::Decimal;

use crate::search::value::NumberKey;

/// Digits beyond these do not take part in comparisons; 18 is what R4 asks for at least.
pub const MAX_DIGITS: usize = 64;

/// Numbers reach up to, not including, ten to this power, and as far towards zero.
pub const MAX_EXPONENT: i32 = 30_000;

impl NumberKey {
    /// The key of a decimal number as FHIR and JSON write it, with or without an exponent: `1`, `1.0` and `10e-1` have
    /// the same one. Digits behind the 64th significant one are cut off. None for what is no number, and for powers of
    /// ten beyond [`MAX_EXPONENT`].
    pub fn parse(text: &str) -> Option<NumberKey> {
        Decimal::parse(text).map(|decimal| decimal.key())
    }

    /// The number as [`NumberKey::parse`] reads it: digits and a power of ten, `54e-1`. None for bytes that are no key.
    pub fn to_text(&self) -> Option<String> {
        Decimal::of_key(self).map(|decimal| decimal.to_text())
    }
}
