//! Removing what was staged and never published, in short transactions.
//!
//! The staging place is seized first, under the head's lock: from then on its holder can neither add to it nor publish it, so that
//! nothing is ever removed from a commit that readers see.

use mecum_record::ids::{CommitId, RecordId};

use crate::Store;
use crate::db::{Tx, Value};
use crate::error::StoreError;
use crate::head::ChainHead;
use crate::holder::is_dead;
use crate::imports::fail_import_of;
use crate::index::{IndexInserts, IndexValues, KnownWords, RESTORE, entry_no};
use crate::seal::RecordKey;
use crate::version::{VERSION_COLUMNS, VersionRow};

/// Rows removed in one transaction.
const BATCH: i64 = 100;

/// The lease of a staging place that somebody is sweeping.
const SEIZED: i64 = 0;

pub(crate) const REMOVE_VERSIONS: &str =
    "DELETE FROM version WHERE record_id = $1 AND commit_id = $2 AND ordinal <= $3";
pub(crate) const FIRST_ORIGIN: &str = "SELECT MIN(ordinal) FROM origin WHERE record_id = $1 AND commit_id = $2";
pub(crate) const REMOVE_ORIGINS: &str = "DELETE FROM origin WHERE record_id = $1 AND commit_id = $2 AND ordinal < $3";

/// A staged version, and the rows of the index that belong to it.
struct Staged {
    row: VersionRow,
    values: IndexValues,
}

/// A staging place that somebody holds, or held.
struct Place {
    commit: CommitId,
    lease_until: i64,
    holder: String,
}

impl Place {
    /// Whether nobody works on it any more.
    fn is_left(&self, now_us: i64) -> bool {
        self.lease_until < now_us || is_dead(&self.holder)
    }
}

impl Store {
    /// Sweeps the staging place of a record if its lease has run out, or its holder is known to be dead.
    pub(crate) fn sweep_expired(&self, record: RecordId, key: &RecordKey, now_us: i64) -> Result<(), StoreError> {
        let staged = self.main.read(|tx| ChainHead::read(tx, record, &self.heads))?.staged_commit;
        if staged.0 == 0 {
            return Ok(());
        }
        let seized = self.seize(record, |place| place.is_left(now_us))?;
        seized.map_or(Ok(()), |commit| self.remove_staged(record, key, commit))
    }

    /// Sweeps every staging place that was left; what a server does when it starts.
    ///
    /// # Errors
    /// What the database says.
    pub fn sweep_all_expired(&self, now_us: i64) -> Result<usize, StoreError> {
        let records = self.main.read(|tx| {
            let rows = tx.query("SELECT record_id, lease_until, holder FROM staging", &[])?;
            let places = rows.iter().map(|row| {
                let place = Place { commit: CommitId(0), lease_until: row.int(1)?, holder: row.text(2)?.to_owned() };
                Ok((RecordId(row.int(0)?), place))
            });
            places.collect::<Result<Vec<_>, StoreError>>()
        })?;
        let left = records.into_iter().filter(|(_, place)| place.is_left(now_us));
        let records: Vec<RecordId> = left.map(|(record, _)| record).collect();
        for record in &records {
            let key = self.keys.record_key(*record)?;
            self.sweep_expired(*record, &key, now_us)?;
        }
        Ok(records.len())
    }

    /// Sweeps this commit, if it is the one being staged.
    pub(crate) fn sweep(&self, record: RecordId, key: &RecordKey, commit: CommitId) -> Result<(), StoreError> {
        let seized = self.seize(record, |place| place.commit == commit)?;
        seized.map_or(Ok(()), |commit| self.remove_staged(record, key, commit))
    }

    /// Takes the staging place from its holder if that is due, and says which commit was in it.
    fn seize(&self, record: RecordId, is_due: impl Fn(&Place) -> bool) -> Result<Option<CommitId>, StoreError> {
        self.main.write(|tx| {
            let staged = ChainHead::lock(tx, record, &self.heads)?.staged_commit;
            let place = [record.0.into(), staged.0.into()];
            let sql = "SELECT lease_until, holder FROM staging WHERE record_id = $1 AND commit_id = $2";
            let (lease_until, holder) = match tx.query_opt(sql, &place)? {
                Some(row) => (row.int(0)?, row.text(1)?.to_owned()),
                None => (SEIZED, String::new()),
            };
            if staged.0 == 0 || !is_due(&Place { commit: staged, lease_until, holder }) {
                return Ok(None);
            }
            let sql = "UPDATE staging SET lease_until = $3 WHERE record_id = $1 AND commit_id = $2";
            tx.execute(sql, &[record.0.into(), staged.0.into(), SEIZED.into()])?;
            Ok(Some(staged))
        })
    }

