//! A resource as its JSON text with accessors (R4 resource.html): nothing is converted, so nothing is lost.
//!
//! - [`Resource`]: a JSON object of a known type; [`ResourceFault`] says why a text is none.
//! - [`ReferenceElement`], [`Link`]: where a resource points, by reference, attachment or narrative; [`references_in`] a part of it.
//! - [`Coding`], [`Identifier`]: its categories, labels and business identifiers, read tolerantly.
//! - [`interval_of`]: the time a date, Period or Timing stands for; [`Resource::clinical_interval`] chooses among them.
//! - [`SplicePoint`]: version and time out of the stored text and back in.
//! - [`expression_at`]: the FHIRPath of a place in the text.

mod clinical_elements;
mod clinical_time;
mod coding;
mod expression;
mod identifier;
mod links;
mod narrative;
mod references;
mod timing;
mod tolerant;
mod version_meta;
mod whole;

pub use coding::Coding;
pub use expression::expression_at;
pub use identifier::Identifier;
pub use links::Link;
pub use references::{ReferenceElement, references_in};
pub use timing::interval_of;
pub use version_meta::SplicePoint;
pub use whole::{Resource, ResourceFault};
