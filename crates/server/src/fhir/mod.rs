//! One file per interaction or operation of the API.

pub(crate) mod create;
pub(crate) mod definitions;
pub(crate) mod delete;
pub(crate) mod everything;
pub(crate) mod export;
mod export_parameters;
pub(crate) mod history;
pub(crate) mod import;
pub(crate) mod job;
pub(crate) mod metadata;
mod metadata_search;
pub(crate) mod projected;
pub(crate) mod read;
pub(crate) mod search;
mod searchset;
pub(crate) mod transaction;
pub(crate) mod update;
