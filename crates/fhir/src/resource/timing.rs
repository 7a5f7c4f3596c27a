//! The time that a date, a Period or a Timing stands for (R4 search.html#date).

use super::tolerant::each;
use crate::date::{Interval, bounds_of};
use crate::json::{Element, Kind};

/// The interval of a date or dateTime, a Period or a Timing; None for what is none of them. A Period without a side is
/// open there; one whose end lies before its start covers both. `zone_offset_minutes` holds for dates without a zone.
pub fn interval_of(element: Element<'_>, zone_offset_minutes: i32) -> Option<Interval> {
    match element.kind() {
        Kind::String => bounds_of(&element.as_str()?, zone_offset_minutes),
        Kind::Object if element.get("event").is_some() || element.get("repeat").is_some() => {
            timing(element, zone_offset_minutes)
        }
        Kind::Object => period(element.get("start"), element.get("end"), zone_offset_minutes),
        _ => None,
    }
}

/// The interval between two dates, of which one at least must be readable.
pub(super) fn period(start: Option<Element<'_>>, end: Option<Element<'_>>, zone: i32) -> Option<Interval> {
    let date = |side: Option<Element<'_>>| bounds_of(&side?.as_str()?, zone);
    match (date(start), date(end)) {
        (None, None) => None,
        (Some(start), Some(end)) if end.end_us <= start.start_us => Some(start.hull(end)),
        (start, end) => Some(Interval::between(start, end)),
    }
}

/// From the first to the last event, and the bounds of the repetition.
fn timing(timing: Element<'_>, zone: i32) -> Option<Interval> {
    let events = each(timing.get("event")).filter_map(|event| bounds_of(&event.as_str()?, zone));
    let repeat = timing.at(&["repeat", "boundsPeriod"]).and_then(|bounds| interval_of(bounds, zone));
    events.chain(repeat).reduce(Interval::hull)
}
