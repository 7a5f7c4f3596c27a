//! What an archive says about itself: its name, when it was made and by what (PHR-25).

use std::fmt;
use zip::DateTime;

/// What an archive says about itself; two archives of the same imprint and content are the same bytes, unless sealed.
#[derive(Clone, Copy)]
pub struct Imprint<'a> {
    /// Names the folder and the `.phr` file. Becomes a plain file name, or the export is refused.
    pub name: &'a str,
    /// When the archive is made, as RFC 3339 text.
    pub created: &'a str,
    /// The program that makes it, with its version.
    pub generator: &'a str,
}

impl fmt::Debug for Imprint<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Imprint").field("created", &self.created).finish_non_exhaustive()
    }
}

impl Imprint<'_> {
    /// The date and time of `created` as ZIP has them: no zone, two-second steps; 1980 where it cannot be read.
    pub(crate) fn dos_time(&self) -> DateTime {
        dos_time(self.created).unwrap_or_default()
    }
}

fn dos_time(created: &str) -> Option<DateTime> {
    let number = |from: usize, to: usize| created.get(from..to)?.parse::<u16>().ok();
    let small = |from, to| number(from, to).and_then(|n| u8::try_from(n).ok());
    let (year, month, day) = (number(0, 4)?, small(5, 7)?, small(8, 10)?);
    let (hour, minute, second) = (small(11, 13)?, small(14, 16)?, small(17, 19)?);
    DateTime::from_date_and_time(year, month, day, hour, minute, second.min(59)).ok()
}
