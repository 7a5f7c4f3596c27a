//! Quantities in units that can be converted equal each other, and no others (REST-39).

use mecum_fhir::search::number::Implied;
use mecum_fhir::search::unit::{canonical, canonical_range};
use mecum_fhir::search::value::NumberKey;

/// Whether two quantities are one.
fn is_same(left: (&str, &str), right: (&str, &str)) -> bool {
    let of = |(number, unit)| canonical(unit, number).unwrap_or_else(|| panic!("{unit} is a unit"));
    of(left) == of(right)
}

#[test]
fn rest_39_one_gram_is_a_thousand_milligrams() {
    for (left, right) in [
        (("1", "g"), ("1000", "mg")),
        (("1", "g"), ("1000.00", "mg")),
        (("5.4", "mg"), ("0.0054", "g")),
        (("100", "mg/dL"), ("1", "g/L")),
        (("6.2", "mmol/L"), ("6200", "umol/L")),
        (("72", "/min"), ("1.2", "/s")),
        (("72", "{beats}/min"), ("72", "/min")),
        (("1", "[lb_av]"), ("0.45359237", "kg")),
        (("1", "[in_i]"), ("2.54", "cm")),
        (("36.85", "Cel"), ("310", "K")),
        (("98.6", "[degF]"), ("37", "Cel")),
        (("32", "[degF]"), ("0", "Cel")),
        (("-40", "[degF]"), ("-40", "Cel")),
        (("97", "%"), ("0.97", "1")),
        (("1", "kPa"), ("1000", "N/m2")),
        (("10", "[IU]/mL"), ("10000", "[IU]/L")),
        (("60", "U/L"), ("1", "ukat/L")),
        (("7", "d"), ("1", "wk")),
    ] {
        assert!(is_same(left, right), "{left:?} {right:?}");
    }
}

#[test]
fn rest_39_what_cannot_be_converted_differs() {
    for (left, right) in [
        (("100", "mg/dL"), ("5.55", "mmol/L")),
        (("1", "g"), ("1", "mg")),
        (("1", "mmol/L"), ("1", "meq/L")),
        (("1", "mosm/kg"), ("1", "mmol/kg")),
        (("1", "10*9/L"), ("1", "mmol/L")),
        (("1", "[IU]/L"), ("1", "U/L")),
        (("1", "[IU]"), ("1", "[arb'U]")),
        (("37", "Cel"), ("37", "K")),
        (("1", "m"), ("1", "min")),
    ] {
        assert!(!is_same(left, right), "{left:?} {right:?}");
    }
    let unit = |unit| canonical(unit, "1").expect("a unit").0;
    assert_ne!(unit("mg/dL"), unit("mmol/L"));
    assert_ne!(unit("10*9/L"), unit("mmol/L"));
}

#[test]
fn unknown_units_and_curved_scales_have_no_common_form() {
    let long = "m.".repeat(100);
    let curved = ["[pH]", "dB", "B[V]", "Np", "[p'diop]", "[hp'_X]", "bit_s"];
    for unit in
        ["", "tablets", "mm Hg", "mg/dl{", "µg", "((((", "m2000000000", "Cel/min", &long].into_iter().chain(curved)
    {
        assert!(canonical(unit, "5").is_none(), "{unit}");
    }
    assert!(canonical("mg", "five").is_none() && canonical("mg", "").is_none());
}

#[test]
fn a_range_is_converted_as_its_ends_are() {
    let implied = Implied::of("5.4").expect("a number");
    let (unit, range) = canonical_range("mg", &implied).expect("a unit");
    assert_eq!(unit, "g");
    let key = |text| NumberKey::parse(text).expect("a number");
    assert!(range.value == key("0.0054") && range.low == key("0.00535") && range.high == key("0.00545"));
    let below_zero = Implied::of("-0.5").expect("a number");
    let (unit, range) = canonical_range("Cel", &below_zero).expect("a unit");
    assert_eq!(unit, "K");
    assert!(range.low == key("272.6") && range.high == key("272.7"));
    assert!(canonical_range("tablets", &implied).is_none());
}
