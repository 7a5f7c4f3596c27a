//! Where the installation key comes from, and how the next one waits beside it while keys are rotated.
//!
//! Rotation has one moment at which the key store changes from the old key to the new one. Before it, the new key is written down as
//! *staged*; after it, promoted. A crash between leaves two keys of which one fits, and opening the key store finds out which.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};

use super::error::at;
use super::key_file::{read_key_file, replace_key_file, write_key_file};
use super::passphrase::{Passphrase, Stretching, refuse_if_short};
use super::{Installation, InstallationKey, KeyError, durable, installation};

/// Where the installation key comes from.
pub enum KeySource {
    /// The key file, which is never inside the data folder.
    File(PathBuf),
    /// What somebody typed, with the salt in the data folder's `installation.json`.
    Passphrase {
        /// As it was typed.
        passphrase: Passphrase,
        /// The folder `installation.json` is in.
        data_folder: PathBuf,
    },
}

impl KeySource {
    /// Makes the first key: a random one in a new file, or the passphrase's with a new salt.
    ///
    /// # Errors
    /// [`KeyError::KeyFileExists`]; [`KeyError::PassphraseTooShort`]; [`KeyError::Io`].
    pub fn create(&self) -> Result<InstallationKey, KeyError> {
        match self {
            Self::File(path) => {
                let key = InstallationKey::generate();
                write_key_file(path, &key)?;
                Ok(key)
            }
            Self::Passphrase { passphrase, .. } => {
                let path = self.path();
                // Another salt would be another key, and the way to what is kept would be lost.
                if existing(&path)?.has_passphrase() {
                    Err(KeyError::KeyFileExists(path))
                } else {
                    restretch(passphrase, &path, &path)
                }
            }
        }
    }

    /// The key as it is now.
    ///
    /// # Errors
    /// Those of [`super::read_key_file`], [`KeyError::NotAnInstallation`] or [`KeyError::NoPassphrase`].
    pub fn read(&self) -> Result<InstallationKey, KeyError> {
        self.read_at(&self.path())
    }

    /// Opens something with the key, or with the one that a rotation has staged if only that fits, and then puts it in its place.
    ///
    /// # Errors
    /// Those of [`KeySource::read`], and whatever `open` returns.
    pub fn unlock<T>(&self, mut open: impl FnMut(&InstallationKey) -> Result<T, KeyError>) -> Result<T, KeyError> {
        let refused = match self.read().and_then(|key| open(&key)) {
            Err(KeyError::WrongInstallationKey) => KeyError::WrongInstallationKey,
            Err(missing @ (KeyError::NoKeyFile(_) | KeyError::NoPassphrase)) => missing,
            opened => return opened,
        };
        let Some(staged) = self.read_staged()? else { return Err(refused) };
        match open(&staged) {
            Err(KeyError::WrongInstallationKey) => Err(refused),
            Err(error) => Err(error),
            Ok(opened) => {
                self.promote()?;
                Ok(opened)
            }
        }
    }

    /// Writes the next key beside the place it will take, which is the current key's or nobody's.
    pub(super) fn stage(&self, current: &InstallationKey) -> Result<InstallationKey, KeyError> {
        match self {
            Self::File(path) => {
                match read_key_file(path) {
                    Ok(found) if !found.is_same(current) => return Err(KeyError::KeyFileExists(path.clone())),
                    Ok(_) | Err(KeyError::NoKeyFile(_)) => {}
                    Err(error) => return Err(error),
                }
                let key = InstallationKey::generate();
                replace_key_file(&self.staged_path(), &key)?;
                Ok(key)
            }
            Self::Passphrase { passphrase, .. } => restretch(passphrase, &self.path(), &self.staged_path()),
        }
    }

    /// The key that a rotation has staged and not promoted, if there is one.
    pub(super) fn read_staged(&self) -> Result<Option<InstallationKey>, KeyError> {
        let path = self.staged_path();
        if fs::exists(&path).map_err(at(&path))? { self.read_at(&path).map(Some) } else { Ok(None) }
    }

    /// Puts the staged key in the place of the old one.
    pub(super) fn promote(&self) -> Result<(), KeyError> {
        durable::rename(&self.staged_path(), &self.path()).map_err(at(&self.path()))
    }

    fn read_at(&self, path: &Path) -> Result<InstallationKey, KeyError> {
        match self {
            Self::File(_) => read_key_file(path),
            Self::Passphrase { passphrase, .. } => {
                let stretching = existing(path)?.stretching.ok_or(KeyError::NoPassphrase)?;
                Ok(stretching.stretch(passphrase))
            }
        }
    }

    /// The file that a rotation changes.
    fn path(&self) -> PathBuf {
        match self {
            Self::File(path) => path.clone(),
            Self::Passphrase { data_folder, .. } => installation::path(data_folder),
        }
    }

    fn staged_path(&self) -> PathBuf {
        let mut path = OsString::from(self.path());
        path.push(".next");
        path.into()
    }
}

/// Gives the installation in `from` a new salt, writes it to `to` and returns the key it makes of the passphrase.
fn restretch(passphrase: &Passphrase, from: &Path, to: &Path) -> Result<InstallationKey, KeyError> {
    refuse_if_short(passphrase)?;
    let mut installation = existing(from)?;
    let stretching = Stretching::generate();
    let key = stretching.stretch(passphrase);
    installation.stretching = Some(stretching);
    installation.write_file(to)?;
    Ok(key)
}

fn existing(path: &Path) -> Result<Installation, KeyError> {
    Installation::read_file(path)?.ok_or_else(|| KeyError::NotAnInstallation(path.to_owned()))
}
