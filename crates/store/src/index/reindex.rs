//! Making the rows of the index again, batch by batch: after an upgrade that brought new tables, or on request.
//!
//! A row of `index_owed` says that a record's rows have still to be made, and how far that has come. It is written with each batch,
//! so that a crash loses one batch at most. Meanwhile others write: their versions get their rows as ever, and lie beyond
//! `until_commit`. Nothing is staged meanwhile.

use std::collections::BTreeMap;
use std::ops::ControlFlow;

use mecum_record::access::{Act, Permit};
use mecum_record::ids::{CommitId, RecordId};

use super::entry::{ENTRY_COLUMNS, Entry, ORDINAL_BITS, entry_no, first_entry_no};
use super::inserts::{IndexInserts, Met};
use super::table::IndexTable;
use super::values::{IndexValues, KnownWords};
use crate::Store;
use crate::db::{OnConflict, Tx, Value};
use crate::error::StoreError;
use crate::head::ChainHead;
use crate::seal::RecordKey;
use crate::version::{VERSION_COLUMNS, VersionRow};

/// Versions in one step.
const BATCH: i64 = 200;

/// What is still to be done for a record.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct Owed {
    until_commit: CommitId,
    done_entry: i64,
    is_cleared: bool,
}

impl Store {
    /// The records whose index has still to be made.
    ///
    /// # Errors
    /// What the database says.
    pub fn owed_indexes(&self) -> Result<Vec<RecordId>, StoreError> {
        let rows = self.main.read(|tx| tx.query("SELECT record_id FROM index_owed ORDER BY record_id", &[]))?;
        rows.iter().map(|row| Ok(RecordId(row.int(0)?))).collect()
    }

    /// Makes all rows of a record's index again: takes up what was begun, else begins. Others read and write meanwhile, but searches
    /// wait. `progress` hears how many versions were read, and of how many.
    ///
    /// # Errors
    /// [`StoreError::NotCovered`] without a permit to administer; [`StoreError::ImportRunning`] while an import runs; what the
    /// database says. What was done is kept and gone on from.
    pub fn reindex(&self, permit: &Permit, now_us: i64, progress: &mut dyn FnMut(i64, i64)) -> Result<(), StoreError> {
        if permit.act() != Act::Administer {
            return Err(StoreError::NotCovered);
        }
        let record = permit.over();
        let key = self.keys.record_key(record)?;
        self.sweep_expired(record, &key, now_us)?;
        self.main.write(|tx| {
            let head = ChainHead::lock(tx, record, &self.heads)?;
            if head.staged_commit.0 != 0 {
                return Err(StoreError::ImportRunning);
            }
            if read_owed(tx, record)?.is_none() {
                let sql =
                    "INSERT INTO index_owed (record_id, until_commit, done_entry, is_cleared) VALUES ($1, $2, 0, 0)";
                tx.execute(sql, &[record.0.into(), head.next_commit.0.into()])?;
            }
            Ok(())
        })?;
        self.pay_index(record, &key, progress)
    }

    /// Makes what is still owed of a record's index before it is asked.
    pub(crate) fn settle_index(&self, record: RecordId) -> Result<(), StoreError> {
        if self.main.read(|tx| read_owed(tx, record))?.is_none() {
            return Ok(());
        }
        let key = self.keys.record_key(record)?;
        self.pay_index(record, &key, &mut |_, _| {})
    }

    fn pay_index(
        &self,
        record: RecordId,
        key: &RecordKey,
        progress: &mut dyn FnMut(i64, i64),
    ) -> Result<(), StoreError> {
        let (mut known, mut met) = (KnownWords::default(), Met::default());
        let mut n_done = 0;
        loop {
            let step = self.main.read(|tx| {
                let head = ChainHead::read(tx, record, &self.heads)?;
                let Some(owed) = read_owed(tx, record)? else { return Ok(None) };
                if head.staged_commit.0 != 0 {
                    return Err(StoreError::IndexOwed);
                }
                let found = if owed.is_cleared { next_versions(tx, record, &owed)? } else { Vec::new() };
                Ok(Some((owed, found, head.n_versions)))
            })?;
            let Some((owed, found, n_versions)) = step else { return Ok(()) };
            if !owed.is_cleared {
                self.clear_index(record, &owed)?;
                continue;
            }
            n_done += i64::try_from(found.len()).unwrap_or(0);
            self.make_rows((record, key), &owed, &found, (&mut known, &mut met))?;
            progress(n_done, n_versions);
        }
    }

