//! Comparing decimals by their digits, whatever their size.

use std::cmp::Ordering;

/// Which of two JSON numbers is the larger.
pub(super) fn compare(left: &str, right: &str) -> Ordering {
    let (left, right) = (Parts::of(left), Parts::of(right));
    left.sign.cmp(&right.sign).then_with(|| {
        let by_size = left.magnitude.cmp(&right.magnitude).then_with(|| left.digits.cmp(&right.digits));
        if left.sign < 0 { by_size.reverse() } else { by_size }
    })
}

/// `sign × 0.digits × 10^magnitude`, without zeros at either end of the digits.
struct Parts {
    sign: i8,
    magnitude: i64,
    digits: Vec<u8>,
}

impl Parts {
    fn of(number: &str) -> Self {
        let (mantissa, exponent) = number.split_once(['e', 'E']).unwrap_or((number, "0"));
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let is_negative = whole.starts_with('-');
        let whole = whole.trim_start_matches('-');
        let all = whole.bytes().chain(fraction.bytes());
        let n_leading = all.clone().take_while(|&digit| digit == b'0').count();
        let mut digits: Vec<u8> = all.skip(n_leading).collect();
        while digits.last() == Some(&b'0') {
            digits.pop();
        }
        if digits.is_empty() {
            return Self { sign: 0, magnitude: 0, digits };
        }
        // Beyond 64 bits only the sign of an exponent is left of it.
        let end = if exponent.starts_with('-') { i64::MIN } else { i64::MAX };
        let exponent: i64 = exponent.trim_start_matches('+').parse().unwrap_or(end);
        let places = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
        let magnitude = exponent.saturating_add(places(whole.len())).saturating_sub(places(n_leading));
        Self { sign: if is_negative { -1 } else { 1 }, magnitude, digits }
    }
}

#[cfg(test)]
mod tests {
    use super::{Ordering, compare};

    #[test]
    fn decimals_compare_by_value() {
        for (left, right, expect) in [
            ("1.0", "1.00", Ordering::Equal),
            ("1", "2", Ordering::Less),
            ("10", "9", Ordering::Greater),
            ("-10", "-9", Ordering::Less),
            ("-1", "0", Ordering::Less),
            ("-0", "0.000", Ordering::Equal),
            ("0.01", "0.1", Ordering::Less),
            ("1e2", "100.0", Ordering::Equal),
            ("1E-2", "0.01", Ordering::Equal),
            ("1e+3", "999.999", Ordering::Greater),
            ("123", "1.23e2", Ordering::Equal),
            ("1.239", "1.24", Ordering::Less),
            ("1e99999999999999999999", "1e400", Ordering::Greater),
            ("1e-99999999999999999999", "1e-400", Ordering::Less),
        ] {
            assert_eq!(compare(left, right), expect, "{left} {right}");
            assert_eq!(compare(right, left), expect.reverse(), "{right} {left}");
        }
    }
}
