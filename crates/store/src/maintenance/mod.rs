//! The one part of the store that reads health data without a permit, named for what it is (I2): proof, backup, copy.
//!
//! Nothing here gives health data to anyone: verification answers with findings, a backup with sealed files.

mod backup;
mod backup_error;
mod backup_files;
mod backup_manifest;
mod backup_postgres;
mod backup_restore;
mod backup_verify;
mod verify;
mod verify_access;
mod verify_entries;
mod verify_index;
mod verify_people;
mod verify_strays;
mod verify_sums;
mod verify_versions;

pub use backup::{BackupListener, BackupProgress};
pub use backup_error::BackupError;
pub use backup_restore::restore_backup;
pub use backup_verify::{BackupVerified, verify_backup};
pub use verify::{Finding, Verified};
