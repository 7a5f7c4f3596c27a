//! A copy of a live database under the same key, made page by page while others write.

use std::fs::File;
use std::path::{Path, PathBuf};

use rusqlite::backup::{Backup, StepResult};

use super::{Place, Sqlite, open};
use crate::db::DbError;

/// Pages copied at a time, between two reports of progress; 4 KiB each.
const STEP_PAGES: i32 = 512;

impl Sqlite {
    /// Copies one state of the database to a new file, which appears under its name only when it is whole and on the disk.
    pub(in crate::db) fn backup_to(&self, path: &Path, progress: &mut dyn FnMut(u64, u64)) -> Result<(), DbError> {
        if path.exists() {
            return Err(DbError::Other("a file with the backup's name is there already".to_owned()));
        }
        let partial = beside(path, ".partial");
        // What an earlier attempt left.
        let _ = std::fs::remove_file(&partial);
        let copied = copy(&self.0.file, &partial, progress).and_then(|()| settle(&partial, path));
        if copied.is_err() {
            let _ = std::fs::remove_file(&partial);
        }
        copied
    }
}

fn copy(place: &Place, partial: &Path, progress: &mut dyn FnMut(u64, u64)) -> Result<(), DbError> {
    let source = open::reader(place)?;
    // One snapshot for the whole copy. Without it every commit of somebody else would start the copy anew.
    source.run("BEGIN DEFERRED")?;
    source.raw().query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get::<_, i64>(0))?;
    let page_bytes: u64 = source.raw().query_row("PRAGMA page_size", [], |row| row.get::<_, u32>(0))?.into();
    open::refuse_or_make_file(partial, true)?;
    let mut target = open::unlocked(partial, &place.key, place.patience())?;
    // The file counts only once it is whole, so it needs no journal of its own.
    target.execute_batch("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;")?;
    let backup = Backup::new(source.raw(), &mut target)?;
    loop {
        let step = backup.step(STEP_PAGES)?;
        let pages = backup.progress();
        let bytes = |n_pages: i32| u64::try_from(n_pages).unwrap_or(0) * page_bytes;
        progress(bytes(pages.pagecount - pages.remaining), bytes(pages.pagecount));
        match step {
            StepResult::Done => break,
            StepResult::More => {}
            _ => return Err(DbError::Busy),
        }
    }
    drop(backup);
    target.close().map_err(|(_, error)| error.into())
}

/// Brings the copy to the disk and gives it its name.
fn settle(partial: &Path, path: &Path) -> Result<(), DbError> {
    open::refuse_plain(partial)?;
    let to_disk = || {
        File::open(partial)?.sync_all()?;
        std::fs::rename(partial, path)?;
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        File::open(folder)?.sync_all()
    };
    to_disk().map_err(|error| DbError::from_io(&error))
}

fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    PathBuf::from(name)
}
