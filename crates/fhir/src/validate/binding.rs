//! Required bindings (R4 terminologies.html#required): the code must be from the set.

use crate::definitions::CodeSet;
use crate::json::Element;

/// The one open set whose codes have a shape (ISO 4217).
const CURRENCIES: &str = "http://hl7.org/fhir/ValueSet/currencies";

/// Whether a bare code may stand where `codes` are required.
pub(super) fn allows_code(codes: &CodeSet, code: &str) -> bool {
    if codes.is_open() {
        return codes.url() != CURRENCIES || is_currency(code);
    }
    codes.system_of(code).is_some()
}

/// Whether a Coding, CodeableConcept or Quantity may stand where `codes` are required.
pub(super) fn allows(codes: &CodeSet, value: Element<'_>) -> bool {
    if codes.is_open() {
        return true;
    }
    match value.get("coding") {
        Some(codings) => codings.items().any(|coding| allows_coding(codes, coding)),
        None => allows_coding(codes, value),
    }
}

fn allows_coding(codes: &CodeSet, coding: Element<'_>) -> bool {
    let text = |key| coding.get(key).and_then(Element::as_str);
    let (Some(system), Some(code)) = (text("system"), text("code")) else { return false };
    codes.contains(&system, &code)
}

fn is_currency(code: &str) -> bool {
    code.len() == 3 && code.bytes().all(|byte| byte.is_ascii_uppercase())
}
