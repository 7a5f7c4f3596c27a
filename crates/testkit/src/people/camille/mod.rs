//! Camille, the mother: a pregnancy in 2016 and 2017, a thyroid that tired afterwards, a hard winter, migraine, and
//! what she writes down herself.

mod maternity;
mod notebook;
mod phone;
mod practice;
mod thyroid;

use super::family::SourceFile;

pub(crate) use phone::POCKET;

/// All files about her, the oldest source first.
pub(crate) fn files(seed: u64) -> Vec<SourceFile> {
    vec![practice::file(seed), maternity::file(seed), notebook::file(seed), phone::file(seed)]
}
