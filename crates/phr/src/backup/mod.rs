//! Backups of a whole installation: made while it is in use, proven, and restored elsewhere (design §4, §5).
//!
//! A backup holds no installation key: proving and restoring ask for the key file, the passphrase or the recovery code.

mod failure;

use std::path::{Path, PathBuf};

use mecum_record::caller::Caller;
use mecum_store::keys::{InstallationKey, KeySource, Passphrase};
use mecum_store::maintenance::{restore_backup, verify_backup};
use mecum_store::{BLOBS_FOLDER, Place};
use zeroize::Zeroizing;

use crate::installation::Site;
use crate::moment::Clock;
use crate::{Failure, Phr, SystemClock};
use failure::backup_failure;

pub use mecum_store::maintenance::{BackupListener, BackupProgress, BackupVerified};

/// Lines of the access log that wait before they are written.
const FLUSH_EVERY: usize = 1000;

/// What opens a backup.
pub enum BackupKey {
    /// The key file of the installation it was made of.
    File(PathBuf),
    /// The recovery code of that key, as it was typed.
    RecoveryCode(Zeroizing<String>),
    /// The passphrase of that installation; its salt is in the backup.
    Typed(Passphrase),
}

/// Writes a backup into a new folder in `to`, while others go on working, notes it in every record's access log, and gives that folder.
///
/// # Errors
/// [`Failure::Forbidden`] for anybody but the operator; [`Failure::Unsupported`] when a program of PostgreSQL's is not installed;
/// what the disk says. Nothing is left behind then.
pub fn create(
    phr: &Phr,
    caller: &Caller,
    site: &Site,
    to: &Path,
    progress: BackupListener<'_>,
) -> Result<PathBuf, Failure> {
    if !matches!(caller, Caller::Operator { .. } | Caller::Job { .. }) {
        return Err(Failure::Forbidden(mecum_record::access::Denied::OutOfScope));
    }
    let folder = phr
        .store()
        .backup((&place(site), &site.data_folder), to, phr.now_us(), progress)
        .map_err(|error| backup_failure(&error))?;
    for (at, record) in phr.store().record_numbers()?.into_iter().filter(|record| !record.is_directory()).enumerate() {
        phr.desk().note_event(caller, record, "backup made", phr.now_us());
        if at % FLUSH_EVERY == FLUSH_EVERY - 1 {
            phr.flush_access_log()?;
        }
    }
    phr.flush_access_log()?;
    Ok(folder)
}

/// Proves a backup: every file against its manifest, and every record in it. Dumps of PostgreSQL are compared with the manifest alone;
/// what is in them is proven when they are restored.
///
/// # Errors
/// What keeps it from looking, e.g. a wrong key; what it finds is in the answer.
pub fn verify(folder: &Path, key: BackupKey, progress: BackupListener<'_>) -> Result<BackupVerified, Failure> {
    let key = installation_key(folder, key)?;
    verify_backup(folder, &key, SystemClock.now_us(), progress).map_err(|error| backup_failure(&error))
}

/// Restores a backup to a site whose data folder is empty or not there, and proves what was restored. The key is not written anywhere:
/// [`crate::installation::Installation::restore_key`] does that.
///
/// # Errors
/// [`Failure::Conflict`] when there is something already; a wrong key; a damaged backup. Nothing is left in the folder then.
pub fn restore(
    folder: &Path,
    site: &Site,
    key: BackupKey,
    progress: BackupListener<'_>,
) -> Result<BackupVerified, Failure> {
    let key = installation_key(folder, key)?;
    restore_backup(folder, (&place(site), &site.data_folder), &key, SystemClock.now_us(), progress)
        .map_err(|error| backup_failure(&error))
}

fn installation_key(folder: &Path, key: BackupKey) -> Result<InstallationKey, Failure> {
    let key = match key {
        BackupKey::File(path) => KeySource::File(path).read(),
        BackupKey::RecoveryCode(code) => InstallationKey::from_recovery_code(&code).map_err(Into::into),
        BackupKey::Typed(passphrase) => KeySource::Passphrase { passphrase, data_folder: folder.to_owned() }.read(),
    };
    key.map_err(|error| crate::failure::of_key(&error))
}

fn place(site: &Site) -> Place {
    match &site.database_url {
        None => Place::Folder(site.data_folder.clone()),
        Some(url) => Place::Postgres { url: url.clone(), blobs: site.data_folder.join(BLOBS_FOLDER) },
    }
}
