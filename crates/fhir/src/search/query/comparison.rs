//! Prefixes, dates and numbers in queries (R4 search.html#prefix, #date, #number; REST-38, REST-39).

use super::fault::Trouble;
use super::{DateMatch, NumberMatch, Prefix, QueryContext};
use crate::date::{DateError, Interval, PartialDate};
use crate::search::number::Implied;

/// Prefixes as they are written.
const PREFIXES: [(&str, Prefix); 9] = [
    ("eq", Prefix::Eq),
    ("ne", Prefix::Ne),
    ("gt", Prefix::Gt),
    ("lt", Prefix::Lt),
    ("ge", Prefix::Ge),
    ("le", Prefix::Le),
    ("sa", Prefix::Sa),
    ("eb", Prefix::Eb),
    ("ap", Prefix::Ap),
];

impl Prefix {
    /// The two letters in front of a value.
    pub fn letters(self) -> &'static str {
        PREFIXES.into_iter().find_map(|(letters, prefix)| (prefix == self).then_some(letters)).unwrap_or("eq")
    }

    /// The prefix of a value and what is behind it; `eq` where there is none.
    fn split(text: &str) -> (Prefix, &str) {
        let found = PREFIXES.into_iter().find_map(|(letters, prefix)| Some((prefix, text.strip_prefix(letters)?)));
        found.unwrap_or((Prefix::Eq, text))
    }
}

/// Reads a date with its prefix.
pub(super) fn date(text: &str, context: &QueryContext<'_>) -> Result<DateMatch, Trouble> {
    let (prefix, date) = Prefix::split(text);
    // No date has a space: it was the plus of a zone, written without percent-encoding.
    let date = PartialDate::parse_search(&date.replace(' ', "+")).map_err(no_date)?;
    let range = date.bounds(context.zone_offset_minutes);
    let range = if prefix == Prefix::Ap { about(range, context.now_us) } else { range };
    Ok(DateMatch { prefix, range: range.into() })
}

fn no_date(error: DateError) -> Trouble {
    Trouble::invalid(match error {
        DateError::NoSuchDay => "there is no such day in the calendar",
        DateError::Spelling { .. } => {
            "a date is written YYYY, YYYY-MM, YYYY-MM-DD or YYYY-MM-DDThh:mm with or without seconds and zone, behind eq, \
             ne, gt, lt, ge, le, sa, eb, ap or nothing"
        }
    })
}

/// A tenth of the way to now is added to either side.
fn about(range: Interval, now_us: i64) -> Interval {
    let tenth = |at_us: i64| i64::try_from(at_us.abs_diff(now_us) / 10).unwrap_or(i64::MAX);
    Interval {
        start_us: range.start_us.saturating_sub(tenth(range.start_us)),
        end_us: range.end_us.saturating_add(tenth(range.end_us)),
    }
}

/// Reads a number with its prefix.
pub(super) fn number(text: &str) -> Result<(Prefix, Implied), Trouble> {
    let (prefix, number) = Prefix::split(text);
    let implied = if prefix == Prefix::Ap { Implied::about(number) } else { Implied::of(number) };
    let implied = implied.ok_or_else(|| {
        Trouble::invalid(
            "a number is written as 5, -5.4 or 5.4e-3, with an exponent of at most four digits, behind eq, ne, gt, lt, ge, \
             le, sa, eb, ap or nothing",
        )
    })?;
    Ok((prefix, implied))
}

impl NumberMatch {
    /// A comparison with this number and the range it stands for.
    pub(super) fn of(prefix: Prefix, implied: Implied) -> Self {
        Self { prefix, value: implied.value, low: implied.low, high: implied.high }
    }
}
