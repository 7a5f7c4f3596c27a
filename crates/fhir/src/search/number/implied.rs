//! The range that a number in a query stands for (R4 search.html#number).

use super::Decimal;
use crate::search::value::NumberKey;

/// A number as written, and the range from `low`, included, to `high`, not included, that it stands for.
#[derive(Clone, PartialEq, Eq)]
pub struct Implied {
    /// The number itself.
    pub value: NumberKey,
    /// The lowest number it stands for.
    pub low: NumberKey,
    /// The first number above that it does not stand for.
    pub high: NumberKey,
}

impl Implied {
    /// By the digits as written: half of the last one's place to either side. `100` is 99.5 to 100.5, `5.40` is 5.395 to
    /// 5.405. One digit with an exponent counts as two, for the standard reads `1e2` as 95 to 105.
    pub fn of(text: &str) -> Option<Implied> {
        Self::between(&Decimal::parse(text)?, text, |value| (value.with_half(false), value.with_half(true)))
    }

    /// About the number (`ap`): a tenth of it to either side, at least what its digits leave open.
    pub fn about(text: &str) -> Option<Implied> {
        let value = Decimal::parse(text)?;
        let digits = Self::of(text)?;
        let tenth = Self::between(&value, text, |value| (value.tenths(9), value.tenths(11)))?;
        Some(Implied { value: tenth.value, low: tenth.low.min(digits.low), high: tenth.high.max(digits.high) })
    }

    /// From one number nearer to zero to one farther from it.
    fn between(value: &Decimal, text: &str, sides: fn(&Decimal) -> (Decimal, Decimal)) -> Option<Implied> {
        let has_exponent = text.contains(['e', 'E']);
        let written = if has_exponent && value.n_significant() == 1 { value.clone().finer() } else { value.clone() };
        let (near, far) = match written.is_zero() {
            true => (written.with_half(true).negated(), written.with_half(true)),
            false => sides(&written),
        };
        let (near, far) = (near.key(), far.key());
        Some(Implied { value: value.key(), low: near.clone().min(far.clone()), high: near.max(far) })
    }
}
