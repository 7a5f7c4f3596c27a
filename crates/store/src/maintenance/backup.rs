//! A backup of a store that is in use: sealed copies of its files under a manifest that is written last (design §4, §5).
//!
//! Databases first, then blobs: a blob that a copied row refers to was there before the row. The record's database comes before the
//! access log and the keys, since a record's key and access chain are durable before the record is. The installation key is never
//! copied; its name and salt are.

use std::fs;
use std::path::{Path, PathBuf};

use mecum_fhir::date::format_instant;

use super::backup_error::{BackupError, at};
use super::backup_files::{BackedUp, copy_blobs, copy_file, describe};
use super::backup_manifest::{Kind, MAC_FILE, MANIFEST_FILE, Manifest};
use crate::Store;
use crate::head::ChainHead;
use crate::keys::durable;
use crate::open::{ACCESS_FILE, KEYS_FILE, Place, RECORD_FILE};

/// Name and salt of the installation, in the data folder.
pub(super) const INSTALLATION_FILE: &str = "installation.json";

/// How far a backup, its verification or its restoring is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BackupProgress {
    /// What is worked on: `record.db`, `blobs`, `verify`, …
    pub part: &'static str,
    /// How much of it is done: bytes, or versions while verifying.
    pub n_done: u64,
    /// Of how much.
    pub n_total: u64,
}

/// Hears how far it is.
pub type BackupListener<'a> = &'a mut dyn FnMut(BackupProgress);

impl Store {
    /// Writes a backup into a new folder `mecum-backup-…` in `to`, while others go on reading and writing, and returns that folder.
    /// It holds every commit that was acknowledged before this was called. `installation_folder` is the one with `installation.json`.
    ///
    /// # Errors
    /// What the file system and the databases say; nothing is left behind then.
    pub fn backup(
        &self,
        (place, installation_folder): (&Place, &Path),
        to: &Path,
        now_us: i64,
        progress: BackupListener<'_>,
    ) -> Result<PathBuf, BackupError> {
        let stamp: String = format_instant(now_us).chars().filter(char::is_ascii_alphanumeric).collect();
        let folder = to.join(format!("mecum-backup-{stamp}"));
        if folder.exists() {
            return Err(BackupError::InTheWay(folder));
        }
        durable::create_folder(&folder).map_err(at(&folder))?;
        let written = self.write_backup((place, installation_folder), &folder, now_us, progress);
        if written.is_err() {
            // What is half written is no backup; that it could not be removed is less than what went wrong.
            let _ = fs::remove_dir_all(&folder);
        }
        written.map(|()| folder)
    }

    fn write_backup(
        &self,
        (place, installation_folder): (&Place, &Path),
        folder: &Path,
        now_us: i64,
        progress: BackupListener<'_>,
    ) -> Result<(), BackupError> {
        let heads = self.heads_now()?;
        let (kind, mut files) = self.copy_databases(place, folder, progress)?;
        copy_blobs(place, folder, &mut files, progress)?;
        let installation = installation_folder.join(INSTALLATION_FILE);
        if installation.exists() {
            files.push(copy_file(&installation, (folder, INSTALLATION_FILE))?);
        }
        let text = Manifest { kind, created_at_us: now_us, files, heads }.to_text();
        let mac_path = folder.join(MAC_FILE);
        durable::write_new(&mac_path, self.manifest_mac(&text).as_bytes()).map_err(at(&mac_path))?;
        let manifest_path = folder.join(MANIFEST_FILE);
        durable::write_new(&manifest_path, text.as_bytes()).map_err(at(&manifest_path))
    }

    /// Where every chain ends now: what the backup must hold.
    fn heads_now(&self) -> Result<Vec<(i64, i64, String)>, BackupError> {
        let mut heads = Vec::new();
        for record in self.record_numbers()? {
            let head = self.main.read(|tx| ChainHead::read(tx, record, &self.heads))?;
            heads.push((record.0, head.seq, super::backup_files::hex(&head.hash)));
        }
        Ok(heads)
    }

    fn copy_databases(
        &self,
        place: &Place,
        folder: &Path,
        progress: BackupListener<'_>,
    ) -> Result<(Kind, Vec<BackedUp>), BackupError> {
        if let Place::Postgres { url, .. } = place {
            return Ok((Kind::Postgres, super::backup_postgres::save(url, folder, progress)?));
        }
        let databases = [(RECORD_FILE, &self.main), (ACCESS_FILE, &self.access), (KEYS_FILE, self.keys.database())];
        let mut files = Vec::with_capacity(databases.len());
        for (name, db) in databases {
            let report = &mut |n_done, n_total| progress(BackupProgress { part: name, n_done, n_total });
            db.backup_to(&folder.join(name), report).map_err(crate::StoreError::from)?;
            files.push(describe(folder, name)?);
        }
        Ok((Kind::Folder, files))
    }

    /// What proves that a manifest was written by this installation.
    pub(super) fn manifest_mac(&self, text: &str) -> String {
        super::backup_files::hex(&self.heads.sign(&[b"backup", text.as_bytes()]))
    }
}
