//! Searching a record, tried on both databases.

#![expect(clippy::unwrap_used, reason = "a test that cannot set its scene up has failed")]

mod answers;
mod find;
mod house;
mod permission;
mod tickets;
