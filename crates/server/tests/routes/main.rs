//! The routes, tried through the router without a network: one file for each part of the route list.

#![expect(clippy::unwrap_used, reason = "a test that cannot set its scene up has failed")]

mod binary;
mod clinic;
mod crawl;
mod door;
mod exchange;
mod history;
mod hostile;
mod house;
mod job;
mod metadata;
mod portal;
mod projected;
mod refusals;
mod resources;
mod search;
mod transactions;
mod validator;
