//! Numbers and quantities (R4 search.html#number, #quantity): as written, and in the units that convertible ones share.

use super::MAX_CODE;
use super::sink::Sink;
use crate::definitions::CodeSet;
use crate::json::Element;
use crate::search::unit::{self, UCUM};
use crate::search::value::{IndexValue, NumberKey, QuantityValue};

/// The system of currencies.
const CURRENCIES: &str = "urn:iso:std:iso:4217";

/// The number itself.
pub(super) fn number(element: Element<'_>, _: Option<&'static CodeSet>, sink: &mut Sink<'_>) {
    if let Some(key) = element.as_number().and_then(NumberKey::parse) {
        sink.push(IndexValue::Number(key));
    }
}

/// Both ends of a Range, without their units.
pub(super) fn number_range(element: Element<'_>, codes: Option<&'static CodeSet>, sink: &mut Sink<'_>) {
    let ends = ["low", "high"].into_iter().filter_map(|end| element.at(&[end, "value"]));
    ends.for_each(|end| number(end, codes, sink));
}

/// A Quantity, or one of the types derived from it.
pub(super) fn quantity(element: Element<'_>, _: Option<&'static CodeSet>, sink: &mut Sink<'_>) {
    let member = |key| element.get(key).and_then(Element::as_str).unwrap_or_default();
    let (system, code) = (member("system"), member("code"));
    let unit = if code.is_empty() { member("unit") } else { code.clone() };
    let Some(number) = element.get("value").and_then(Element::as_number) else { return };
    let canonical = if system == UCUM { unit::canonical(&code, number) } else { None };
    push(number, &system, &unit, canonical, sink);
}

/// An amount of money; its unit is the currency.
pub(super) fn money(element: Element<'_>, _: Option<&'static CodeSet>, sink: &mut Sink<'_>) {
    let Some(number) = element.get("value").and_then(Element::as_number) else { return };
    let currency = element.get("currency").and_then(Element::as_str).unwrap_or_default();
    push(number, if currency.is_empty() { "" } else { CURRENCIES }, &currency, None, sink);
}

/// Both ends of a Range, each a value.
pub(super) fn range(element: Element<'_>, codes: Option<&'static CodeSet>, sink: &mut Sink<'_>) {
    ["low", "high"].into_iter().filter_map(|end| element.get(end)).for_each(|end| quantity(end, codes, sink));
}

fn push(number: &str, system: &str, unit: &str, canonical: Option<(String, NumberKey)>, sink: &mut Sink<'_>) {
    let Some(number) = NumberKey::parse(number) else { return };
    if system.len() <= MAX_CODE && unit.len() <= MAX_CODE {
        let (system, unit) = (system.to_owned(), unit.to_owned());
        sink.push(IndexValue::Quantity(QuantityValue { number, system, unit, canonical }));
    }
}
