//! Bringing real files in, carrying them away, and undoing it.

mod house;
mod round_trip;
mod samples;
mod sphr;
