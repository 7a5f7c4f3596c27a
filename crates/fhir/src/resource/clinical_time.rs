//! When what a resource tells about happened (PHR-55).

use super::clinical_elements::{RECORDED, When, elements_of};
use super::timing::{interval_of, period};
use super::tolerant::each;
use super::whole::Resource;
use crate::date::Interval;
use crate::json::Element;

impl Resource {
    /// The clinically relevant time: the first element of the type's list that can be read, else `recordedDate` or
    /// `recorded`. None for types without such a time, as Patient, and where nothing is given; `meta.lastUpdated` is
    /// the caller's to fall back to. Dates without a zone are read in UTC.
    pub fn clinical_interval(&self) -> Option<Interval> {
        self.clinical_interval_in(0)
    }

    /// The same, with dates that have no zone read at an offset from UTC in minutes, east positive.
    pub fn clinical_interval_in(&self, zone_offset_minutes: i32) -> Option<Interval> {
        let elements = elements_of(self.resource_type());
        let recorded = if elements.is_empty() { &[] } else { &RECORDED[..] };
        elements.iter().chain(recorded).find_map(|when| when.read(self.root(), zone_offset_minutes))
    }

    /// The element that says the clinically relevant time, as written: the first of the type's list that can be read.
    pub fn clinical_element(&self) -> Option<Element<'_>> {
        let elements = elements_of(self.resource_type());
        let recorded = if elements.is_empty() { &[] } else { &RECORDED[..] };
        elements.iter().chain(recorded).find_map(|when| when.element(self.root()))
    }
}

/// Types of a choice that tell a time, as they end its name.
const TIMES: [&str; 5] = ["DateTime", "Period", "Timing", "Instant", "Date"];

impl When {
    /// The first element that can be read; of a start and an end the object that has them.
    fn element<'a>(&self, object: Element<'a>) -> Option<Element<'a>> {
        let is_time = |element: &Element<'a>| interval_of(*element, 0).is_some();
        match self {
            When::At(name) => each(object.get(name)).find(is_time),
            When::Choice(name) => choice(object, name).find(is_time),
            When::In(name, inner) => each(object.get(name)).find_map(|outer| inner.element(outer)),
            When::StartToEnd => period(object.get("start"), object.get("end"), 0).map(|_| object),
        }
    }

    fn read(&self, object: Element<'_>, zone: i32) -> Option<Interval> {
        match self {
            When::At(name) => each(object.get(name)).filter_map(|time| interval_of(time, zone)).reduce(Interval::hull),
            When::Choice(name) => choice(object, name).find_map(|time| interval_of(time, zone)),
            When::In(name, inner) => each(object.get(name)).find_map(|outer| inner.read(outer, zone)),
            When::StartToEnd => period(object.get("start"), object.get("end"), zone),
        }
    }
}

/// The values of the choice `name`, in the order of [`TIMES`].
fn choice<'a>(object: Element<'a>, name: &str) -> impl Iterator<Item = Element<'a>> {
    TIMES.iter().filter_map(move |ending| {
        let is_it = |key: &str| key.strip_prefix(name) == Some(ending);
        object.members().find(|member| is_it(&member.key)).map(|member| member.value)
    })
}
