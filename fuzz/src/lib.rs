//! One function for each reader of foreign bytes: it reads whatever it is given and panics if something is not as promised.
//!
//! The fuzz targets call them with made-up bytes, and a test of the main workspace with the seeds. A new reader is a function
//! here, its name in [`TARGETS`], a file in `fuzz_targets` with its section in `Cargo.toml`, and seeds.

mod archive;
mod envelope;
mod lines;
mod query;
mod text;

pub use archive::archive;
pub use envelope::{envelope, repeatable};
pub use lines::{bundle, lines};
pub use query::query;
pub use text::{date, json, resource};

/// Reads these bytes; panics if something is not as promised.
pub type Target = fn(&[u8]);

/// Every target with the name of its seeds' folder.
pub const TARGETS: [(&str, Target); 8] = [
    ("json", json),
    ("resource", resource),
    ("lines", lines),
    ("bundle", bundle),
    ("date", date),
    ("archive", archive),
    ("envelope", envelope),
    ("query", query),
];
