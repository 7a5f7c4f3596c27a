//! The proleptic Gregorian calendar of ISO 8601, counted in days and microseconds from 1970-01-01T00:00:00Z.

pub(super) const MICROS_PER_SECOND: i64 = 1_000_000;
const MICROS_PER_DAY: i64 = 86_400 * MICROS_PER_SECOND;
/// Days of 400 years, after which the calendar repeats.
const DAYS_PER_ERA: i64 = 146_097;
/// Days from 0000-03-01, where an era begins, to 1970-01-01.
const EPOCH_IN_ERAS: i64 = 719_468;
const FIRST_US: i64 = -62_135_596_800 * MICROS_PER_SECOND;
const LAST_US: i64 = 253_402_300_800 * MICROS_PER_SECOND - 1;

/// How many days a month has; `month` is 1 to 12.
pub(super) fn days_in_month(year: u16, month: u8) -> u8 {
    match month {
        2 if year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400)) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Days from 1970-01-01 to a date; years are counted from March so that the leap day comes last.
pub(super) fn days_since_epoch(year: i64, month: i64, day: i64) -> i64 {
    let march_year = if month <= 2 { year - 1 } else { year };
    let era = march_year.div_euclid(400);
    let year_of_era = march_year.rem_euclid(400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    era * DAYS_PER_ERA + day_of_era - EPOCH_IN_ERAS
}

/// The year, month and day that lie `days` after 1970-01-01.
fn date_of_days(days: i64) -> (i64, i64, i64) {
    let days = days + EPOCH_IN_ERAS;
    let era = days.div_euclid(DAYS_PER_ERA);
    let day_of_era = days.rem_euclid(DAYS_PER_ERA);
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let march_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * march_month + 2) / 5 + 1;
    let month = if march_month < 10 { march_month + 3 } else { march_month - 9 };
    let year = era * 400 + year_of_era + i64::from(month <= 2);
    (year, month, day)
}

/// A FHIR `instant` in UTC with milliseconds, rounded down: `2020-06-01T10:30:00.000Z`. Times outside the years
/// 0001 to 9999, which FHIR cannot write, become the first or the last that it can.
pub fn format_instant(at_us: i64) -> String {
    let at_us = at_us.clamp(FIRST_US, LAST_US);
    let (year, month, day) = date_of_days(at_us.div_euclid(MICROS_PER_DAY));
    let millis = at_us.rem_euclid(MICROS_PER_DAY) / 1000;
    let (hour, minute, second) = (millis / 3_600_000, millis / 60_000 % 60, millis / 1000 % 60);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{:03}Z", millis % 1000)
}
