//! Removing what was staged and never published, in short transactions.

use mecum_fhir::json::Limits;
use mecum_fhir::resource::Resource;
use mecum_record::ids::{CommitId, RecordId};

use crate::Store;
use crate::change::targets_of;
use crate::db::Tx;
use crate::error::StoreError;
use crate::head::ChainHead;
use crate::imports::fail_import_of;
use crate::index::identifiers_of;
use crate::seal::RecordKey;
use crate::staging::release;
use crate::version::{VERSION_COLUMNS, VersionRow};

/// Rows removed in one transaction.
const BATCH: i64 = 500;

impl Store {
    /// Sweeps the staging place of a record if its lease has run out.
    pub(crate) fn sweep_expired(&self, record: RecordId, key: &RecordKey, now_us: i64) -> Result<(), StoreError> {
        let left = self.main.read(|tx| {
            let head = ChainHead::read(tx, record, &self.heads)?;
            let lease = tx.query_opt("SELECT lease_until FROM staging WHERE record_id = $1", &[record.0.into()])?;
            let expired = lease.map_or(Ok(true), |row| row.int(0).map(|until| until < now_us))?;
            Ok::<_, StoreError>((head.staged_commit.0 != 0 && expired).then_some(head.staged_commit))
        })?;
        left.map_or(Ok(()), |commit| self.sweep(record, key, commit))
    }

    /// Sweeps every expired staging place; what a server does when it starts.
    ///
    /// # Errors
    /// What the database says.
    pub fn sweep_all_expired(&self, now_us: i64) -> Result<usize, StoreError> {
        let records = self.main.read(|tx| {
            let rows = tx.query("SELECT record_id FROM staging WHERE lease_until < $1", &[now_us.into()])?;
            rows.iter().map(|row| Ok(RecordId(row.int(0)?))).collect::<Result<Vec<_>, StoreError>>()
        })?;
        for record in &records {
            let key = self.keys.record_key(*record)?;
            self.sweep_expired(*record, &key, now_us)?;
        }
        Ok(records.len())
    }

    /// Removes the staged rows of a commit and frees the staging place.
    pub(crate) fn sweep(&self, record: RecordId, key: &RecordKey, commit: CommitId) -> Result<(), StoreError> {
        while self.main.write(|tx| sweep_versions(tx, (record, key), commit))? > 0 {}
        while self.main.write(|tx| sweep_origins(tx, record, commit))? > 0 {}
        self.main.write(|tx| {
            let mut head = ChainHead::lock(tx, record, &self.heads)?;
            if head.staged_commit == commit {
                head.staged_commit = CommitId(0);
                head.store(tx, record, &self.heads)?;
                fail_import_of(tx, record, commit)?;
                release(tx, record)?;
            }
            Ok(())
        })
    }
}

fn sweep_versions(
    tx: &mut Tx<'_>,
    (record, key): (RecordId, &RecordKey),
    commit: CommitId,
) -> Result<usize, StoreError> {
    let sql = format!(
        "SELECT {VERSION_COLUMNS} FROM version v WHERE v.record_id = $1 AND v.commit_id = $2 ORDER BY v.ordinal LIMIT $3"
    );
    let rows = tx.query(&sql, &[record.0.into(), commit.0.into(), BATCH.into()])?;
    for row in &rows {
        remove_version(tx, (record, key), &VersionRow::read(row)?)?;
    }
    Ok(rows.len())
}

fn remove_version(tx: &mut Tx<'_>, (record, key): (RecordId, &RecordKey), row: &VersionRow) -> Result<(), StoreError> {
    let type_code = i64::from(row.key.resource_type.code());
    let id = row.key.id.as_str();
    if let Some(body) = row.open(record, key)? {
        for (target, target_id) in targets_of(&body) {
            tx.execute(
                "DELETE FROM reference WHERE record_id = $1 AND target_type_code = $2 AND target_id = $3 \
                 AND type_code = $4 AND id = $5 AND version_id = $6",
                &[
                    record.0.into(),
                    i64::from(target.code()).into(),
                    target_id.into(),
                    type_code.into(),
                    id.into(),
                    row.version.0.into(),
                ],
            )?;
        }
        if let Ok(resource) = Resource::parse(body.text.as_bytes(), &Limits::default()) {
            for (system, value) in identifiers_of(&resource) {
                tx.execute(
                    "DELETE FROM identifier WHERE record_id = $1 AND type_code = $2 AND value = $3 AND system = $4 \
                     AND id = $5 AND version_id = $6",
                    &[record.0.into(), type_code.into(), value.into(), system.into(), id.into(), row.version.0.into()],
                )?;
            }
        }
    }
    if row.version.0 == 1 {
        tx.execute(
            "DELETE FROM id_directory WHERE type_code = $1 AND id = $2 AND record_id = $3",
            &[type_code.into(), id.into(), record.0.into()],
        )?;
    }
    tx.execute(
        "DELETE FROM version WHERE record_id = $1 AND type_code = $2 AND id = $3 AND version_id = $4",
        &[record.0.into(), type_code.into(), id.into(), row.version.0.into()],
    )?;
    Ok(())
}

fn sweep_origins(tx: &mut Tx<'_>, record: RecordId, commit: CommitId) -> Result<u64, StoreError> {
    Ok(tx.execute(
        "DELETE FROM origin WHERE record_id = $1 AND commit_id = $2 AND ordinal IN \
         (SELECT ordinal FROM origin WHERE record_id = $1 AND commit_id = $2 ORDER BY ordinal LIMIT $3)",
        &[record.0.into(), commit.0.into(), BATCH.into()],
    )?)
}
