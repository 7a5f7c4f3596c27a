//! The bytes of a number that sort as numbers do: sign, exponent, then two digits a byte.

use super::Decimal;
use crate::search::value::NumberKey;

const NEGATIVE: u8 = 0x40;
const ZERO: u8 = 0x80;
const POSITIVE: u8 = 0xC0;
/// Behind the digits of a negative number: of two that begin alike, the longer one is smaller.
const NEGATIVE_END: u8 = 0xFF;

impl Decimal {
    /// The number's key. What is below zero has every byte behind the sign inverted.
    pub(crate) fn key(&self) -> NumberKey {
        let n_trailing = self.digits.iter().rev().take_while(|&&digit| digit == 0).count();
        let digits = &self.digits[..self.digits.len() - n_trailing];
        let digits = &digits[..digits.len().min(super::MAX_DIGITS)];
        if digits.is_empty() {
            return NumberKey(vec![ZERO]);
        }
        // The power of ten in front of the first digit, moved above zero; it has been held within bounds.
        let exponent = i64::from(self.power) + self.digits.len() as i64 + i64::from(i16::MAX);
        let exponent = u16::try_from(exponent.clamp(0, i64::from(u16::MAX))).unwrap_or(u16::MAX);
        let mut bytes = Vec::with_capacity(4 + digits.len().div_ceil(2));
        bytes.push(POSITIVE);
        bytes.extend(exponent.to_be_bytes());
        bytes.extend(digits.chunks(2).map(|pair| pair[0] * 10 + pair.get(1).copied().unwrap_or(0) + 1));
        if self.is_negative {
            bytes.iter_mut().for_each(|byte| *byte = !*byte);
            bytes[0] = NEGATIVE;
            bytes.push(NEGATIVE_END);
        }
        NumberKey(bytes)
    }

    /// The number that has this key, without zeros at its end. None for bytes that are no key.
    pub(crate) fn of_key(key: &NumberKey) -> Option<Self> {
        let (is_negative, bytes) = match key.0.as_slice() {
            [ZERO] => return Some(Self { is_negative: false, digits: Vec::new(), power: 0 }),
            [POSITIVE, bytes @ ..] => (false, bytes),
            [NEGATIVE, bytes @ .., NEGATIVE_END] => (true, bytes),
            _ => return None,
        };
        let plain = |byte: u8| if is_negative { !byte } else { byte };
        let (&[high, low], pairs) = bytes.split_first_chunk()?;
        let exponent = i32::from(u16::from_be_bytes([plain(high), plain(low)])) - i32::from(i16::MAX);
        let mut digits = Vec::with_capacity(pairs.len() * 2);
        for &byte in pairs {
            let pair = plain(byte).checked_sub(1).filter(|pair| *pair < 100)?;
            digits.extend([pair / 10, pair % 10]);
        }
        digits.pop_if(|last| *last == 0);
        let power = exponent - i32::try_from(digits.len()).ok()?;
        (digits.first().is_some_and(|&first| first > 0)).then_some(Self { is_negative, digits, power })
    }
}