    /// Writes the rows of one batch, or that there is nothing left to do, unless somebody else did so meanwhile.
    fn make_rows(
        &self,
        (record, key): (RecordId, &RecordKey),
        owed: &Owed,
        found: &[VersionRow],
        (known, met): (&mut KnownWords, &mut Met),
    ) -> Result<(), StoreError> {
        let mut made = Made::default();
        for row in found {
            made.add((record, key), row, known)?;
        }
        let mut written = std::mem::take(met);
        self.main.write(|tx| {
            let head = ChainHead::lock(tx, record, &self.heads)?;
            if read_owed(tx, record)? != Some(*owed) {
                return Ok(());
            }
            if head.staged_commit.0 != 0 {
                return Err(StoreError::IndexOwed);
            }
            if found.is_empty() {
                tx.execute("DELETE FROM index_owed WHERE record_id = $1", &[record.0.into()])?;
                return Ok(());
            }
            made.write(tx, record, &mut written)
        })?;
        *met = written;
        Ok(())
    }

    /// Removes the rows of the commits that are owed, a table at a time.
    fn clear_index(&self, record: RecordId, owed: &Owed) -> Result<(), StoreError> {
        let until = first_entry_no(owed.until_commit);
        let tables = IndexTable::ALL.into_iter().map(IndexTable::name).chain(["entry"]);
        for table in tables {
            let sql = format!("DELETE FROM {table} WHERE record_id = $1 AND entry_no < $2");
            self.main.write(|tx| {
                ChainHead::lock(tx, record, &self.heads)?;
                if read_owed(tx, record)? == Some(*owed) {
                    tx.execute(&sql, &[record.0.into(), until.into()])?;
                }
                Ok::<_, StoreError>(())
            })?;
        }
        self.main.write(|tx| {
            ChainHead::lock(tx, record, &self.heads)?;
            if read_owed(tx, record)? != Some(*owed) {
                return Ok(());
            }
            remove_stray_prefixes(tx, record)?;
            tx.execute("UPDATE index_owed SET is_cleared = 1 WHERE record_id = $1", &[record.0.into()])?;
            Ok(())
        })
    }
}

/// The rows of one batch.
#[derive(Default)]
struct Made<'a> {
    entries: Vec<Entry<'a>>,
    inserts: IndexInserts,
    last: i64,
}

impl<'a> Made<'a> {
    fn add(
        &mut self,
        (record, key): (RecordId, &RecordKey),
        row: &'a VersionRow,
        known: &mut KnownWords,
    ) -> Result<(), StoreError> {
        let number = entry_no(row.commit, row.ordinal)?;
        self.last = number;
        if let Some(body) = row.open(record, key)? {
            self.entries.push(Entry::of(row, number));
            self.inserts.add((record, number), IndexValues::of(key, known, &body));
        }
        Ok(())
    }

    /// Writes them, under the head's lock: who supersedes whom can change until then.
    fn write(mut self, tx: &mut Tx<'_>, record: RecordId, met: &mut Met) -> Result<(), StoreError> {
        for entry in &mut self.entries {
            entry.superseded_by = superseded_by(tx, record, entry)?;
        }
        let entries: Vec<Vec<Value<'_>>> = self.entries.iter().map(|entry| entry.values(record)).collect();
        tx.insert_many("entry", &ENTRY_COLUMNS, &entries, OnConflict::Ignore)?;
        self.inserts.write(tx, record, met)?;
        let sql = "UPDATE index_owed SET done_entry = $2 WHERE record_id = $1";
        tx.execute(sql, &[record.0.into(), self.last.into()])?;
        Ok(())
    }
}

