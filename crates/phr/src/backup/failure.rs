//! What goes wrong with backups, in the words of this room.

use mecum_store::StoreError;
use mecum_store::db::DbError;
use mecum_store::keys::KeyError;
use mecum_store::maintenance::BackupError;

use crate::Failure;
use crate::failure::chain;

/// Why a backup was not made, proven or restored.
pub(super) fn backup_failure(error: &BackupError) -> Failure {
    match error {
        BackupError::InTheWay(_) => Failure::Conflict(error.to_string()),
        BackupError::NotABackup(_) => Failure::malformed("structure", "", error.to_string()),
        BackupError::OtherKind(_) | BackupError::NoProgram(_) => Failure::Unsupported(error.to_string()),
        BackupError::Store(StoreError::Keys(key)) => key_failure(key),
        _ => Failure::Broken(chain(error)),
    }
}

/// Why a key does not open a backup: what a person can put right is a conflict, the rest a fault of the installation.
pub(super) fn key_failure(error: &KeyError) -> Failure {
    match error {
        KeyError::Db(DbError::Busy) => Failure::Busy(chain(error)),
        KeyError::Io { .. } | KeyError::Damaged { .. } | KeyError::Db(_) => Failure::Broken(chain(error)),
        _ => Failure::Conflict(chain(error)),
    }
}
