//! Days of the proleptic Gregorian calendar and the texts FHIR wants of them (R4 datatypes, §2.24.0.1: date, dateTime,
//! instant), with the offsets of the places where the family lives.

use std::ops::{Add, Sub};

/// A day, counted from 1970-01-01.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Day(pub(crate) i64);

/// Where a clock hangs; decides the offset written.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Zone {
    /// UTC-5, in summer -4 (United States rules since 2007, applied to all years).
    NewEngland,
    /// UTC+1, in summer +2 (European Union rules since 1996).
    France,
    /// UTC.
    Utc,
}

impl Day {
    /// The day of a year, month (1 to 12) and day of the month.
    pub(crate) const fn new(year: i64, month: i64, day: i64) -> Day {
        let year = if month <= 2 { year - 1 } else { year };
        let era = year.div_euclid(400);
        let year_of_era = year - era * 400;
        let day_of_year = (153 * (if month > 2 { month - 3 } else { month + 9 }) + 2) / 5 + day - 1;
        Day(era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719_468)
    }

    /// Year, month and day of the month.
    pub(crate) const fn civil(self) -> (i64, i64, i64) {
        let shifted = self.0 + 719_468;
        let era = shifted.div_euclid(146_097);
        let day_of_era = shifted - era * 146_097;
        let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let shifted_month = (5 * day_of_year + 2) / 153;
        let month = if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 };
        let year = year_of_era + era * 400 + (if month <= 2 { 1 } else { 0 });
        (year, month, day_of_year - (153 * shifted_month + 2) / 5 + 1)
    }

    /// The year.
    pub(crate) const fn year(self) -> i64 {
        self.civil().0
    }

    /// `2021-01-23`.
    pub(crate) fn date(self) -> String {
        let (year, month, day) = self.civil();
        format!("{year:04}-{month:02}-{day:02}")
    }

    /// `2021-01`.
    pub(crate) fn month(self) -> String {
        let (year, month, _) = self.civil();
        format!("{year:04}-{month:02}")
    }

    /// `2021-01-23T09:30:00-05:00`; minutes are counted from midnight and may run past it.
    pub(crate) fn at(self, minutes: i64, zone: Zone) -> String {
        let day = self + minutes.div_euclid(1440);
        let minutes = minutes.rem_euclid(1440);
        let (year, month, of_month) = day.civil();
        format!("{year:04}-{month:02}-{of_month:02}T{:02}:{:02}:00{}", minutes / 60, minutes % 60, zone.offset(day))
    }

    /// The day of the week, 0 for Sunday.
    pub(crate) const fn weekday(self) -> i64 {
        (self.0 + 4).rem_euclid(7)
    }

    /// The next day on which a practice is open: itself, or the Monday after a weekend.
    pub(crate) fn working(self) -> Day {
        match self.weekday() {
            0 => self + 1,
            6 => self + 2,
            _ => self,
        }
    }
}

impl Add<i64> for Day {
    type Output = Day;
    fn add(self, days: i64) -> Day {
        Day(self.0 + days)
    }
}

impl Sub for Day {
    type Output = i64;
    fn sub(self, other: Day) -> i64 {
        self.0 - other.0
    }
}

impl Zone {
    fn offset(self, day: Day) -> &'static str {
        let year = day.year();
        match self {
            Zone::Utc => "Z",
            Zone::NewEngland if day >= sunday_from(year, 3, 8) && day < sunday_from(year, 11, 1) => "-04:00",
            Zone::NewEngland => "-05:00",
            Zone::France if day >= sunday_from(year, 3, 25) && day < sunday_from(year, 10, 25) => "+02:00",
            Zone::France => "+01:00",
        }
    }
}

fn sunday_from(year: i64, month: i64, day: i64) -> Day {
    let from = Day::new(year, month, day);
    from + (7 - from.weekday()) % 7
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_and_dates_agree_over_a_century() {
        let mut day = Day::new(1940, 1, 1);
        while day < Day::new(2041, 1, 1) {
            let (year, month, of_month) = day.civil();
            assert!(Day::new(year, month, of_month) == day);
            day = day + 1;
        }
        assert_eq!(Day::new(1970, 1, 1).0, 0);
        assert_eq!(Day::new(2000, 2, 29).date(), "2000-02-29");
        assert_eq!(Day::new(2026, 11, 20).weekday(), 5);
    }

    #[test]
    fn clocks_change_where_they_hang() {
        assert_eq!(Day::new(2021, 1, 23).at(9 * 60 + 30, Zone::NewEngland), "2021-01-23T09:30:00-05:00");
        assert_eq!(Day::new(2024, 3, 20).at(600, Zone::NewEngland), "2024-03-20T10:00:00-04:00");
        assert_eq!(Day::new(2024, 3, 20).at(600, Zone::France), "2024-03-20T10:00:00+01:00");
        assert_eq!(Day::new(2024, 3, 31).at(1500, Zone::France), "2024-04-01T01:00:00+02:00");
        assert_eq!(Day::new(2024, 12, 31).at(0, Zone::Utc), "2024-12-31T00:00:00Z");
    }
}
