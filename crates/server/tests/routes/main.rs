//! The routes, tried through the router without a network: one file for each part of the route list.

mod exchange;
mod history;
mod house;
mod metadata;
mod refusals;
mod resources;
mod transactions;
