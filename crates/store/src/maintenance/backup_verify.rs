//! Proof of a backup: every file is the one that was written, and the records in it are whole.

use std::collections::BTreeSet;
use std::io;
use std::path::Path;

use mecum_record::ids::RecordId;

use super::backup::{BackupListener, BackupProgress};
use super::backup_error::{BackupError, at};
use super::backup_files::{copy_file, describe, hex, names_in};
use super::backup_manifest::{KeptManifest, Kind, MAC_FILE, MANIFEST_FILE};
use super::verify::Finding;
use crate::Store;
use crate::blobs::Blobs;
use crate::error::StoreError;
use crate::keys::InstallationKey;
use crate::open::{ACCESS_FILE, BLOBS_FOLDER, KEYS_FILE, Place, RECORD_FILE, Workload};

/// Findings kept of one backup.
const MAX_FINDINGS: usize = 200;

/// What a verification of a backup saw.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BackupVerified {
    /// When it was made, microseconds since the epoch.
    pub created_at_us: i64,
    /// Files compared with the manifest.
    pub n_files: u64,
    /// Bytes in them.
    pub n_bytes: u64,
    /// Records opened and verified, the directory included; 0 when the files alone could be compared.
    pub n_records: u64,
    /// Commits in them.
    pub n_commits: i64,
    /// What is not as it was written; empty when all is well. At most 200 are kept.
    pub findings: Vec<Finding>,
}

impl BackupVerified {
    /// Whether everything is as it was written.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.findings.is_empty()
    }

    pub(super) fn add(&mut self, what: String) {
        self.keep(Finding { part: "backup", what });
    }

    fn keep(&mut self, finding: Finding) {
        if self.findings.len() < MAX_FINDINGS {
            self.findings.push(finding);
        }
    }
}

/// Verifies a backup with the key of its installation: files, manifest, and every record in it. The databases are opened as copies
/// among the temporary files, so the backup itself is only read. Dumps of PostgreSQL are compared with the manifest; what is in them is
/// verified when they are restored.
///
/// # Errors
/// [`BackupError::NotABackup`]; a wrong key; what keeps it from looking. What it finds is in the answer.
pub fn verify_backup(
    folder: &Path,
    key: &InstallationKey,
    now_us: i64,
    progress: BackupListener<'_>,
) -> Result<BackupVerified, BackupError> {
    let kept = KeptManifest::read(folder)?;
    let mut verified = BackupVerified { created_at_us: kept.manifest.created_at_us, ..BackupVerified::default() };
    compare_files(folder, &kept, &mut verified, progress)?;
    if !verified.is_whole() || kept.manifest.kind == Kind::Postgres {
        return Ok(verified);
    }
    let scratch = tempfile::tempdir().map_err(at(Path::new("the folder of temporary files")))?;
    for name in [RECORD_FILE, ACCESS_FILE, KEYS_FILE] {
        copy_file(&folder.join(name), (scratch.path(), name))?;
    }
    let mut store = Store::open(&Place::Folder(scratch.path().to_owned()), key, Workload::COMMAND, now_us)?;
    store.blobs = Blobs::open(&folder.join(BLOBS_FOLDER)).map_err(StoreError::from)?;
    prove(&store, &kept, &mut verified, progress)?;
    Ok(verified)
}

/// Compares every file with the manifest, and looks for files that are not in it.
fn compare_files(
    folder: &Path,
    kept: &KeptManifest,
    verified: &mut BackupVerified,
    progress: BackupListener<'_>,
) -> Result<(), BackupError> {
    let n_total = kept.manifest.files.len() as u64;
    for file in &kept.manifest.files {
        match describe(folder, &file.path) {
            Ok(found) if found == *file => {}
            Ok(_) => verified.add(format!("{} is altered", file.path)),
            Err(BackupError::Io { source, .. }) if source.kind() == io::ErrorKind::NotFound => {
                verified.add(format!("{} is missing", file.path));
            }
            Err(error) => return Err(error),
        }
        verified.n_files += 1;
        verified.n_bytes += file.size_bytes;
        progress(BackupProgress { part: "files", n_done: verified.n_files, n_total });
    }
    let known: BTreeSet<&str> = kept.manifest.files.iter().map(|file| file.path.as_str()).collect();
    let beside = [MANIFEST_FILE, MAC_FILE, BLOBS_FOLDER];
    for name in names_in(folder).map_err(at(folder))? {
        if !known.contains(name.as_str()) && !beside.contains(&name.as_str()) {
            verified.add(format!("{name} is no part of this backup"));
        }
    }
    Ok(())
}

/// Proves the manifest, every record of an opened store against it, and what lies between the records.
pub(super) fn prove(
    store: &Store,
    kept: &KeptManifest,
    verified: &mut BackupVerified,
    progress: BackupListener<'_>,
) -> Result<(), BackupError> {
    if store.manifest_mac(&kept.text) != kept.mac {
        verified.add(format!("{MANIFEST_FILE} or {MAC_FILE} is altered, or of another installation"));
    }
    for record in store.record_numbers()? {
        let report = &mut |done: i64, total: i64| {
            let count = |n: i64| u64::try_from(n).unwrap_or(0);
            progress(BackupProgress { part: "verify", n_done: count(done), n_total: count(total) });
        };
        let found = store.verify(record, report)?;
        verified.n_records += 1;
        verified.n_commits += found.n_commits;
        found.findings.into_iter().for_each(|finding| verified.keep(finding));
    }
    store.verify_strays_of_copy()?.findings.into_iter().for_each(|finding| verified.keep(finding));
    for (record, seq, hash) in &kept.manifest.heads {
        if hash_at(store, RecordId(*record), *seq)? != *hash {
            verified.add(format!("record {record} does not hold the commit that was at place {seq}"));
        }
    }
    Ok(())
}

/// The hash at a place of a record's chain; zeros before its first commit, nothing where there is none.
fn hash_at(store: &Store, record: RecordId, seq: i64) -> Result<String, StoreError> {
    if seq == 0 {
        return Ok(hex(&[0; 32]));
    }
    let sql = "SELECT hash FROM commit_log WHERE record_id = $1 AND seq = $2";
    let row = store.main.read(|tx| tx.query_opt(sql, &[record.0.into(), seq.into()]))?;
    Ok(row.map_or(Ok(String::new()), |row| row.bytes(0).map(hex))?)
}
