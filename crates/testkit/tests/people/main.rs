//! The synthetic people: the same bytes each time, whole references, real pictures and letters, and stories that answer
//! questions.
#![expect(clippy::unwrap_used, reason = "a test that cannot read what it checks must fail")]

mod family;
mod media;
mod population;
mod questions;
mod reading;
