//! What goes wrong with backups, in the words of this room.

use mecum_store::StoreError;
use mecum_store::maintenance::BackupError;

use crate::Failure;
use crate::failure::{chain, of_key};

/// Why a backup was not made, proven or restored.
pub(super) fn backup_failure(error: &BackupError) -> Failure {
    match error {
        BackupError::InTheWay(_) => Failure::Conflict(error.to_string()),
        BackupError::NotABackup(_) => Failure::malformed("structure", "", error.to_string()),
        BackupError::OtherKind(_) | BackupError::NoProgram(_) => Failure::Unsupported(error.to_string()),
        BackupError::Store(StoreError::Keys(key)) => of_key(key),
        _ => Failure::Broken(chain(error)),
    }
}
