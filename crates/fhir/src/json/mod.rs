//! FHIR's JSON as text (FHIR R4 json.html, RFC 8259): exact digits, escapes and key order survive because nothing is re-serialised.
//!
//! - [`Json`]: a text minified and parsed once into a flat tape; [`Limits`] bound it, [`JsonError`] says where it fails.
//! - [`Element`]: a node of a parsed text, with its exact spelling and its place.
//! - [`Edits`]: replacements by place, applied in one copy.
//! - [`Writer`]: a builder for the JSON we generate ourselves; [`quote`] makes one string literal.

mod duplicates;
mod edits;
mod element;
mod error;
mod escape;
mod indent;
mod parse;
mod scan;
mod tape;
mod writer;

pub use edits::Edits;
pub use element::{Element, Items, Kind, Member, Members};
pub use error::{JsonError, JsonErrorKind};
pub use escape::quote;
pub use parse::{Json, Limits};
pub use writer::{ArrayWriter, ObjectWriter, Writer};
