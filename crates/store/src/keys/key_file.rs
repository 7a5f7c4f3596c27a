//! The key file: one line, `mecum-installation-key` and the recovery code, readable for its user alone.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use super::error::at;
use super::{InstallationKey, KeyError, durable};

const HEADER: &str = "mecum-installation-key ";
const MAX_BYTES: u64 = 1024;

/// Where an installation's key file lies unless said otherwise: `<config>/mecum/<installation id>.key`.
#[must_use]
pub fn default_key_file(config_folder: &Path, installation_id: &str) -> PathBuf {
    config_folder.join("mecum").join(format!("{installation_id}.key"))
}

/// Reads the key of a file that nobody else may read.
///
/// # Errors
/// [`KeyError::NoKeyFile`], [`KeyError::KeyFileNotPrivate`], [`KeyError::NotAKeyFile`] or [`KeyError::Io`].
pub fn read_key_file(path: &Path) -> Result<InstallationKey, KeyError> {
    let file = match File::open(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Err(KeyError::NoKeyFile(path.to_owned())),
        opened => opened.map_err(at(path))?,
    };
    refuse_unless_private(path, &file.metadata().map_err(at(path))?)?;
    let mut text = Zeroizing::new(String::with_capacity(MAX_BYTES as usize));
    match file.take(MAX_BYTES).read_to_string(&mut text) {
        Err(error) if error.kind() == io::ErrorKind::InvalidData => {}
        read => drop(read.map_err(at(path))?),
    }
    let code = text.strip_prefix(HEADER).and_then(|code| code.strip_suffix('\n'));
    let key = code.and_then(|code| InstallationKey::from_recovery_code(code).ok());
    key.ok_or_else(|| KeyError::NotAKeyFile(path.to_owned()))
}

/// Writes a key to a file, mode 0600, whole or not at all and for good; makes the folders above it.
///
/// # Errors
/// [`KeyError::KeyFileExists`] when there is one, [`KeyError::Io`] when it cannot be written.
pub fn write_key_file(path: &Path, key: &InstallationKey) -> Result<(), KeyError> {
    match durable::write_new(path, line(key).as_bytes()) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Err(KeyError::KeyFileExists(path.to_owned())),
        written => written.map_err(at(path)),
    }
}

/// As [`write_key_file`], over a file that may be there.
pub(super) fn replace_key_file(path: &Path, key: &InstallationKey) -> Result<(), KeyError> {
    durable::write_over(path, line(key).as_bytes()).map_err(at(path))
}

fn line(key: &InstallationKey) -> Zeroizing<String> {
    let code = key.recovery_code();
    let mut line = Zeroizing::new(String::with_capacity(HEADER.len() + code.len() + 1));
    line.push_str(HEADER);
    line.push_str(&code);
    line.push('\n');
    line
}

#[cfg(unix)]
fn refuse_unless_private(path: &Path, metadata: &fs::Metadata) -> Result<(), KeyError> {
    use std::os::unix::fs::PermissionsExt;
    match metadata.permissions().mode() & 0o777 {
        mode if mode & 0o077 == 0 => Ok(()),
        mode => Err(KeyError::KeyFileNotPrivate { path: path.to_owned(), mode }),
    }
}

#[cfg(not(unix))]
#[expect(clippy::unnecessary_wraps, reason = "elsewhere than on Unix the user's own folder decides")]
fn refuse_unless_private(_: &Path, _: &fs::Metadata) -> Result<(), KeyError> {
    Ok(())
}
