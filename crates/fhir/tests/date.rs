//! FHIR dates: what is accepted and refused, and the intervals they stand for.
#![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use mecum_fhir::date::{DateError, Interval, PartialDate, Precision, bounds_of, format_instant, parse_time};
use proptest::prelude::*;

fn us(timestamp: &str) -> i64 {
    timestamp.parse::<jiff::Timestamp>().unwrap().as_microsecond()
}

fn between(start: &str, end: &str) -> Interval {
    Interval { start_us: us(start), end_us: us(end) }
}

#[test]
fn rest_62_dates_keep_their_text_and_precision() {
    let cases = [
        ("2010", Precision::Year),
        ("2010-06", Precision::Month),
        ("2010-06-30", Precision::Day),
        ("2010-06-30T10:20:30Z", Precision::Second),
        ("2010-06-30T10:20:30-05:00", Precision::Second),
        ("2010-06-30T10:20:30.1234567890123456789+14:00", Precision::Fraction),
        ("2016-12-31T23:59:60Z", Precision::Second),
        ("0001-01-01", Precision::Day),
        ("9999-12-31T23:59:59.999Z", Precision::Fraction),
        ("2000-02-29", Precision::Day),
    ];
    for (text, precision) in cases {
        let date = PartialDate::parse_date_time(text).unwrap();
        assert_eq!((date.text(), date.precision()), (text, precision));
        assert_eq!(PartialDate::parse_date(text).is_ok(), precision <= Precision::Day, "{text}");
        assert_eq!(PartialDate::parse_instant(text).is_ok(), precision >= Precision::Second, "{text}");
        assert!(PartialDate::parse_search(text).is_ok(), "{text}");
    }
    let parts = PartialDate::parse_date_time("2010-06-30T10:20:30-05:30").unwrap();
    assert_eq!(
        (parts.year(), parts.month(), parts.day(), parts.offset_minutes()),
        (2010, Some(6), Some(30), Some(-330))
    );
    let year = PartialDate::parse_date("2010").unwrap();
    assert_eq!((year.year(), year.month(), year.day(), year.offset_minutes()), (2010, None, None, None));
}

#[test]
fn what_is_no_date_is_refused_in_every_form() {
    let not_dates = [
        "",
        "0000",
        "201",
        "20100",
        "2010-",
        "2010-6",
        "2010-00",
        "2010-13",
        "2010-06-",
        "2010-06-00",
        "2010-06-32",
        "2010-06-1",
        "2010-06-30T",
        "2010-06-30T10",
        "2010-06-30T10:",
        "2010-06-30T24:00:00Z",
        "2010-06-30T10:60:00Z",
        "2010-06-30T10:20:61Z",
        "2010-06-30T10:20:30.Z",
        "2010-06-30T10:20:30z",
        "2010-06-30t10:20:30Z",
        "2010-06-30 10:20:30Z",
        "2010-06-30T10:20:30+14:01",
        "2010-06-30T10:20:30+15:00",
        "2010-06-30T10:20:30+05",
        "2010-06-30T10:20:30+05:60",
        "2010-06-30T10:20:30 05:00",
        "2010-06-30T10:20:30ZZ",
        " 2010",
        "2010 ",
        "+2010",
        "-2010",
        "20100630",
        "２０１０",
        "1285920000000",
    ];
    for text in not_dates {
        for refused in [
            PartialDate::parse_date(text),
            PartialDate::parse_date_time(text),
            PartialDate::parse_instant(text),
            PartialDate::parse_search(text),
        ] {
            assert!(matches!(refused, Err(DateError::Spelling { .. })), "{text}");
        }
        assert_eq!(bounds_of(text, 0), None, "{text}");
    }
}

#[test]
fn days_that_are_not_in_the_calendar_are_refused() {
    for text in ["2010-02-29", "1900-02-29", "2010-04-31", "2010-02-30T10:00:00Z"] {
        assert_eq!(PartialDate::parse_date_time(text), Err(DateError::NoSuchDay), "{text}");
    }
    assert_eq!(DateError::NoSuchDay.to_string(), "no such day in the calendar");
}

#[test]
fn rest_62_a_time_without_seconds_or_zone_is_good_for_searches_only() {
    for text in ["2010-06-30T10:20", "2010-06-30T10:20Z", "2010-06-30T10:20:30", "2010-06-30T10:20:30.5"] {
        assert!(PartialDate::parse_search(text).is_ok(), "{text}");
        assert!(PartialDate::parse_date_time(text).is_err(), "{text}");
        assert!(PartialDate::parse_instant(text).is_err(), "{text}");
    }
    assert!(PartialDate::parse_date("2010-06-30T10:20:30Z").is_err());
    assert!(PartialDate::parse_instant("2010-06-30").is_err());
}

