//! What search compares: numbers, texts, units, and the values that resources are indexed by.
#![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

mod extracted;
mod golden;
mod numbers;
mod show;
mod texts;
mod units;
mod words;
