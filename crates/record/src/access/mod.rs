//! Permission: what a caller may do, decided in one place and carried as a value.

mod category;
mod decision;
mod facts;
mod filter;
mod grant;
mod label;
mod permit;
mod scope;

pub use category::{Category, CategorySet};
pub use decision::{Denied, Standing, decide};
pub use facts::{Dated, FACT_RULES, Facts};
pub use filter::{ResourceFilter, ResourceKey};
pub use grant::Grant;
pub use label::{Label, LabelSet};
pub use permit::{Act, Permit, Purpose};
pub use scope::{Scope, ScopeContext, ScopeSet, Verb};
