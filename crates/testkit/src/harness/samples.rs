//! Where the real sample files are; they are no part of the project.

use std::path::{Path, PathBuf};

/// The folder of sample files: `MECUM_SAMPLES`, else `../shared/data` beside the workspace. `None`, with a printed line, when there is
/// none and the test has to pass over.
///
/// # Panics
/// When there is none and `CI=true`.
#[must_use]
pub fn samples() -> Option<PathBuf> {
    let beside = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data");
    let folder = std::env::var_os("MECUM_SAMPLES").map_or_else(beside, PathBuf::from);
    if folder.is_dir() {
        return Some(folder);
    }
    assert!(!super::is_ci(), "there are no sample files: set MECUM_SAMPLES to their folder");
    println!("passing over: there are no sample files (MECUM_SAMPLES)");
    None
}
