//! What search compares: numbers, texts, units, and the values that resources are indexed by.

mod numbers;
mod texts;
mod units;
