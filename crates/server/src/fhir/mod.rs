//! One file per interaction or operation of the API.

pub(crate) mod create;
pub(crate) mod definitions;
pub(crate) mod delete;
pub(crate) mod export;
mod export_parameters;
pub(crate) mod history;
pub(crate) mod import;
pub(crate) mod job;
pub(crate) mod metadata;
pub(crate) mod projected;
pub(crate) mod read;
pub(crate) mod transaction;
pub(crate) mod update;
