//! Whose record it is, who may see what, and why (pure).
//!
//! - [`ids`]: the names of things: records, commits, versions, sources, imports, disclosures
//! - [`caller`]: who is asking, established once at the door
//! - [`access`]: facts, labels, filters, scopes, grants, and the one decision that makes a [`access::Permit`]
//! - [`commit`]: what a change to a record says about itself
//! - [`disclosure`]: what is written down when health data leaves
//! - [`source`]: where data came from
//! - [`subject`]: whether two Patients are the same person

pub mod access;
pub mod caller;
pub mod commit;
pub mod disclosure;
pub mod ids;
pub mod source;
pub mod subject;
