//! The grammar of FHIR dates (R4 datatypes.html, the regular expressions of date, dateTime, instant and time).

use super::calendar::{MICROS_PER_SECOND, days_in_month, days_since_epoch};
use super::interval::Interval;
use super::partial::{DateError, Precision};

/// The numbers of a date; what is not given holds the first value possible.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Fields {
    pub(super) year: u16,
    pub(super) month: u8,
    pub(super) day: u8,
    hour: u8,
    minute: u8,
    second: u8,
    micros: u32,
    /// Digits of the fraction, at most 7: from the seventh on they are less than a microsecond.
    n_fraction_digits: u8,
    pub(super) offset_minutes: Option<i16>,
    pub(super) precision: Precision,
}

/// Why a text is no date at all.
pub(super) enum Fault {
    Spelling,
    NoSuchDay,
}

impl Fault {
    pub(super) fn expecting(self, expected: &'static str) -> DateError {
        match self {
            Fault::Spelling => DateError::Spelling { expected },
            Fault::NoSuchDay => DateError::NoSuchDay,
        }
    }
}

impl Fields {
    const NOTHING: Fields = Fields {
        year: 1,
        month: 1,
        day: 1,
        hour: 0,
        minute: 0,
        second: 0,
        micros: 0,
        n_fraction_digits: 0,
        offset_minutes: None,
        precision: Precision::Year,
    };

    pub(super) fn bounds(&self, zone_offset_minutes: i32) -> Interval {
        let offset_seconds = i64::from(self.offset_minutes.map_or(zone_offset_minutes, i32::from)) * 60;
        let midnight = |days: i64| (days * 86_400 - offset_seconds) * MICROS_PER_SECOND;
        let (year, month) = (i64::from(self.year), i64::from(self.month));
        let day = days_since_epoch(year, month, i64::from(self.day));
        let end_us = match self.precision {
            Precision::Year => midnight(days_since_epoch(year + 1, 1, 1)),
            Precision::Month if month == 12 => midnight(days_since_epoch(year + 1, 1, 1)),
            Precision::Month => midnight(days_since_epoch(year, month + 1, 1)),
            Precision::Day => midnight(day + 1),
            Precision::Minute | Precision::Second | Precision::Fraction => midnight(day) + self.bounds_in_day().end_us,
        };
        Interval { start_us: midnight(day) + self.bounds_in_day().start_us, end_us }
    }

    /// The time of day as microseconds from midnight.
    pub(super) fn bounds_in_day(&self) -> Interval {
        let seconds = i64::from(self.hour) * 3600 + i64::from(self.minute) * 60 + i64::from(self.second);
        let start_us = seconds * MICROS_PER_SECOND + i64::from(self.micros);
        let width_us = match self.precision {
            Precision::Minute => 60 * MICROS_PER_SECOND,
            Precision::Fraction => 10_i64.pow(6 - u32::from(self.n_fraction_digits.min(6))),
            _ => MICROS_PER_SECOND,
        };
        Interval { start_us, end_us: start_us + width_us }
    }
}

/// Reads a date, or a date and time with or without seconds and zone.
pub(super) fn date(text: &str) -> Result<Fields, Fault> {
    let mut cursor = Cursor { rest: text.as_bytes() };
    let mut fields = Fields::NOTHING;
    date_and_time(&mut cursor, &mut fields).filter(|()| cursor.rest.is_empty()).ok_or(Fault::Spelling)?;
    if fields.day > days_in_month(fields.year, fields.month) {
        return Err(Fault::NoSuchDay);
    }
    Ok(fields)
}

/// Reads a time of day with seconds and no zone.
pub(super) fn time_of_day(text: &str) -> Option<Fields> {
    let mut cursor = Cursor { rest: text.as_bytes() };
    let mut fields = Fields::NOTHING;
    clock(&mut cursor, &mut fields)?;
    (cursor.rest.is_empty() && fields.precision >= Precision::Second).then_some(fields)
}

fn date_and_time(cursor: &mut Cursor<'_>, fields: &mut Fields) -> Option<()> {
    fields.year = cursor.four_digits().filter(|&year| year > 0)?;
    if !cursor.eat(b'-') {
        return Some(());
    }
    fields.month = cursor.two_digits(1, 12)?;
    fields.precision = Precision::Month;
    if !cursor.eat(b'-') {
        return Some(());
    }
    fields.day = cursor.two_digits(1, 31)?;
    fields.precision = Precision::Day;
    if !cursor.eat(b'T') {
        return Some(());
    }
    clock(cursor, fields)?;
    fields.offset_minutes = zone(cursor)?;
    Some(())
}

fn clock(cursor: &mut Cursor<'_>, fields: &mut Fields) -> Option<()> {
    fields.hour = cursor.two_digits(0, 23)?;
    fields.minute = cursor.eat(b':').then(|| cursor.two_digits(0, 59))??;
    fields.precision = Precision::Minute;
    if !cursor.eat(b':') {
        return Some(());
    }
    fields.second = cursor.two_digits(0, 60)?;
    fields.precision = Precision::Second;
    if !cursor.eat(b'.') {
        return Some(());
    }
    (fields.micros, fields.n_fraction_digits) = cursor.fraction()?;
    fields.precision = Precision::Fraction;
    Some(())
}

/// The zone at hand: Some(None) where the text has none.
fn zone(cursor: &mut Cursor<'_>) -> Option<Option<i16>> {
    if cursor.eat(b'Z') {
        return Some(Some(0));
    }
    let sign = match () {
        () if cursor.eat(b'+') => 1,
        () if cursor.eat(b'-') => -1,
        () => return Some(None),
    };
    let hours = i16::from(cursor.two_digits(0, 14)?);
    let minutes = cursor.eat(b':').then(|| cursor.two_digits(0, 59))??;
    let offset_minutes = hours * 60 + i16::from(minutes);
    (offset_minutes <= 14 * 60).then_some(Some(sign * offset_minutes))
}

struct Cursor<'t> {
    rest: &'t [u8],
}

impl Cursor<'_> {
    fn eat(&mut self, byte: u8) -> bool {
        match self.rest.split_first() {
            Some((first, rest)) if *first == byte => {
                self.rest = rest;
                true
            }
            _ => false,
        }
    }

    fn digit(&mut self) -> Option<u8> {
        let (first, rest) = self.rest.split_first().filter(|(first, _)| first.is_ascii_digit())?;
        self.rest = rest;
        Some(first - b'0')
    }

    fn two_digits(&mut self, min: u8, max: u8) -> Option<u8> {
        let value = self.digit()? * 10 + self.digit()?;
        (min..=max).contains(&value).then_some(value)
    }

    fn four_digits(&mut self) -> Option<u16> {
        (0..4).try_fold(0, |value, _| Some(value * 10 + u16::from(self.digit()?)))
    }

    /// One digit or more as microseconds, and how many they are (at most 7).
    fn fraction(&mut self) -> Option<(u32, u8)> {
        let mut micros = u32::from(self.digit()?) * 100_000;
        let (mut n_digits, mut weight) = (1, 10_000);
        while let Some(digit) = self.digit() {
            micros += u32::from(digit) * weight;
            weight /= 10;
            n_digits = (n_digits + 1).min(7);
        }
        Some((micros, n_digits))
    }
}
