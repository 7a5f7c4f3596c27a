//! Files and folders that nobody else can read and that are still there after a power cut.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::Path;

use tempfile::{Builder, NamedTempFile};

/// Makes a folder for this user alone, with those above it, and writes every new entry through to the disk.
pub(crate) fn create_folder(folder: &Path) -> io::Result<()> {
    if folder.is_dir() {
        return Ok(());
    }
    let parent = folder_of(folder);
    create_folder(parent)?;
    match new_private_folder(folder) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists && folder.is_dir() => {}
        made => made?,
    }
    sync_folder(parent)
}

/// Writes the entries of a folder through: a new or renamed file is only then there for good.
pub(crate) fn sync_folder(folder: &Path) -> io::Result<()> {
    // Elsewhere than on Unix a folder cannot be opened, and the file system keeps its own order.
    if cfg!(unix) { File::open(folder)?.sync_all() } else { Ok(()) }
}

/// The folder a path lies in; the current one for a bare name.
pub(crate) fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// Writes a file whole or not at all, mode 0600, and refuses when there is one already.
pub(crate) fn write_new(path: &Path, content: &[u8]) -> io::Result<()> {
    let file = prepare(path, content)?;
    file.persist_noclobber(path).map_err(|failed| failed.error)?;
    sync_folder(folder_of(path))
}

/// Writes a file whole or not at all, mode 0600, in place of one that may be there.
pub(crate) fn write_over(path: &Path, content: &[u8]) -> io::Result<()> {
    let file = prepare(path, content)?;
    file.persist(path).map_err(|failed| failed.error)?;
    sync_folder(folder_of(path))
}

/// Puts one file in another's place, which is there under one of its two contents at every moment.
pub(crate) fn rename(from: &Path, to: &Path) -> io::Result<()> {
    fs::rename(from, to)?;
    sync_folder(folder_of(to))
}

/// A file beside `path`, private from its first moment (temporary files are made with mode 0600), written through.
fn prepare(path: &Path, content: &[u8]) -> io::Result<NamedTempFile> {
    create_folder(folder_of(path))?;
    let mut file = Builder::new().prefix(".new-").tempfile_in(folder_of(path))?;
    file.write_all(content)?;
    file.as_file().sync_all()?;
    Ok(file)
}

#[cfg(unix)]
fn new_private_folder(folder: &Path) -> io::Result<()> {
    use std::os::unix::fs::DirBuilderExt;
    fs::DirBuilder::new().mode(0o700).create(folder)
}

#[cfg(not(unix))]
fn new_private_folder(folder: &Path) -> io::Result<()> {
    fs::create_dir(folder)
}
