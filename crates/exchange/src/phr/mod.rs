//! Files of resources: `.phr`, `.ndjson`, and any JSON that is a resource or a Bundle (PHR-2, PHR-3, PHR-7, PHR-8, PHR-11).
//!
//! - [`open()`]: lines or one JSON value, told from the content; [`File`] gives the items of either.
//! - [`Reader`]: the items of lines, in memory bounded by the longest line.
//! - [`Ending`], [`Completeness`]: what can be told at the end.

mod ending;
mod open;
mod reader;

use mecum_fhir::json;

pub use ending::{Completeness, Ending};
pub use open::{File, OpenError, Peeked, open};
pub use reader::Reader;

/// Bounds on what is read.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// On a line, and on any one resource.
    pub line: json::Limits,
    /// On a file that is one JSON value, which is read into memory: at most about three times `max_bytes` are in use.
    pub whole: json::Limits,
}

impl Default for Limits {
    /// 64 MiB a line (PHR-7), 512 MiB a file that is one JSON value.
    fn default() -> Self {
        let line = json::Limits::default();
        Self { line, whole: json::Limits { max_bytes: 512 << 20, max_nodes: 32 << 20, ..line } }
    }
}
