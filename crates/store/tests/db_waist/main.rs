//! The contract of the waist (design §4), tried on both databases wherever it holds for both.

#![expect(clippy::unwrap_used, reason = "a test that cannot set its scene up has failed")]

mod group;
mod migrations;
mod place;
mod postgres;
mod processes;
mod sealed;
mod statements;
mod transactions;
mod upkeep;
