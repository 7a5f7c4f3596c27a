//! FHIR's general-purpose data types as JSON (R4, datatypes.html).

use super::json::{Json, list, number, object, text};

/// One concept of a code system with its display.
#[derive(Clone, Copy)]
pub(crate) struct Code {
    /// The code system's URL.
    pub(crate) system: &'static str,
    /// The code.
    pub(crate) code: &'static str,
    /// The words shown for it.
    pub(crate) display: &'static str,
}

/// A unit of UCUM: how it is shown and its code.
#[derive(Clone, Copy)]
pub(crate) struct Unit(pub(crate) &'static str, pub(crate) &'static str);

impl Code {
    /// A concept of a code system.
    pub(crate) const fn new(system: &'static str, code: &'static str, display: &'static str) -> Code {
        Code { system, code, display }
    }

    /// A Coding.
    pub(crate) fn coding(self) -> Json {
        object().with("system", self.system).with("code", self.code).with("display", self.display)
    }

    /// A CodeableConcept of this coding alone, its text the display.
    pub(crate) fn concept(self) -> Json {
        object().with("coding", [self.coding()]).with("text", self.display)
    }

    /// A CodeableConcept without text, as status elements are written.
    pub(crate) fn bare(self) -> Json {
        object().with("coding", [self.coding()])
    }
}

/// A CodeableConcept of several codings with the words of its author.
pub(crate) fn concept(codings: &[Code], words: &'static str) -> Json {
    object().with("coding", list(codings.iter().map(|code| code.coding()))).with("text", words)
}

/// A CodeableConcept of words alone.
pub(crate) fn spoken(words: &str) -> Json {
    object().with("text", text(words))
}

/// A Quantity with exactly these digits.
pub(crate) fn quantity(digits: &str, unit: Unit) -> Json {
    object()
        .with("value", number(digits))
        .with("unit", unit.0)
        .with("system", "http://unitsofmeasure.org")
        .with("code", unit.1)
}

/// A Quantity that is only known to be below or above a limit (`<`, `<=`, `>=`, `>`).
pub(crate) fn bounded(comparator: &'static str, digits: &str, unit: Unit) -> Json {
    object()
        .with("value", number(digits))
        .with("comparator", comparator)
        .with("unit", unit.0)
        .with("system", "http://unitsofmeasure.org")
        .with("code", unit.1)
}

/// A decimal of `value` times ten to the power of minus `places`, all its digits kept: `fixed(610, 2)` is `6.10`.
pub(crate) fn fixed(value: i64, places: u32) -> String {
    if places == 0 {
        return value.to_string();
    }
    let scale = 10_i64.pow(places);
    let sign = if value < 0 { "-" } else { "" };
    format!("{sign}{}.{:0width$}", value.abs() / scale, value.abs() % scale, width = places as usize)
}

/// A Reference by relative URL.
pub(crate) fn reference(to: &str) -> Json {
    object().with("reference", text(to))
}

/// A Reference with the words shown for it.
pub(crate) fn reference_named(to: &str, display: &str) -> Json {
    reference(to).with("display", text(display))
}

/// A Period; an empty end is left open.
pub(crate) fn period(start: &str, end: &str) -> Json {
    let open = object().with("start", text(start));
    if end.is_empty() { open } else { open.with("end", text(end)) }
}

/// An Identifier.
pub(crate) fn identifier(system: &str, value: &str) -> Json {
    object().with("system", text(system)).with("value", text(value))
}

/// An Identifier whose kind is a code of HL7 v2 table 0203.
pub(crate) fn typed_identifier(kind: &'static str, kind_words: &'static str, system: &str, value: &str) -> Json {
    let kind = Code::new("http://terminology.hl7.org/CodeSystem/v2-0203", kind, kind_words);
    object().with("use", "usual").with("type", kind.bare()).with("system", text(system)).with("value", text(value))
}

/// A HumanName in official use.
pub(crate) fn human_name(family: &str, given: &[&str]) -> Json {
    object()
        .with("use", "official")
        .with("family", text(family))
        .with("given", list(given.iter().map(|name| text(name))))
}

/// A ContactPoint.
pub(crate) fn telecom(system: &'static str, value: &str, purpose: &'static str) -> Json {
    object().with("system", system).with("value", text(value)).with("use", purpose)
}

/// An Attachment of inline bytes.
pub(crate) fn inline_attachment(content_type: &'static str, title: &str, bytes: &[u8]) -> Json {
    object().with("contentType", content_type).with("data", super::digest::base64(bytes)).with("title", text(title))
}

/// An Attachment whose bytes lie at a URL, with their size and SHA-1.
pub(crate) fn linked_attachment(content_type: &'static str, title: &str, url: &str, bytes: &[u8]) -> Json {
    object()
        .with("contentType", content_type)
        .with("url", text(url))
        .with("size", bytes.len() as i64)
        .with("hash", super::digest::base64(&super::digest::sha1(bytes)))
        .with("title", text(title))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_keep_the_digits_that_were_meant() {
        for (value, places, expect) in
            [(610, 2, "6.10"), (70, 1, "7.0"), (5, 2, "0.05"), (-12, 1, "-1.2"), (42, 0, "42")]
        {
            assert_eq!(fixed(value, places), expect);
        }
    }
}
