//! Values as lines that a reader can check.

use mecum_fhir::date::{Interval, format_instant};
use mecum_fhir::search::value::{IndexValue, Indexed, NO_GROUP, NumberKey, QuantityValue, RefTarget};
use mecum_fhir::search_param::search_param_numbered;

/// `code value`, with the group behind the code if it is not the resource: `component-code#1 …`.
pub(crate) fn line(indexed: &Indexed) -> String {
    let param = search_param_numbered(indexed.param).expect("a parameter").code();
    match indexed.group {
        0 => format!("{param} {}", value(&indexed.value)),
        NO_GROUP => format!("{param}#- {}", value(&indexed.value)),
        group => format!("{param}#{group} {}", value(&indexed.value)),
    }
}

fn value(value: &IndexValue) -> String {
    match value {
        IndexValue::Token { system, code } => format!("{system}|{code}"),
        IndexValue::String(text) => format!("{text:?}"),
        IndexValue::Reference(RefTarget::Resource(of, id)) => format!("{of}/{id}"),
        IndexValue::Reference(RefTarget::Url(url)) => format!("<{url}>"),
        IndexValue::Date(stretch) => format!("{} until {}", instant(stretch.start_us), instant(stretch.end_us)),
        IndexValue::Number(key) => number(key),
        IndexValue::Quantity(QuantityValue { number: key, system, unit, canonical }) => {
            let canonical = canonical.as_ref().map(|(unit, key)| format!(" = {} {unit}", number(key)));
            format!("{}|{system}|{unit}{}", number(key), canonical.unwrap_or_default())
        }
        IndexValue::Uri(uri) => uri.clone(),
    }
}

fn instant(at_us: i64) -> String {
    match at_us {
        Interval::OPEN_START_US | Interval::OPEN_END_US => "*".to_owned(),
        _ => format_instant(at_us).replace(":00.000Z", "Z").replace(".000Z", "Z").replace("T00:00Z", ""),
    }
}

/// The number without an exponent where it is short enough.
fn number(key: &NumberKey) -> String {
    let text = key.to_text().expect("a key");
    let (digits, power) = text.split_once('e').expect("a power");
    let power: i32 = power.parse().expect("a number");
    let (sign, digits) = digits.strip_prefix('-').map_or(("", digits), |digits| ("-", digits));
    let shown = match power {
        0..=12 => format!("{digits}{}", "0".repeat(power as usize)),
        -25..0 => {
            let places = power.unsigned_abs() as usize;
            let padded = format!("{digits:0>width$}", width = places + 1);
            let (whole, fraction) = padded.split_at(padded.len() - places);
            let fraction = fraction.trim_end_matches('0');
            if fraction.is_empty() { whole.to_owned() } else { format!("{whole}.{fraction}") }
        }
        _ => format!("{digits}e{power}"),
    };
    format!("{sign}{shown}")
}
