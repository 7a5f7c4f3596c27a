//! Search (R4 search.html): what a resource can be found by, and what a query asks for.
//!
//! - [`value`]: the values a resource is indexed by.
//! - [`query`]: a query as it came, read into what it asks.
//! - [`extract()`]: the values of a resource; [`words_of`] its words.
//! - [`number`]: numbers in bytes that sort, and the range that a written one stands for.
//! - [`mod@unit`]: quantities in units that all convertible ones have in common.
//! - [`normalise`]: a text as string parameters compare it; [`terms`] its words.

pub mod extract;
pub mod number;
pub mod query;
mod text;
pub mod unit;
pub mod value;
mod words;

pub use extract::extract;
pub use text::{MAX_NORMALISED, MAX_WORD, normalise, terms};
pub use words::{Words, words_of};
