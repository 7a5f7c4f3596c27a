//! Restoring a backup to a place where nothing is yet.

use std::fs;
use std::path::Path;

use super::backup::{BackupListener, BackupProgress, INSTALLATION_FILE};
use super::backup_error::{BackupError, at};
use super::backup_files::{BackedUp, copy_file, names_in, sync_folders};
use super::backup_manifest::{KeptManifest, Kind};
use super::backup_verify::{BackupVerified, prove};
use crate::Store;
use crate::keys::{InstallationKey, durable};
use crate::open::{BLOBS_FOLDER, Place, Workload};

/// Restores a backup to a data folder that is empty or not there, and verifies what was restored; for PostgreSQL, to a database without
/// our schemas. `installation.json` comes last: a folder without it is no installation.
///
/// # Errors
/// [`BackupError::InTheWay`]; [`BackupError::Unsound`] and a wrong key, after which the data folder is empty again.
pub fn restore_backup(
    folder: &Path,
    (place, installation_folder): (&Place, &Path),
    key: &InstallationKey,
    now_us: i64,
    progress: BackupListener<'_>,
) -> Result<BackupVerified, BackupError> {
    let kept = KeptManifest::read(folder)?;
    let kind = match place {
        Place::Folder(_) => Kind::Folder,
        Place::Postgres { .. } => Kind::Postgres,
    };
    if kept.manifest.kind != kind {
        return Err(BackupError::OtherKind(kept.manifest.kind.word()));
    }
    if !names_in(installation_folder).map_err(at(installation_folder))?.is_empty() {
        return Err(BackupError::InTheWay(installation_folder.to_owned()));
    }
    durable::create_folder(installation_folder).map_err(at(installation_folder))?;
    let restored = bring_back(folder, &kept, (place, installation_folder), key, (now_us, progress));
    if restored.is_err() {
        // It was empty before; that something could not be removed is less than what went wrong.
        let _ = fs::remove_dir_all(installation_folder);
    }
    restored
}

fn bring_back(
    folder: &Path,
    kept: &KeptManifest,
    (place, to): (&Place, &Path),
    key: &InstallationKey,
    (now_us, progress): (i64, BackupListener<'_>),
) -> Result<BackupVerified, BackupError> {
    let mut verified = BackupVerified { created_at_us: kept.manifest.created_at_us, ..BackupVerified::default() };
    let (last, first): (Vec<&BackedUp>, Vec<&BackedUp>) =
        kept.manifest.files.iter().partition(|file| file.path == INSTALLATION_FILE);
    let n_total = kept.manifest.files.len() as u64;
    for file in first {
        bring_file(folder, file, (place, to), &mut verified)?;
        progress(BackupProgress { part: "files", n_done: verified.n_files, n_total });
    }
    refuse_unsound(&verified)?;
    sync_folders(to, &kept.manifest.files)?;
    if let Place::Postgres { url, .. } = place {
        super::backup_postgres::load(url, folder, progress)?;
    }
    prove(&Store::open(place, key, Workload::COMMAND, now_us)?, kept, &mut verified, progress)?;
    refuse_unsound(&verified)?;
    for file in last {
        bring_file(folder, file, (place, to), &mut verified)?;
    }
    refuse_unsound(&verified)?;
    durable::sync_folder(to).map_err(at(to))?;
    Ok(verified)
}

/// Copies one file to where it belongs, if that is a folder, and compares it with the manifest on the way.
fn bring_file(
    folder: &Path,
    file: &BackedUp,
    (place, to): (&Place, &Path),
    verified: &mut BackupVerified,
) -> Result<(), BackupError> {
    let from = folder.join(&file.path);
    let found = match (place, file.path.strip_prefix(BLOBS_FOLDER).and_then(|path| path.strip_prefix('/'))) {
        (Place::Postgres { blobs, .. }, Some(name)) => {
            BackedUp { path: file.path.clone(), ..copy_file(&from, (blobs, name))? }
        }
        (Place::Postgres { .. }, None) if file.path != INSTALLATION_FILE => {
            super::backup_files::describe(folder, &file.path)?
        }
        _ => copy_file(&from, (to, &file.path))?,
    };
    verified.n_files += 1;
    verified.n_bytes += file.size_bytes;
    if found != *file {
        verified.add(format!("{} is altered", file.path));
    }
    Ok(())
}

fn refuse_unsound(verified: &BackupVerified) -> Result<(), BackupError> {
    if verified.is_whole() { Ok(()) } else { Err(BackupError::Unsound(verified.findings.clone())) }
}
