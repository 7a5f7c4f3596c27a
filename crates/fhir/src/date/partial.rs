//! FHIR's date, dateTime, instant and time (R4 datatypes.html#dateTime): the text is kept, its precision makes an interval.

use super::interval::Interval;
use super::scan::{self, Fields};

/// How much of a date is given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Precision {
    /// `2020`
    Year,
    /// `2020-06`
    Month,
    /// `2020-06-01`
    Day,
    /// `2020-06-01T10:30`, in searches only.
    Minute,
    /// `2020-06-01T10:30:00`
    Second,
    /// `2020-06-01T10:30:00.5`
    Fraction,
}

/// Why a text is not the date it should be; the text itself is not quoted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum DateError {
    /// It is not written the way this type is.
    #[error("expected {expected}")]
    Spelling {
        /// The way it should be written.
        expected: &'static str,
    },
    /// It is written well but is not in the calendar, as 30 February.
    #[error("no such day in the calendar")]
    NoSuchDay,
}

const DATE: &str = "a date: YYYY, YYYY-MM or YYYY-MM-DD";
const DATE_TIME: &str = "a date, or a date and time with seconds and a time zone";
const INSTANT: &str = "a date and time with seconds and a time zone";
const TIME: &str = "a time: hh:mm:ss";
const SEARCH: &str = "a date, or a date and time with minutes";

/// A date of any precision, as it was written.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct PartialDate {
    text: String,
    fields: Fields,
}

impl PartialDate {
    /// Reads a FHIR `date`: a year, a month or a day.
    pub fn parse_date(text: &str) -> Result<Self, DateError> {
        Self::parse(text, DATE, |f| f.precision <= Precision::Day)
    }

    /// Reads a FHIR `dateTime`: a date, or a time to the second or finer with its zone (REST-62).
    pub fn parse_date_time(text: &str) -> Result<Self, DateError> {
        Self::parse(text, DATE_TIME, |f| f.precision <= Precision::Day || is_instant(f))
    }

    /// Reads a FHIR `instant`: a time to the second or finer with its zone.
    pub fn parse_instant(text: &str) -> Result<Self, DateError> {
        Self::parse(text, INSTANT, is_instant)
    }

    /// Reads the date of a search (R4 search.html#date), where seconds and the zone may be absent. Dates in stored
    /// resources are read so too, because imports let such dates through (PHR-8).
    pub fn parse_search(text: &str) -> Result<Self, DateError> {
        Self::parse(text, SEARCH, |_| true)
    }

    fn parse(text: &str, expected: &'static str, accepts: fn(&Fields) -> bool) -> Result<Self, DateError> {
        let fields = scan::date(text).map_err(|fault| fault.expecting(expected))?;
        if !accepts(&fields) {
            return Err(DateError::Spelling { expected });
        }
        Ok(Self { text: text.to_owned(), fields })
    }

    /// The text as it was written.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// How much of the date is given.
    pub fn precision(&self) -> Precision {
        self.fields.precision
    }

    /// The offset from UTC in minutes, east positive; None where none is written.
    pub fn offset_minutes(&self) -> Option<i32> {
        self.fields.offset_minutes.map(i32::from)
    }

    /// The year, 1 to 9999.
    pub fn year(&self) -> u16 {
        self.fields.year
    }

    /// The month, 1 to 12, if given.
    pub fn month(&self) -> Option<u8> {
        (self.fields.precision >= Precision::Month).then_some(self.fields.month)
    }

    /// The day of the month, 1 to 31, if given.
    pub fn day(&self) -> Option<u8> {
        (self.fields.precision >= Precision::Day).then_some(self.fields.day)
    }

    /// All instants the date may mean: a whole year, month, day, minute, second or fraction (at least a microsecond).
    /// `zone_offset_minutes`, east positive, holds where the text has no zone. A leap second is the first of the next minute.
    pub fn bounds(&self, zone_offset_minutes: i32) -> Interval {
        self.fields.bounds(zone_offset_minutes)
    }
}

impl std::fmt::Debug for PartialDate {
    /// The precision only: the date may be someone's birthday.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PartialDate").field("precision", &self.precision()).finish_non_exhaustive()
    }
}

/// The interval of a date as [`PartialDate::parse_search`] and [`PartialDate::bounds`] give it, without keeping the text.
pub fn bounds_of(text: &str, zone_offset_minutes: i32) -> Option<Interval> {
    scan::date(text).ok().map(|fields| fields.bounds(zone_offset_minutes))
}

/// Reads a FHIR `time`; the interval counts microseconds from midnight.
pub fn parse_time(text: &str) -> Result<Interval, DateError> {
    scan::time_of_day(text).map(|fields| fields.bounds_in_day()).ok_or(DateError::Spelling { expected: TIME })
}

fn is_instant(fields: &Fields) -> bool {
    fields.precision >= Precision::Second && fields.offset_minutes.is_some()
}
