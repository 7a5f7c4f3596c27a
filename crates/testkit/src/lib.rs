//! Synthetic people, and what tests need: both databases, sample files, clocks.

#[cfg(feature = "harness")]
pub mod harness;
pub mod people;
#[cfg(feature = "harness")]
pub mod search;
