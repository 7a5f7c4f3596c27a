//! What pages show of a record: made of what the other modules know, released like every other exit.
//!
//! - [`entry`](entry()): one resource with its versions and where it came from
//! - [`file`](file()): what is attached to one
//! - [`lines`](lines()), [`kind_counts`]: entries as lines, newest first, by [`Kind`]
//! - [`overview`](overview()): what matters now
//! - [`review`](review()): what was brought in last, and what somebody should look at
//! - [`trend`](trend()): the values of one test over time

mod entry;
mod file;
mod kind;
mod lines;
mod overview;
mod review;
mod trend;

pub use entry::{Entry, EntryVersion, Origin, VersionChange, entry};
pub use file::{FileContent, file};
pub use kind::Kind;
pub use lines::{Line, Lines, LinesQuery, MAX_LINES, kind_counts, lines};
pub use mecum_store::TimePlace;
pub use overview::{Overview, overview};
pub use review::{Arrival, Concern, Review, review};
pub use trend::{MAX_VALUES, Series, Trend, TrendValue, trend};
