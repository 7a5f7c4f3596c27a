//! The contract of the waist (design §4), tried on both databases wherever it holds for both.

mod group;
mod migrations;
mod place;
mod postgres;
mod processes;
mod sealed;
mod statements;
mod transactions;
mod upkeep;
