//! What search compares: numbers, texts, units, and the values that resources are indexed by.

mod extracted;
mod numbers;
mod show;
mod texts;
mod units;