#[test]
fn phr_55_a_partial_date_is_its_whole_interval() {
    let cases = [
        ("2010", "2010-01-01T00:00:00Z", "2011-01-01T00:00:00Z"),
        ("2020-02", "2020-02-01T00:00:00Z", "2020-03-01T00:00:00Z"),
        ("2020-12", "2020-12-01T00:00:00Z", "2021-01-01T00:00:00Z"),
        ("2020-02-29", "2020-02-29T00:00:00Z", "2020-03-01T00:00:00Z"),
        ("2020-12-31", "2020-12-31T00:00:00Z", "2021-01-01T00:00:00Z"),
        ("2020-06-01T10:30", "2020-06-01T10:30:00Z", "2020-06-01T10:31:00Z"),
        ("2020-06-01T10:30:59Z", "2020-06-01T10:30:59Z", "2020-06-01T10:31:00Z"),
        ("2020-06-01T10:30:59+05:30", "2020-06-01T05:00:59Z", "2020-06-01T05:01:00Z"),
        ("2020-06-01T10:30:59.5Z", "2020-06-01T10:30:59.5Z", "2020-06-01T10:30:59.6Z"),
        ("2020-06-01T10:30:59.250Z", "2020-06-01T10:30:59.25Z", "2020-06-01T10:30:59.251Z"),
        ("2020-06-01T10:30:59.123456Z", "2020-06-01T10:30:59.123456Z", "2020-06-01T10:30:59.123457Z"),
        ("2020-06-01T10:30:59.12345699Z", "2020-06-01T10:30:59.123456Z", "2020-06-01T10:30:59.123457Z"),
        ("2016-12-31T23:59:60Z", "2017-01-01T00:00:00Z", "2017-01-01T00:00:01Z"),
    ];
    for (text, start, end) in cases {
        let date = PartialDate::parse_search(text).unwrap();
        assert_eq!(date.bounds(0), between(start, end), "{text}");
        assert_eq!(bounds_of(text, 0), Some(date.bounds(0)));
    }
}

#[test]
fn phr_55_a_date_without_a_zone_is_read_in_the_given_one() {
    let in_new_york = PartialDate::parse_search("2010").unwrap().bounds(-300);
    assert_eq!(in_new_york, between("2010-01-01T05:00:00Z", "2011-01-01T05:00:00Z"));
    let in_delhi = PartialDate::parse_search("2020-06-01T10:30").unwrap().bounds(330);
    assert_eq!(in_delhi, between("2020-06-01T05:00:00Z", "2020-06-01T05:01:00Z"));
    let zoned = PartialDate::parse_search("2020-06-01T10:30:00Z").unwrap();
    assert_eq!(zoned.bounds(330), zoned.bounds(0));
}

#[test]
fn the_first_and_the_last_year_are_within_range() {
    assert_eq!(bounds_of("0001", 840).unwrap().start_us, us("0001-01-01T00:00:00Z") - 840 * 60_000_000);
    assert_eq!(bounds_of("9999", -840).unwrap().end_us, 253_402_300_800_000_000 + 840 * 60_000_000);
    assert!(bounds_of("9999", i32::MIN).is_some() && bounds_of("0001", i32::MAX).is_some());
}

#[test]
fn times_of_day_have_seconds_and_no_zone() {
    assert_eq!(parse_time("00:00:00").unwrap(), Interval { start_us: 0, end_us: 1_000_000 });
    assert_eq!(parse_time("10:30:15.25").unwrap(), Interval { start_us: 37_815_250_000, end_us: 37_815_260_000 });
    assert_eq!(parse_time("23:59:60").unwrap().start_us, 86_400_000_000);
    for text in ["", "10:30", "24:00:00", "10:30:15Z", "10:30:15+01:00", "1:30:15", "T10:30:15", "10:30:15."] {
        assert!(parse_time(text).is_err(), "{text}");
    }
}

#[test]
fn instants_are_written_with_milliseconds_rounded_down() {
    assert_eq!(format_instant(0), "1970-01-01T00:00:00.000Z");
    assert_eq!(format_instant(-1), "1969-12-31T23:59:59.999Z");
    assert_eq!(format_instant(us("2020-02-29T12:34:56.789999Z")), "2020-02-29T12:34:56.789Z");
    assert_eq!(format_instant(i64::MIN), "0001-01-01T00:00:00.000Z");
    assert_eq!(format_instant(i64::MAX), "9999-12-31T23:59:59.999Z");
}

proptest! {
    #[test]
    fn instants_agree_with_another_calendar(at_us in -62_135_596_800_000_000_i64..253_402_207_200_000_000) {
        let text = format_instant(at_us);
        prop_assert_eq!(us(&text), at_us.div_euclid(1000) * 1000);
        let read = PartialDate::parse_instant(&text).unwrap().bounds(0);
        prop_assert!(read.contains_us(at_us) && read.end_us - read.start_us == 1000);
    }

    #[test]
    fn days_agree_with_another_calendar(year in 1_i16..=9999, month in 0_i8..=13, day in 0_i8..=32) {
        let text = format!("{year:04}-{month:02}-{day:02}");
        let theirs = jiff::civil::Date::new(year, month, day);
        prop_assert_eq!(PartialDate::parse_date(&text).is_ok(), theirs.is_ok());
        if let (Ok(ours), Ok(theirs)) = (PartialDate::parse_date(&text), theirs) {
            let days = jiff::civil::date(1970, 1, 1).until((jiff::Unit::Day, theirs)).unwrap().get_days();
            prop_assert_eq!(ours.bounds(0).start_us, i64::from(days) * 86_400_000_000);
        }
    }

    #[test]
    fn no_text_makes_the_reader_panic(text in r"\PC{0,12}|[0-9T:Z+.\-]{0,30}") {
        let read = PartialDate::parse_search(&text);
        if let Ok(date) = &read {
            prop_assert!(date.bounds(0).start_us < date.bounds(0).end_us);
        }
        prop_assert_eq!(read.is_ok(), bounds_of(&text, 0).is_some());
        let _ = parse_time(&text);
    }
}
