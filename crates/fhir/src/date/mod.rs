//! FHIR's dates and times (R4 datatypes.html, search.html#date): texts that keep their precision, and what they stand for.
//!
//! - [`PartialDate`]: a date, dateTime, instant or search date as written; [`bounds_of`] and [`parse_time`] keep no text.
//! - [`Interval`]: the stretch of time a date or a period stands for.
//! - [`format_instant`]: a timestamp as FHIR writes it.

mod calendar;
mod interval;
mod partial;
mod scan;

pub use calendar::format_instant;
pub use interval::Interval;
pub use partial::{DateError, PartialDate, Precision, bounds_of, parse_time};
