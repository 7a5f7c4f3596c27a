//! What is kept of a person, tried on both databases: versions, commits, staging, pages, mappings, the access log, and their proof.

#![expect(clippy::unwrap_used, reason = "a test that cannot set its scene up has failed")]

mod access_log;
mod commit;
mod filled;
mod filter;
mod history;
mod house;
mod identifier;
mod known;
mod origin;
mod page;
mod parallel;
mod people;
mod place_seal;
mod records;
mod reindex;
mod resource;
mod revert;
mod schema;
mod sealed;
mod search;
mod staging;
mod statistics;
mod strays;
mod sweep;
mod tamper;
mod verify;
mod verify_blobs;
mod verify_chain;