pub(crate) fn read_owed(tx: &mut Tx<'_>, record: RecordId) -> Result<Option<Owed>, StoreError> {
    let sql = "SELECT until_commit, done_entry, is_cleared FROM index_owed WHERE record_id = $1";
    let row = tx.query_opt(sql, &[record.0.into()])?;
    row.map(|row| {
        let until_commit = CommitId(row.int(0)?);
        Ok(Owed { until_commit, done_entry: row.int(1)?, is_cleared: row.int(2)? != 0 })
    })
    .transpose()
}

/// The next versions without rows, in the order of their numbers.
fn next_versions(tx: &mut Tx<'_>, record: RecordId, owed: &Owed) -> Result<Vec<VersionRow>, StoreError> {
    let done = CommitId(owed.done_entry >> ORDINAL_BITS);
    let ordinal = owed.done_entry - first_entry_no(done);
    let mut rows: Vec<VersionRow> = Vec::new();
    for (sql, place) in [(in_commit_sql(), ordinal), (behind_commit_sql(), owed.until_commit.0)] {
        let left = BATCH - i64::try_from(rows.len()).unwrap_or(BATCH);
        tx.each(&sql, &[record.0.into(), done.0.into(), place.into(), left.into()], |row| {
            rows.push(VersionRow::read(row)?);
            Ok::<_, StoreError>(ControlFlow::Continue(()))
        })?;
    }
    Ok(rows)
}

/// What is left of the commit that the last batch ended in.
pub(crate) fn in_commit_sql() -> String {
    format!(
        "SELECT {VERSION_COLUMNS} FROM version v WHERE v.record_id = $1 AND v.commit_id = $2 AND v.ordinal > $3 \
         ORDER BY v.ordinal LIMIT $4"
    )
}

/// The commits behind it.
pub(crate) fn behind_commit_sql() -> String {
    format!(
        "SELECT {VERSION_COLUMNS} FROM version v WHERE v.record_id = $1 AND v.commit_id > $2 AND v.commit_id < $3 \
         ORDER BY v.commit_id, v.ordinal LIMIT $4"
    )
}

/// The commit that first put a later version in this one's place.
pub(crate) const SUPERSEDED_BY: &str = "SELECT n.commit_id FROM version n \
     JOIN commit_log d ON d.record_id = n.record_id AND d.commit_id = n.commit_id \
     WHERE n.record_id = $1 AND n.type_code = $2 AND n.id = $3 AND n.version_id > $4 ORDER BY d.seq LIMIT 1";

fn superseded_by(tx: &mut Tx<'_>, record: RecordId, entry: &Entry<'_>) -> Result<CommitId, StoreError> {
    let type_code = i64::from(entry.key.resource_type.code());
    let params = [record.0.into(), type_code.into(), entry.key.id.as_str().into(), entry.version.0.into()];
    let found = tx.query_opt(SUPERSEDED_BY, &params)?;
    found.map_or(Ok(CommitId(0)), |row| Ok(CommitId(row.int(0)?)))
}

/// Beginnings of words that no version has any more.
fn remove_stray_prefixes(tx: &mut Tx<'_>, record: RecordId) -> Result<(), StoreError> {
    let mut strays: BTreeMap<(i64, i64), ()> = BTreeMap::new();
    let sql = "SELECT p.prefix, p.term FROM term_prefix p WHERE p.record_id = $1 AND NOT EXISTS (SELECT 1 FROM term_index t \
               WHERE t.record_id = p.record_id AND t.term = p.term)";
    tx.each(sql, &[record.0.into()], |row| {
        strays.insert((row.int(0)?, row.int(1)?), ());
        Ok::<_, StoreError>(ControlFlow::Continue(()))
    })?;
    let rows: Vec<Vec<Value<'_>>> =
        strays.into_keys().map(|(prefix, term)| vec![record.0.into(), prefix.into(), term.into()]).collect();
    tx.delete_many("term_prefix", &["record_id", "prefix", "term"], &rows)?;
    Ok(())
}
