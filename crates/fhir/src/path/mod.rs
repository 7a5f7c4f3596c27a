//! FHIRPath as search parameters use it (FHIRPath 2.0, R4 fhirpath.html): compiled against the standard's types, walked over JSON.
//!
//! Expressions over one type are merged: steps they share are taken once, however many begin with them.
//!
//! - [`Paths`]: expressions over one type; [`Paths::walk`] finds in one pass whatever any of them selects.
//! - [`Place`]: where in a type an expression ends; [`Selected`] what an expression selects.
//! - [`Condition`]: a test of an element, within `where(…)` or by itself.
//! - [`Path`]: a single expression.
//!
//! Supported: members, choices of type, `as`, `is`, `ofType`, `where`, `exists`, `empty`, `not`, `and`, `or`, `=`, `!=`, `|`, `first()`
//! and an index on what cannot be several, `extension`, and `resolve()` where a type is asked for. Everything else is an error.

mod condition;
mod expression;
mod parse;
mod paths;
mod select;
mod tokens;
mod walk;

pub use condition::Condition;
pub use expression::PathError;
pub use paths::{Path, Paths, Place, Selected};

pub(crate) use expression::Expression;
