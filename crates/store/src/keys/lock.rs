//! A lock file beside the embedded key store: many may have it open, or one may rotate its keys.

use std::ffi::OsString;
use std::fs::{File, OpenOptions, TryLockError};
use std::path::{Path, PathBuf};

use super::error::at;
use super::{KeyError, durable};

/// A lock that ends when it is dropped, or with its process.
pub(super) struct Lock {
    _file: File,
}

impl Lock {
    /// Taken by all who use the key store.
    pub(super) fn shared(key_store: &Path) -> Result<Self, KeyError> {
        let (path, file) = open(key_store)?;
        taken(&path, file.try_lock_shared())?;
        Ok(Self { _file: file })
    }

    /// Taken by the one who puts another file in its place.
    pub(super) fn exclusive(key_store: &Path) -> Result<Self, KeyError> {
        let (path, file) = open(key_store)?;
        taken(&path, file.try_lock())?;
        Ok(Self { _file: file })
    }
}

fn open(key_store: &Path) -> Result<(PathBuf, File), KeyError> {
    let folder = durable::folder_of(key_store);
    durable::create_folder(folder).map_err(at(folder))?;
    let mut path = OsString::from(key_store);
    path.push("-open");
    let path = PathBuf::from(path);
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let file = options.open(&path).map_err(at(&path))?;
    Ok((path, file))
}

fn taken(path: &Path, lock: Result<(), TryLockError>) -> Result<(), KeyError> {
    match lock {
        Ok(()) => Ok(()),
        Err(TryLockError::WouldBlock) => Err(KeyError::InUse),
        Err(TryLockError::Error(error)) => Err(at(path)(error)),
    }
}
