//! Keys of numbers sort as the numbers do, and written numbers stand for ranges (R4 search.html#number).

use mecum_fhir::search::number::Implied;
use mecum_fhir::search::value::NumberKey;
use proptest::prelude::*;

fn key(text: &str) -> NumberKey {
    NumberKey::parse(text).unwrap_or_else(|| panic!("{text} is a number"))
}

#[test]
fn keys_sort_as_numbers_do() {
    let ascending = [
        "-1e29999",
        "-1e20",
        "-1000.5",
        "-1000",
        "-12.5",
        "-12.25",
        "-12.2",
        "-12",
        "-1",
        "-0.5",
        "-1e-30",
        "0",
        "1e-245",
        "1e-30",
        "0.5",
        "0.50001",
        "1",
        "1.5",
        "2",
        "9.99",
        "10",
        "100",
        "12345678901234567890.1",
        "1e100",
        "9e29999",
    ];
    for pair in ascending.windows(2) {
        assert!(key(pair[0]) < key(pair[1]), "{} < {}", pair[0], pair[1]);
    }
}

#[test]
fn spelling_does_not_matter() {
    for [left, right] in [["1", "1.000"], ["0", "-0.00"], ["0", "0e99999999999"], ["100", "1e2"], ["100", "1.00E+2"]] {
        assert!(key(left) == key(right), "{left} is {right}");
    }
    assert!(key("0.001") == key("1e-3") && key("007") == key("7") && key("-10") == key("-1.0e1"));
}

#[test]
fn digits_behind_the_64th_are_cut() {
    let digits = "1234567890".repeat(7);
    assert!(key(&digits) == key(&format!("{}000000", &digits[..64])));
    assert!(key(&format!("0.{digits}")) == key(&format!("0.{}", &digits[..64])));
    assert!(key(&digits[..64]) > key(&digits[..63]));
}

#[test]
fn what_is_no_number_has_no_key() {
    let wrong =
        ["", "-", ".", "1.", ".5", "+1", "1e", "1e+", "e5", "1,5", "0x10", "1 ", "NaN", "1e30001", "1e-40000", "١"];
    for text in wrong.into_iter().chain(["1e99999999999999999999", "1.2.3", "--1", "1e5e5", "infinity"]) {
        assert!(NumberKey::parse(text).is_none(), "{text}");
    }
}

#[test]
fn a_number_stands_for_half_of_its_last_digit_to_either_side() {
    for (text, low, high) in [
        ("100", "99.5", "100.5"),
        ("100.00", "99.995", "100.005"),
        ("5.4", "5.35", "5.45"),
        ("5.40", "5.395", "5.405"),
        ("-5.40", "-5.405", "-5.395"),
        ("1", "0.5", "1.5"),
        ("0", "-0.5", "0.5"),
        ("0.00", "-0.005", "0.005"),
        ("1e2", "95", "105"),
        ("1.0e2", "95", "105"),
        ("1.00e2", "99.5", "100.5"),
        ("5.40e-3", "0.005395", "0.005405"),
        ("99", "98.5", "99.5"),
    ] {
        let implied = Implied::of(text).expect("a number");
        assert!(implied.value == key(text) && implied.low == key(low) && implied.high == key(high), "{text}");
    }
    assert!(Implied::of("about five").is_none() && Implied::about("").is_none());
}

#[test]
fn about_a_number_is_a_tenth_to_either_side_and_never_less_than_its_digits_leave_open() {
    for (text, low, high) in [
        ("100", "90", "110"),
        ("-100", "-110", "-90"),
        ("5.40", "4.86", "5.94"),
        ("1", "0.5", "1.5"),
        ("0", "-0.5", "0.5"),
        ("99", "89.1", "108.9"),
    ] {
        let about = Implied::about(text).expect("a number");
        assert!(about.value == key(text) && about.low == key(low) && about.high == key(high), "{text}");
    }
}

/// A number as text, and as an integer count of 10^-20.
fn number() -> impl Strategy<Value = (String, i128)> {
    let plain = (-9_999_999_999_i64..=9_999_999_999, 0_u32..12, -8_i32..=8);
    plain.prop_map(|(digits, n_fraction, exponent)| {
        let (sign, magnitude) = (if digits < 0 { "-" } else { "" }, digits.unsigned_abs());
        let (whole, fraction) = (magnitude / 10_u64.pow(n_fraction), magnitude % 10_u64.pow(n_fraction));
        let text = match n_fraction {
            0 => format!("{sign}{whole}e{exponent}"),
            width => format!("{sign}{whole}.{fraction:0>width$}e{exponent}", width = width as usize),
        };
        (text, i128::from(digits) * 10_i128.pow((20 - n_fraction as i32 + exponent) as u32))
    })
}

proptest! {
    #[test]
    fn the_order_of_keys_is_the_order_of_numbers((left, a) in number(), (right, b) in number()) {
        prop_assert_eq!(key(&left).cmp(&key(&right)), a.cmp(&b), "{} and {}", left, right);
    }

    #[test]
    fn neighbours_are_told_apart((text, a) in number(), step in -3_i128..=3) {
        let (near, b) = (format!("{}e-20", a + step), a + step);
        prop_assert_eq!(key(&text).cmp(&key(&near)), a.cmp(&b));
    }

    #[test]
    fn a_number_is_within_its_range((text, _) in number()) {
        for range in [Implied::of(&text).unwrap(), Implied::about(&text).unwrap()] {
            prop_assert!(range.low < range.value && range.value < range.high, "{}", text);
        }
    }

    #[test]
    fn no_text_is_too_strange(text in ".{0,40}", digits in "[-+0-9.eE]{0,12}") {
        for text in [text, digits] {
            let is_number = NumberKey::parse(&text).is_some();
            prop_assert_eq!(Implied::of(&text).is_some() && Implied::about(&text).is_some(), is_number);
        }
    }
}
