//! When something happened, as its source wrote it: partial dates stay partial.

use crate::json::Element;
use crate::resource::Resource;

use super::datatype::string;

/// A time as written: a date of any precision, or a stretch with an open side.
#[derive(Clone, PartialEq, Eq)]
pub struct When {
    /// The date, or where the stretch begins; empty if that is open.
    pub start: String,
    /// Where the stretch ends; empty for a single date and for an open end.
    pub end: String,
    /// Whether it is a stretch.
    pub is_stretch: bool,
}

impl When {
    /// The clinically relevant time of a resource (PHR-55); none if it has none.
    pub fn of(resource: &Resource) -> Option<When> {
        resource.clinical_element().and_then(When::read)
    }

    /// A date, Period or Timing.
    pub fn read(element: Element<'_>) -> Option<When> {
        if let Some(text) = element.as_str() {
            return Some(When { start: text.into_owned(), end: String::new(), is_stretch: false });
        }
        if let Some(first) = element.items().next() {
            return When::read(first);
        }
        let bounds = element.get("repeat").and_then(|repeat| repeat.get("boundsPeriod"));
        if let Some(inner) = element.get("event").or(bounds) {
            return When::read(inner);
        }
        let (start, end) = (string(element.get("start")), string(element.get("end")));
        (!start.is_empty() || !end.is_empty()).then_some(When { start, end, is_stretch: true })
    }
}
