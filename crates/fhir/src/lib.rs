//! The standard's own nouns and grammar: resources, dates, references, bundles, validation (pure).

pub mod json;
