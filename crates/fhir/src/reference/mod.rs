//! How resources are named and point to each other (R4 references.html).
//!
//! - [`Reference`]: what a reference's text points to; [`Target`] a resource at a service, [`Urn`] a name without address.
//! - [`ResourceType`]: a resource type with its name and its stored code.
//! - [`Id`]: a logical id.

mod classify;
mod id;
mod resource_type;
mod type_table;

pub use classify::{Reference, Target, Urn};
pub use id::{Id, InvalidId};
pub use resource_type::ResourceType;
