//! The standard's own nouns and grammar: resources, dates, references, bundles, validation (pure).
//!
//! FHIR R4 4.0.1, without I/O, clock or randomness. A resource is its JSON text, kept as it was written, with accessors.
//!
//! - [`json`]: the text itself: parsed to places, changed by place, written.
//! - [`resource`]: a resource's type, id, references, times, codes, and its version spliced in and out.
//! - [`mod@reference`]: resource types, ids, and what a reference's text points to.
//! - [`date`]: dates of any precision as intervals of time.
//! - [`bundle`]: Bundles read in place and written entry by entry.
//! - [`outcome`]: OperationOutcomes and their closed code sets.
//! - [`form`]: parameters as the text of a query.
//! - [`ndjson`]: files of one resource a line, split within bounded memory.
//! - [`canonical`]: one spelling for what means the same, for hashes and signatures.
//! - [`definitions`]: the standard's own types, elements, code sets, search parameters and compartments as tables.
//! - [`path`]: FHIRPath as search parameters use it, compiled.
//! - [`search_param`]: which search parameters a type has, and what they select.
//! - [`reading`]: how a person reads a resource: titles, values, times and standing in plain words.
//! - [`search`]: the values a resource is indexed by, and queries as they were understood.
//! - [`compartment`]: by which parameters a resource belongs to a patient.
//! - [`subset`]: parts of a resource, as `_summary` and `_elements` ask for them.
//! - [`validate`]: whether a resource is what the standard says it should be.

pub mod bundle;
pub mod canonical;
pub mod compartment;
pub mod date;
pub mod definitions;
pub mod form;
pub mod json;
pub mod ndjson;
pub mod outcome;
pub mod path;
pub mod reading;
pub mod reference;
pub mod resource;
pub mod search;
pub mod search_param;
pub mod subset;
pub mod validate;
