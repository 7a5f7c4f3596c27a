//! Where sealed files lie: `<folder>/<record>/<two digits>/<name>`, and unfinished ones in `<folder>/incoming`.

use std::fs::{self, File, TryLockError};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use mecum_record::ids::RecordId;
use tempfile::{Builder, NamedTempFile};

use super::BlobName;
use crate::keys::durable::{create_folder, sync_folder};

const INCOMING: &str = "incoming";

/// The folder of all blobs.
#[derive(Clone)]
pub(super) struct Folder(Arc<Path>);

/// A file that is being written; it vanishes unless it is kept.
pub(super) struct Incoming(NamedTempFile);

impl Write for Incoming {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

impl Folder {
    pub(super) fn open(folder: &Path) -> io::Result<Self> {
        create_folder(&folder.join(INCOMING))?;
        Ok(Self(folder.into()))
    }

    /// Begins a file, mode 0600 and locked, so that sweeping knows it is being written.
    pub(super) fn begin(&self) -> io::Result<Incoming> {
        let file = Builder::new().prefix("blob-").tempfile_in(self.0.join(INCOMING))?;
        file.as_file().lock_shared()?;
        Ok(Incoming(file))
    }

    /// A file without a name.
    pub(super) fn scratch(&self) -> io::Result<File> {
        tempfile::tempfile_in(self.0.join(INCOMING))
    }

    /// Gives a finished file its name, for good; it takes the place of one that is there.
    pub(super) fn keep(&self, incoming: Incoming, record: RecordId, name: BlobName) -> io::Result<()> {
        incoming.0.as_file().sync_all()?;
        create_folder(&self.shelf(record, name))?;
        incoming.0.persist(self.path(record, name)).map_err(|failed| failed.error)?;
        self.settle(record, name)
    }

    /// Makes sure that a name which is there stays there, whoever wrote it a moment ago.
    pub(super) fn settle(&self, record: RecordId, name: BlobName) -> io::Result<()> {
        sync_folder(&self.shelf(record, name))?;
        sync_folder(&self.of_record(record))?;
        sync_folder(&self.0)
    }

    pub(super) fn open_file(&self, record: RecordId, name: BlobName) -> io::Result<File> {
        File::open(self.path(record, name))
    }

    pub(super) fn names(&self, record: RecordId) -> io::Result<Vec<BlobName>> {
        let mut names = Vec::new();
        for shelf in entries(&self.of_record(record))? {
            for file in entries(&shelf?)? {
                names.extend(named::<BlobName>(&file?));
            }
        }
        names.sort_unstable();
        Ok(names)
    }

    pub(super) fn records(&self) -> io::Result<Vec<RecordId>> {
        let mut records = Vec::new();
        for folder in entries(&self.0)? {
            records.extend(named(&folder?).map(RecordId));
        }
        records.sort_unstable();
        Ok(records)
    }

    pub(super) fn remove(&self, record: RecordId, name: BlobName) -> io::Result<bool> {
        let was_there = found(fs::remove_file(self.path(record, name)))?;
        if was_there {
            sync_folder(&self.shelf(record, name))?;
        }
        Ok(was_there)
    }

    pub(super) fn remove_record(&self, record: RecordId) -> io::Result<bool> {
        let was_there = found(fs::remove_dir_all(self.of_record(record)))?;
        sync_folder(&self.0)?;
        Ok(was_there)
    }

    pub(super) fn sweep(&self, idle: Duration) -> io::Result<usize> {
        let mut swept = 0;
        for path in entries(&self.0.join(INCOMING))? {
            if remove_abandoned(&path?, idle)? {
                swept += 1;
            }
        }
        Ok(swept)
    }

    fn of_record(&self, record: RecordId) -> PathBuf {
        self.0.join(record.to_string())
    }

    /// One of 256 folders of a record, so that none grows too long.
    fn shelf(&self, record: RecordId, name: BlobName) -> PathBuf {
        self.of_record(record).join(format!("{:02x}", name.as_bytes()[0]))
    }

    fn path(&self, record: RecordId, name: BlobName) -> PathBuf {
        self.shelf(record, name).join(name.to_string())
    }
}

/// The paths in a folder; none when it is not there, or no folder.
fn entries(folder: &Path) -> io::Result<impl Iterator<Item = io::Result<PathBuf>>> {
    let entries = match fs::read_dir(folder) {
        Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => None,
        read => Some(read?),
    };
    Ok(entries.into_iter().flatten().map(|entry| Ok(entry?.path())))
}

/// What a file is called, if that is a name of ours; anything else in the folder is not.
fn named<T: std::str::FromStr>(path: &Path) -> Option<T> {
    path.file_name()?.to_str()?.parse().ok()
}

fn found(removed: io::Result<()>) -> io::Result<bool> {
    match removed {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        removed => removed.map(|()| true),
    }
}

/// Removes an unfinished file that is old enough and that no process holds; returns whether it did.
fn remove_abandoned(path: &Path, idle: Duration) -> io::Result<bool> {
    let Ok(file) = File::open(path) else { return Ok(false) };
    let is_idle = file.metadata()?.modified()?.elapsed().is_ok_and(|elapsed| elapsed >= idle);
    match file.try_lock() {
        Ok(()) if is_idle => found(fs::remove_file(path)),
        Ok(()) | Err(TryLockError::WouldBlock) => Ok(false),
        Err(TryLockError::Error(error)) => Err(error),
    }
}
