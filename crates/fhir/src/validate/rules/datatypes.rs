//! Rules of datatypes (R4 datatypes.html, metadatatypes.html).

use super::Test::{AllOrNone, Holds, NeededWhen, NotBoth, OneOf, SomeOf, With};
use super::decimal;
use super::values::{UCUM, is, text};
use super::{Rule, rule};
use crate::date::{Interval, bounds_of};
use crate::json::Element;
use crate::validate::primitive::is_absolute;
use std::cmp::Ordering;

pub(super) const RULES: &[Rule] = &[
    rule("Extension", "ext-1", OneOf(&["extension", "value"])),
    rule("Attachment", "att-1", With("data", "contentType")),
    rule("ContactPoint", "cpt-2", With("value", "system")),
    rule("Quantity", "qty-3", With("code", "system")),
    rule("Identifier", "", Holds(system_is_absolute, "the system must be an absolute URI")),
    rule(
        "Identifier",
        "",
        Holds(uri_is_absolute, "with the system urn:ietf:rfc:3986 the value must be an absolute URI"),
    ),
    rule("Period", "per-1", Holds(starts_before_it_ends, "must not end before it starts")),
    rule("Range", "rng-2", Holds(low_is_not_above_high, "low must not be above high")),
    rule("Ratio", "rat-1", AllOrNone(&["numerator", "denominator"])),
    rule("Ratio", "rat-1", SomeOf(&["numerator", "extension"])),
    rule("Age", "age-1", Holds(has_ucum_unit, "a value needs a code, and the system is UCUM")),
    rule("Age", "age-1", Holds(is_positive, "must be above 0")),
    rule("Distance", "dis-1", Holds(has_ucum_unit, "a value needs a code, and the system is UCUM")),
    rule("Duration", "drt-1", Holds(is_duration, "a code needs a value and the system UCUM")),
    rule("Count", "cnt-3", Holds(is_count, "is a whole number with the UCUM code 1")),
    rule("Timing.repeat", "tim-1", With("duration", "durationUnit")),
    rule("Timing.repeat", "tim-2", With("period", "periodUnit")),
    rule("Timing.repeat", "tim-4", Holds(|repeat| is_not_negative(repeat, "duration"), "a duration is not negative")),
    rule("Timing.repeat", "tim-5", Holds(|repeat| is_not_negative(repeat, "period"), "a period is not negative")),
    rule("Timing.repeat", "tim-6", With("periodMax", "period")),
    rule("Timing.repeat", "tim-7", With("durationMax", "duration")),
    rule("Timing.repeat", "tim-8", With("countMax", "count")),
    rule("Timing.repeat", "tim-9", Holds(offset_is_of_an_event, "an offset needs a when that is no meal alone")),
    rule("Timing.repeat", "tim-10", NotBoth(&["timeOfDay", "when"])),
    rule("Expression", "exp-1", SomeOf(&["expression", "reference"])),
    rule("DataRequirement.codeFilter", "drq-1", OneOf(&["path", "searchParam"])),
    rule("DataRequirement.dateFilter", "drq-2", OneOf(&["path", "searchParam"])),
    rule("TriggerDefinition", "trd-1", NotBoth(&["data", "timing"])),
    rule("TriggerDefinition", "trd-2", With("condition", "data")),
    rule("TriggerDefinition", "trd-3", NeededWhen(&["name"], "type", &["named-event"])),
    rule("TriggerDefinition", "trd-3", NeededWhen(&["timing"], "type", &["periodic"])),
    rule(
        "TriggerDefinition",
        "trd-3",
        NeededWhen(
            &["data"],
            "type",
            &["data-changed", "data-added", "data-modified", "data-removed", "data-accessed", "data-access-ended"],
        ),
    ),
    rule("ElementDefinition", "eld-8", NotBoth(&["pattern", "fixed"])),
    rule("ElementDefinition", "eld-15", NotBoth(&["defaultValue", "meaningWhenMissing"])),
    rule("ElementDefinition", "eld-22", With("sliceIsConstraining", "sliceName")),
    rule("ElementDefinition.slicing", "eld-1", SomeOf(&["discriminator", "description"])),
];

fn system_is_absolute(identifier: Element<'_>) -> bool {
    text(identifier, "system").is_none_or(|system| is_absolute(&system))
}

fn uri_is_absolute(identifier: Element<'_>) -> bool {
    !is(identifier, "system", "urn:ietf:rfc:3986") || text(identifier, "value").is_none_or(|value| is_absolute(&value))
}

/// Partial dates count as intervals, and dates without a zone may be in any: only what is certain is a fault.
fn starts_before_it_ends(period: Element<'_>) -> bool {
    !is_certainly_after(text(period, "start").as_deref(), text(period, "end").as_deref())
}

/// Whether all of `left` is later than all of `right`.
pub(super) fn is_certainly_after(left: Option<&str>, right: Option<&str>) -> bool {
    const FARTHEST_EAST: i32 = 14 * 60;
    let (Some(left), Some(right)) = (left, right) else { return false };
    let has_zone = |text: &str| text.contains('T');
    let slack = if has_zone(left) == has_zone(right) { 0 } else { FARTHEST_EAST };
    let (left, right) = (bounds_of(left, slack), bounds_of(right, -slack));
    matches!((left, right), (Some(Interval { start_us, .. }), Some(Interval { end_us, .. })) if start_us >= end_us)
}

/// Compared only if both are in the same unit.
fn low_is_not_above_high(range: Element<'_>) -> bool {
    let (Some(low), Some(high)) = (range.get("low"), range.get("high")) else { return true };
    let is_same = |name| text(low, name) == text(high, name);
    let value = |quantity: Element<'_>| quantity.get("value").and_then(Element::as_number).map(str::to_owned);
    match (value(low), value(high)) {
        (Some(low), Some(high)) if is_same("system") && is_same("code") && is_same("unit") => {
            decimal::compare(&low, &high) != Ordering::Greater
        }
        _ => true,
    }
}

fn has_ucum_unit(quantity: Element<'_>) -> bool {
    let has_code = quantity.get("code").is_some() || quantity.get("value").is_none();
    has_code && text(quantity, "system").is_none_or(|system| system == UCUM)
}

fn is_positive(quantity: Element<'_>) -> bool {
    number(quantity, "value").is_none_or(|value| decimal::compare(value, "0") == Ordering::Greater)
}

fn is_duration(quantity: Element<'_>) -> bool {
    quantity.get("code").is_none() || (is(quantity, "system", UCUM) && quantity.get("value").is_some())
}

fn is_count(quantity: Element<'_>) -> bool {
    let is_whole = number(quantity, "value").is_none_or(|value| !value.contains('.'));
    has_ucum_unit(quantity) && is_whole && text(quantity, "code").is_none_or(|code| code == "1")
}

fn is_not_negative(repeat: Element<'_>, name: &str) -> bool {
    number(repeat, name).is_none_or(|value| decimal::compare(value, "0") != Ordering::Less)
}

fn offset_is_of_an_event(repeat: Element<'_>) -> bool {
    if repeat.get("offset").is_none() {
        return true;
    }
    let is_meal = |when: Element<'_>| when.as_str().is_some_and(|code| ["C", "CM", "CD", "CV"].contains(&&*code));
    repeat.get("when").is_some_and(|when| !when.items().any(is_meal))
}

fn number<'a>(object: Element<'a>, name: &str) -> Option<&'a str> {
    object.get(name)?.as_number()
}
