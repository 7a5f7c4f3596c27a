//! The values of search parameters in a resource, as indexes keep them and queries are compared with (R4 search.html#ptypes).

use crate::date::Interval;
use crate::reference::ResourceType;

/// One value of one search parameter of a resource.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Indexed {
    /// Which parameter, by [`SearchParam::number`](crate::search_param::SearchParam::number).
    pub param: u16,
    /// Which element of the resource the value belongs to, as far as composite parameters tell elements apart: 0 is the
    /// resource itself, others count the elements that composites select (`Observation.component`, one by one). A composite
    /// holds where its parts hold in one group. [`NO_GROUP`] is a value that no composite means, though it has the
    /// parameter as a part.
    pub group: u16,
    /// The value.
    pub value: IndexValue,
}

/// The group of values that take part in no composite.
pub const NO_GROUP: u16 = u16::MAX;

/// A value, in the form in which its kind is compared.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum IndexValue {
    /// A code with its system (empty: none), an identifier, a contact point, a boolean. Of a reference parameter: the
    /// identifier of the reference (`:identifier`).
    Token {
        /// The system; empty if the element has none.
        system: String,
        /// The code or value; empty if only a system is given.
        code: String,
    },
    /// A text as written, of a string parameter; of a token parameter the text or display beside the code (`:text`).
    String(String),
    /// Where a reference points.
    Reference(RefTarget),
    /// The stretch of time that a date, Period or Timing covers.
    Date(Stretch),
    /// A number.
    Number(NumberKey),
    /// A number with a unit.
    Quantity(QuantityValue),
    /// A URI as written.
    Uri(String),
}

/// Where a reference points, without the version.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RefTarget {
    /// `Type/id` of this server.
    Resource(ResourceType, String),
    /// Anything else, as written: an absolute URL, a `urn:`, a canonical.
    Url(String),
}

/// An interval that sorts: by its start, then by its end; see [`Interval`].
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Stretch {
    /// The first microsecond inside.
    pub start_us: i64,
    /// The first microsecond behind the end.
    pub end_us: i64,
}

/// A number as bytes that sort as the numbers do, exact whatever its size: compared byte by byte.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NumberKey(pub Vec<u8>);

/// A quantity in its own unit, and in the units that all convertible ones have in common.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct QuantityValue {
    /// The number as written.
    pub number: NumberKey,
    /// The unit's system; empty if it has none.
    pub system: String,
    /// The unit's code, else its text; empty if it has neither.
    pub unit: String,
    /// In UCUM's base units, as (spelling of the unit, number); none if UCUM does not know the unit.
    pub canonical: Option<(String, NumberKey)>,
}

impl From<Interval> for Stretch {
    fn from(interval: Interval) -> Stretch {
        Stretch { start_us: interval.start_us, end_us: interval.end_us }
    }
}
