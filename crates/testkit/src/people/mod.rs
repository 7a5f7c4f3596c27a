//! Synthetic people: a family of four over three generations, and as many strangers as a test or a bench wants.
//! Everybody here is invented, every resource passes HL7's validator without an error, and the same seed gives the same
//! bytes on every machine.

mod allergy;
mod calendar;
mod camille;
mod care;
mod chart;
mod codes;
mod condition;
mod curve;
mod datatype;
mod digest;
mod document;
mod encounter;
mod escape;
mod family;
mod history;
mod house;
mod idris;
mod imaging;
mod immunization;
mod insurance;
mod json;
mod laboratory;
mod large;
mod medication;
mod member;
mod noor;
mod observation;
mod odile;
mod patient;
mod pdf;
mod picture;
mod population;
mod prng;
mod provenance;
mod provider;
mod resource;
mod wearable;

pub use family::{Content, FAMILY_TODAY, Family, Media, OriginKind, Person, SourceFile, SourceOrigin, family};
pub use large::{LargePhr, LargeReader, large_phr};
pub use population::{Population, SyntheticPerson, directory_bundle, population, transaction_bundle};
