//! The standard's own nouns and grammar: resources, dates, references, bundles, validation (pure).

pub mod compartment;
pub mod date;
pub mod definitions;
pub mod json;
pub mod reference;
pub mod resource;
pub mod search_param;
