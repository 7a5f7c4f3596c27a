//! Dates as HTTP writes them, in whole seconds (RFC 9110 section 5.6.7).

use jiff::Timestamp;
use jiff::fmt::rfc2822::{DateTimeParser, DateTimePrinter};

const PRINTER: DateTimePrinter = DateTimePrinter::new();
const PARSER: DateTimeParser = DateTimeParser::new();

/// `Sun, 06 Nov 1994 08:49:37 GMT`; `None` for a time outside the years that can be written.
pub(crate) fn format(at_us: i64) -> Option<String> {
    let timestamp = Timestamp::from_microsecond(at_us).ok()?;
    PRINTER.timestamp_to_rfc9110_string(&timestamp).ok()
}

/// The seconds since the epoch; `None` for what is no such date, which HTTP says to ignore.
pub(crate) fn parse_seconds(text: &str) -> Option<i64> {
    PARSER.parse_timestamp(text).ok().map(Timestamp::as_second)
}

#[cfg(test)]
mod tests {
    use super::{format, parse_seconds};

    #[test]
    fn dates_are_written_and_read_as_http_has_them() {
        let text = "Sun, 06 Nov 1994 08:49:37 GMT";
        assert_eq!(parse_seconds(text), Some(784_111_777));
        assert_eq!(format(784_111_777_900_000).as_deref(), Some(text));
        assert_eq!(parse_seconds("yesterday"), None);
    }
}
