//! What can be wrong with keys. No message ever holds a key, a passphrase or a part of one.

use std::io;
use std::path::{Path, PathBuf};

use mecum_record::ids::RecordId;

use super::RecoveryCodeError;
use crate::db::DbError;

/// Why a key could not be made, found, read or used.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// A file or folder of keys could not be read or written.
    #[error("{}: {source}", path.display())]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// There is no key file at the place named.
    #[error("there is no key file {}; restore it with the recovery code", .0.display())]
    NoKeyFile(PathBuf),
    /// A key file or salt is never overwritten by another: the old one may be the only way to someone's record.
    #[error("{} holds a key already and is not overwritten", .0.display())]
    KeyFileExists(PathBuf),
    /// Others than its user can read or write the key file.
    #[error("others may read the key file {path} (mode {mode:04o}); run: chmod 600 {path}", path = path.display())]
    KeyFileNotPrivate {
        /// The key file.
        path: PathBuf,
        /// Its permission bits.
        mode: u32,
    },
    /// The file holds something else, or its checksum is wrong.
    #[error("{} is not a whole key file of this program", .0.display())]
    NotAKeyFile(PathBuf),
    /// The recovery code cannot be right.
    #[error(transparent)]
    RecoveryCode(#[from] RecoveryCodeError),
    /// The folder's `installation.json` is missing or not one.
    #[error("{} is not an installation file of this program", .0.display())]
    NotAnInstallation(PathBuf),
    /// The installation has no passphrase set; its key is in a file.
    #[error("this installation has a key file and no passphrase")]
    NoPassphrase,
    /// A new passphrase that is too short to keep a record safe.
    #[error("a passphrase has at least {min_chars} characters")]
    PassphraseTooShort {
        /// The least number of characters.
        min_chars: usize,
    },
    /// The key, or what the passphrase makes, is not the one the key store is wrapped with.
    #[error("this is not the installation key, or not the passphrase, that this key store was made with")]
    WrongInstallationKey,
    /// Another process has rotated the keys since this one was started.
    #[error("the installation key was rotated by another process: start again with the new one")]
    KeysRotated,
    /// Another process has the embedded key store open, or rotates its keys.
    #[error("the key store is in use: keys are rotated only while nothing else is running, the server included")]
    InUse,
    /// The record was never made here, or it was erased.
    #[error("there is no key for record {0}: it was erased, or is not of this key store")]
    NoRecordKey(RecordId),
    /// A row was altered, or moved from another name.
    #[error("the wrapped key {name} is damaged: restore a backup of the key store")]
    Damaged {
        /// The row's name, which is not secret.
        name: String,
    },
    /// The database of the key store refused or failed.
    #[error("the key store: {0}")]
    Db(#[from] DbError),
}

/// Adds the path to what the system says.
pub(super) fn at(path: &Path) -> impl FnOnce(io::Error) -> KeyError {
    move |source| KeyError::Io { path: path.to_owned(), source }
}
