//! Noor, the child: birth, growth, vaccines that two sources remember differently, ears, and an asthma with a plan.

mod asthma;
mod birth;
mod growth;
mod practice;
mod registry;

use super::family::SourceFile;

/// All files about her, the oldest source first.
pub(crate) fn files(seed: u64) -> Vec<SourceFile> {
    vec![birth::file(seed), practice::file(seed), registry::file(seed), asthma::file(seed), asthma::diary(seed)]
}
