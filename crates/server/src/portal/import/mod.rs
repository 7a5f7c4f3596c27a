//! Bringing files in: choose, look what they would do, take them in, undo (IMP-1, IMP-6, PHR-59).
//!
//! - `upload`, `names`: the page to choose files, and taking them as they come
//! - `jobs`: files that are here and not yet an import; `work`: looking and importing beside the requests
//! - `job`: the page of one of those
//! - `one`: an import that has ended: its report, what it kept aside, its undo
//! - `told`: a report in words

mod job;
mod jobs;
mod names;
mod one;
mod told;
mod upload;
mod work;

pub(super) use job::{decide, job};
pub(crate) use jobs::Jobs;
pub(super) use one::{ask_undo, kept_aside_file, one, undo};
pub(super) use upload::{choose, receive};