    /// Removes the rows of a commit that was seized, and frees the staging place.
    fn remove_staged(&self, record: RecordId, key: &RecordKey, commit: CommitId) -> Result<(), StoreError> {
        loop {
            let staged = self.main.read(|tx| read_staged(tx, (record, key), commit))?;
            let Some(last) = staged.last().map(|staged| staged.row.ordinal) else { break };
            self.main.write(|tx| {
                // Whoever writes a version after a staged one must not do so between these statements.
                ChainHead::lock(tx, record, &self.heads)?;
                remove_versions(tx, record, (commit, last), staged)
            })?;
        }
        while self.main.write(|tx| remove_origins(tx, record, commit))? {}
        self.main.write(|tx| {
            let mut head = ChainHead::lock(tx, record, &self.heads)?;
            if head.staged_commit == commit {
                head.staged_commit = CommitId(0);
                head.store(tx, record, &self.heads)?;
                fail_import_of(tx, record, commit)?;
                tx.execute("DELETE FROM staging WHERE record_id = $1", &[record.0.into()])?;
            }
            Ok(())
        })
    }
}

fn read_staged(
    tx: &mut Tx<'_>,
    (record, key): (RecordId, &RecordKey),
    commit: CommitId,
) -> Result<Vec<Staged>, StoreError> {
    let rows = tx.query(&staged_sql(), &[record.0.into(), commit.0.into(), BATCH.into()])?;
    let mut known = KnownWords::default();
    rows.iter().map(|row| Ok(with_index(VersionRow::read(row)?, (record, key), &mut known))).collect()
}

pub(crate) fn staged_sql() -> String {
    format!(
        "SELECT {VERSION_COLUMNS} FROM version v WHERE v.record_id = $1 AND v.commit_id = $2 ORDER BY v.ordinal LIMIT $3"
    )
}

fn with_index(row: VersionRow, (record, key): (RecordId, &RecordKey), known: &mut KnownWords) -> Staged {
    let body = row.open(record, key).unwrap_or_else(|error| {
        // The place must become free whatever lies in it; `mecum verify` names rows of the index that are left.
        tracing::warn!(record = record.0, %error, "a staged version is damaged and is removed all the same");
        None
    });
    let values = body.map_or_else(IndexValues::default, |body| IndexValues::of(key, known, &body));
    Staged { row, values }
}

fn remove_versions(
    tx: &mut Tx<'_>,
    record: RecordId,
    (commit, last): (CommitId, i64),
    staged: Vec<Staged>,
) -> Result<(), StoreError> {
    let staged = remove_index(tx, record, staged)?;
    tx.execute(REMOVE_VERSIONS, &[record.0.into(), commit.0.into(), last.into()])?;
    for row in staged {
        let key: [Value<'_>; 3] =
            [record.0.into(), i64::from(row.key.resource_type.code()).into(), row.key.id.as_str().into()];
        let sql = "SELECT 1 FROM version WHERE record_id = $1 AND type_code = $2 AND id = $3 LIMIT 1";
        if tx.query_opt(sql, &key)?.is_none() {
            tx.execute("DELETE FROM id_directory WHERE record_id = $1 AND type_code = $2 AND id = $3", &key)?;
        }
    }
    Ok(())
}

/// Removes what versions are found by, and puts those that they superseded back in their place.
fn remove_index(tx: &mut Tx<'_>, record: RecordId, staged: Vec<Staged>) -> Result<Vec<VersionRow>, StoreError> {
    let mut index = IndexInserts::default();
    let mut entries: Vec<Vec<Value<'_>>> = Vec::with_capacity(staged.len());
    let mut rows = Vec::with_capacity(staged.len());
    for Staged { row, values } in staged {
        let entry_no = entry_no(row.commit, row.ordinal)?;
        index.add((record, entry_no), values);
        entries.push(vec![record.0.into(), entry_no.into()]);
        rows.push(row);
    }
    index.remove(tx, record)?;
    tx.delete_many("entry", &["record_id", "entry_no"], &entries)?;
    for row in &rows {
        let type_code = i64::from(row.key.resource_type.code());
        tx.execute(RESTORE, &[record.0.into(), type_code.into(), row.key.id.as_str().into(), row.commit.0.into()])?;
    }
    Ok(rows)
}

/// Removes the next mappings; whether there were any.
fn remove_origins(tx: &mut Tx<'_>, record: RecordId, commit: CommitId) -> Result<bool, StoreError> {
    let first = tx.query_one(FIRST_ORIGIN, &[record.0.into(), commit.0.into()])?.opt_int(0)?;
    let Some(first) = first else { return Ok(false) };
    tx.execute(REMOVE_ORIGINS, &[record.0.into(), commit.0.into(), first.saturating_add(BATCH).into()])?;
    Ok(true)
}
