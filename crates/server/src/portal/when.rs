//! Dates as people read them: in the precision in which they were written.

use fluent_bundle::FluentArgs;
use mecum_fhir::date::format_instant;
use mecum_fhir::reading::When;

use super::words::Words;

/// A clinical time, `5 March 2024`, `March 2024`, `2024`, or a stretch of them.
pub(super) fn when_text(when: &When, words: Words) -> String {
    let (start, end) = (date_text(&when.start, words), date_text(&when.end, words));
    let between = |id: &str| {
        let mut args = FluentArgs::new();
        args.set("start", start.as_str());
        args.set("end", end.as_str());
        words.say_all(id, &args)
    };
    match (when.is_stretch, start.is_empty(), end.is_empty()) {
        (false, ..) => start,
        (true, false, true) => between("when-since"),
        (true, true, false) => between("when-until"),
        (true, ..) if start == end => start,
        (true, ..) => between("when-between"),
    }
}

/// A date as written, in words; the time of day where it has one, in the zone in which it was written.
pub(super) fn date_text(text: &str, words: Words) -> String {
    let mut parts = text.splitn(2, 'T');
    let (date, time) = (parts.next().unwrap_or_default(), parts.next());
    let mut numbers = date.splitn(3, '-');
    let year = numbers.next().unwrap_or_default();
    let number = |part: Option<&str>| part.and_then(|part| part.parse::<u8>().ok());
    let (month, day) = (number(numbers.next()), number(numbers.next()));
    let Some(month) = month.filter(|month| (1..=12).contains(month)) else {
        return text.to_owned();
    };
    let mut args = FluentArgs::new();
    args.set("year", year);
    args.set("month", words.say(&format!("month-{month}")));
    let Some(day) = day else {
        return words.say_all("date-month", &args);
    };
    args.set("day", day.to_string());
    let date = words.say_all("date-day", &args);
    match time.and_then(|time| time.get(..5)) {
        Some(clock) => format!("{date}, {clock}"),
        None => date,
    }
}

/// A moment of this installation, in words, UTC.
pub(super) fn day_and_time(at_us: i64, words: Words) -> String {
    format!("{} UTC", date_text(&format_instant(at_us), words))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_partial_date_is_shown_as_what_it_is() {
        let words = Words::for_languages("en");
        for (written, read) in [
            ("2024", "2024"),
            ("2024-03", "March 2024"),
            ("2024-03-05", "5 March 2024"),
            ("2024-03-05T10:20:30+02:00", "5 March 2024, 10:20"),
            ("last spring", "last spring"),
            ("2024-13", "2024-13"),
            ("", ""),
        ] {
            assert_eq!(date_text(written, words), read);
        }
        let when = |start: &str, end: &str| When { start: start.to_owned(), end: end.to_owned(), is_stretch: true };
        assert_eq!(when_text(&when("2024", ""), words), "since 2024");
        assert_eq!(when_text(&when("", "2024-03"), words), "until March 2024");
        assert_eq!(when_text(&when("2023", "2024"), words), "2023 to 2024");
    }
}
