//! The standard's interactions, one file each: decide, act, release.

mod binary;
mod create;
mod delete;
mod history;
mod prepare;
mod read;
mod read_in;
pub mod search;
mod subject;
pub mod transaction;
mod update;
mod vread;

pub use binary::{BinaryContent, binary_content};
pub(crate) use create::{is_directory_type, words};
pub use mecum_store::Cursor;

pub use create::{Created, create, create_unless};
pub use delete::{Deleted, delete};
pub use history::{HistoryPage, HistoryQuery, instance_history, recent_history};
pub use read::read;
pub use read_in::read_in;
pub use subject::record_of_patient;
pub use update::{Updated, update};
pub use vread::vread;
