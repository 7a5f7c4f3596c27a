//! The one part of the store that reads health data without a permit, named for what it is (I2): proof, backup, copy.
//!
//! Nothing here gives health data to anyone: verification answers with findings, a backup with sealed files.

mod verify;
mod verify_access;
mod verify_index;
mod verify_strays;
mod verify_sums;
mod verify_versions;

pub use verify::{Finding, Verified};
