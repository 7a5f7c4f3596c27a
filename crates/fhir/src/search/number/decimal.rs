//! A decimal number with its digits as written, as far as search calculates with it.

use super::{MAX_DIGITS, MAX_EXPONENT};

/// `digits × 10^power`, with a sign.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Decimal {
    pub(super) is_negative: bool,
    /// 0 to 9, the most significant first and not 0; none for zero.
    pub(super) digits: Vec<u8>,
    /// The power of ten of the last digit.
    pub(super) power: i32,
}

impl Decimal {
    /// Reads an optional minus, digits, an optional fraction and an optional exponent.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let (is_negative, text) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let (mantissa, exponent) = match text.split_once(['e', 'E']) {
            Some((mantissa, exponent)) => (mantissa, integer(exponent)?),
            None => (text, 0),
        };
        let (whole, fraction) = match mantissa.split_once('.') {
            Some((whole, fraction)) if !fraction.is_empty() => (whole, fraction),
            Some(_) => return None,
            None => (mantissa, ""),
        };
        let mut all = whole.bytes().chain(fraction.bytes());
        if whole.is_empty() || !all.all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        let significant = whole.bytes().chain(fraction.bytes()).skip_while(|&byte| byte == b'0');
        let n_significant = significant.clone().count();
        let digits: Vec<u8> = significant.take(MAX_DIGITS).map(|byte| byte - b'0').collect();
        let n_cut = i64::try_from(n_significant - digits.len()).ok()?;
        let power = exponent - i64::try_from(fraction.len()).ok()? + n_cut;
        Self { is_negative, digits, power: 0 }.at_power(power)
    }

    /// The same digits elsewhere; none if that is out of bounds. Zero is nowhere out of bounds.
    fn at_power(mut self, power: i64) -> Option<Self> {
        let bound = i64::from(MAX_EXPONENT);
        let n_digits = self.digits.len() as i64;
        let power = if self.digits.is_empty() { power.clamp(-bound, bound) } else { power };
        let is_within = (-bound..=bound).contains(&(power + n_digits));
        self.power = i32::try_from(power).ok().filter(|_| is_within)?;
        Some(self)
    }

    /// How many digits are written from the first significant one on.
    pub(super) fn n_significant(&self) -> usize {
        self.digits.len()
    }

    /// The same number with one digit more behind: 1 is 1.0.
    pub(super) fn finer(mut self) -> Self {
        if !self.digits.is_empty() {
            self.digits.push(0);
        }
        self.power -= 1;
        self
    }

    /// This number's distance from zero, less or more by half of what its last digit counts.
    pub(super) fn with_half(&self, is_away_from_zero: bool) -> Self {
        let mut digits = self.digits.clone();
        if !is_away_from_zero {
            less_one(&mut digits);
        }
        digits.push(5);
        Self { is_negative: self.is_negative, digits, power: self.power - 1 }
    }

    /// So many tenths of the number.
    pub(super) fn tenths(&self, n_tenths: u8) -> Self {
        let mut digits = Vec::with_capacity(self.digits.len() + 2);
        let mut carry = 0;
        for digit in self.digits.iter().rev() {
            let product = digit * n_tenths + carry;
            digits.push(product % 10);
            carry = product / 10;
        }
        while carry > 0 {
            digits.push(carry % 10);
            carry /= 10;
        }
        digits.reverse();
        Self { is_negative: self.is_negative, digits, power: self.power - 1 }
    }

    pub(super) fn is_zero(&self) -> bool {
        self.digits.is_empty()
    }

    pub(super) fn negated(mut self) -> Self {
        self.is_negative = !self.is_negative;
        self
    }

    /// The number rounded to so many significant digits, halves away from zero.
    pub(crate) fn rounded(mut self, n_digits: usize) -> Self {
        let Some(&next) = self.digits.get(n_digits) else { return self };
        self.power += i32::try_from(self.digits.len() - n_digits).unwrap_or(0);
        self.digits.truncate(n_digits);
        if next >= 5 {
            let n_nines = self.digits.iter().rev().take_while(|&&digit| digit == 9).count();
            let n_kept = self.digits.len() - n_nines;
            self.power += i32::try_from(n_nines).unwrap_or(0);
            self.digits.truncate(n_kept);
            match self.digits.last_mut() {
                Some(last) => *last += 1,
                None => self.digits.push(1),
            }
        }
        self
    }

    /// The number in the notation that [`Decimal::parse`] reads.
    pub(crate) fn to_text(&self) -> String {
        let mut text = String::with_capacity(self.digits.len() + 8);
        text.push_str(if self.is_negative { "-" } else { "" });
        text.extend(self.digits.iter().map(|digit| char::from(b'0' + digit)));
        text.push_str(if self.digits.is_empty() { "0" } else { "" });
        text.push_str(&format!("e{}", self.power));
        text
    }
}

/// Takes one away from a number that is not zero, and the zeros before its first digit.
fn less_one(digits: &mut Vec<u8>) {
    for digit in digits.iter_mut().rev() {
        if *digit > 0 {
            *digit -= 1;
            break;
        }
        *digit = 9;
    }
    if digits.first() == Some(&0) {
        digits.remove(0);
    }
}

/// An exponent; one too long to be counted is as large as any.
fn integer(text: &str) -> Option<i64> {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let most = i64::from(i32::MAX);
    let value = digits.parse().map_or(most, |value: i64| value.min(most));
    Some(if text.starts_with('-') { -value } else { value })
}
