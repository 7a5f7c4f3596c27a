//! Copying the files of a backup to the disk for good, and what each is.

use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::Path;

use aws_lc_rs::digest::{Context, SHA256};

use super::backup::{BackupListener, BackupProgress};
use super::backup_error::{BackupError, at};
use crate::blobs::BlobName;
use crate::keys::durable;
use crate::open::{BLOBS_FOLDER, Place};

/// Bytes copied in one step.
const STEP_BYTES: usize = 256 << 10;

/// One file of a backup.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct BackedUp {
    /// Its path in the backup, parts separated by `/`.
    pub(super) path: String,
    pub(super) size_bytes: u64,
    /// Small hexadecimal digits.
    pub(super) sha256: String,
}

/// Copies a file into a folder under a name, to the disk for good.
pub(super) fn copy_file(from: &Path, (folder, name): (&Path, &str)) -> Result<BackedUp, BackupError> {
    let to = folder.join(name);
    let parent = durable::folder_of(&to);
    durable::create_folder(parent).map_err(at(parent))?;
    let mut source = File::open(from).map_err(at(from))?;
    let mut target = new_private_file(&to).map_err(at(&to))?;
    let (size_bytes, sha256) = pour(&mut source, &mut target).map_err(at(&to))?;
    target.sync_all().map_err(at(&to))?;
    Ok(BackedUp { path: name.to_owned(), size_bytes, sha256 })
}

/// Writes a file of another program's through to the disk.
pub(super) fn sync_file(path: &Path) -> Result<(), BackupError> {
    File::open(path).and_then(|file| file.sync_all()).map_err(at(path))
}

/// What a file of a folder is.
pub(super) fn describe(folder: &Path, name: &str) -> Result<BackedUp, BackupError> {
    let path = folder.join(name);
    let mut file = File::open(&path).map_err(at(&path))?;
    let (size_bytes, sha256) = pour(&mut file, &mut io::sink()).map_err(at(&path))?;
    Ok(BackedUp { path: name.to_owned(), size_bytes, sha256 })
}

fn pour(from: &mut dyn Read, to: &mut dyn Write) -> io::Result<(u64, String)> {
    let (mut digest, mut size_bytes) = (Context::new(&SHA256), 0);
    let mut buffer = vec![0; STEP_BYTES];
    loop {
        let n = match from.read(&mut buffer) {
            Ok(0) => break,
            Ok(n) => n,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        };
        digest.update(&buffer[..n]);
        to.write_all(&buffer[..n])?;
        size_bytes += n as u64;
    }
    to.flush()?;
    Ok((size_bytes, hex(digest.finish().as_ref())))
}

/// Copies every finished blob of a place. What is being written has no name yet and is left out.
pub(super) fn copy_blobs(
    place: &Place,
    folder: &Path,
    files: &mut Vec<BackedUp>,
    progress: BackupListener<'_>,
) -> Result<(), BackupError> {
    let source = match place {
        Place::Folder(data_folder) => data_folder.join(BLOBS_FOLDER),
        Place::Postgres { blobs, .. } => blobs.clone(),
    };
    // As an opened blob folder has it, so that looking into the backup changes nothing in it.
    let incoming = folder.join(BLOBS_FOLDER).join("incoming");
    durable::create_folder(&incoming).map_err(at(&incoming))?;
    let names = blob_paths(&source).map_err(at(&source))?;
    let (mut n_done, n_total) = (0, names.len() as u64);
    for name in names {
        let path = format!("{BLOBS_FOLDER}/{name}");
        match copy_file(&source.join(&name), (folder, &path)) {
            Ok(file) => files.push(file),
            // It was erased a moment ago.
            Err(BackupError::Io { source: error, .. }) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(error),
        }
        n_done += 1;
        progress(BackupProgress { part: "blobs", n_done, n_total });
    }
    sync_folders(folder, files)
}

/// Writes the entries of all folders of these files through.
pub(super) fn sync_folders(folder: &Path, files: &[BackedUp]) -> Result<(), BackupError> {
    let mut folders: Vec<_> =
        files.iter().filter_map(|file| Some(folder.join(&file.path).parent()?.to_owned())).collect();
    folders.sort_unstable();
    folders.dedup();
    folders
        .iter()
        .filter(|folder| folder.is_dir())
        .try_for_each(|folder| durable::sync_folder(folder).map_err(at(folder)))
}

/// `<record>/<two digits>/<name>` of every blob, sorted.
fn blob_paths(blobs: &Path) -> io::Result<Vec<String>> {
    let mut paths = Vec::new();
    for record in names_in(blobs)?.into_iter().filter(|name| name.parse::<i64>().is_ok()) {
        for shelf in names_in(&blobs.join(&record))? {
            let names = names_in(&blobs.join(&record).join(&shelf))?;
            let named = names.into_iter().filter(|name| name.parse::<BlobName>().is_ok());
            paths.extend(named.map(|name| format!("{record}/{shelf}/{name}")));
        }
    }
    Ok(paths)
}

/// The names in a folder, sorted; none when it is not there, or no folder.
pub(super) fn names_in(folder: &Path) -> io::Result<Vec<String>> {
    let entries = match fs::read_dir(folder) {
        Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => {
            return Ok(Vec::new());
        }
        entries => entries?,
    };
    let mut names = Vec::new();
    for entry in entries {
        names.extend(entry?.file_name().into_string());
    }
    names.sort_unstable();
    Ok(names)
}

fn new_private_file(path: &Path) -> io::Result<File> {
    let mut options = File::options();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

/// Small hexadecimal digits.
pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
