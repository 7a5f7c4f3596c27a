//! Search (R4 search.html): what a resource can be found by, and what a query asks for.
//!
//! - [`value`]: the values a resource is indexed by.
//! - [`query`]: a query as it was understood.

pub mod query;
pub mod value;
