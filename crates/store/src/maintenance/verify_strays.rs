//! Rows that no record's own verification looks at: of records that are not there, and ids that lead nowhere.

use std::collections::BTreeSet;

use mecum_fhir::reference::ResourceType;
use mecum_record::ids::RecordId;

use super::verify::Verified;
use crate::Store;
use crate::db::{Db, Tx, Value};
use crate::error::StoreError;
use crate::origin::{in_chunks, placeholders};
use crate::schema;
use crate::version::type_of;

/// Rows of the id directory looked at in one step.
const BATCH: i64 = 512;

/// A row of the id directory: record, type, id.
type Listed = (i64, i64, String);

impl Store {
    /// The numbers of all records in order, the directory first: what there is to verify, even if nothing in it can be read.
    ///
    /// # Errors
    /// What the database says.
    pub fn record_numbers(&self) -> Result<Vec<RecordId>, StoreError> {
        Ok(record_ids(&self.main, "record")?.into_iter().collect())
    }

    /// Verifies what lies between the records: that no table holds rows of a record that is not there, and that every id in the id
    /// directory leads to a resource, and every row of the person directory to a record. With [`Store::verify`] of every record and of
    /// the directory, all of the store is looked at.
    ///
    /// An access log without a line may lack its record: it is there before the record is, and a crash in between leaves it.
    ///
    /// # Errors
    /// Only what keeps it from looking. What it finds is in the answer.
    pub fn verify_strays(&self) -> Result<Verified, StoreError> {
        self.strays(RecordId(i64::MAX))
    }

    /// The same of a copy whose parts were copied one after the other, records first: the others may know records that came after.
    pub(super) fn verify_strays_of_copy(&self) -> Result<Verified, StoreError> {
        let last = record_ids(&self.main, "record")?.last().copied();
        self.strays(last.unwrap_or(RecordId::DIRECTORY))
    }

    /// What lies between the records; of the parts beside them, up to the record `last`.
    fn strays(&self, last: RecordId) -> Result<Verified, StoreError> {
        let mut verified = Verified::default();
        let records = record_ids(&self.main, "record")?;
        for (table, _) in schema::DISTRIBUTED.iter().filter(|(_, column)| *column == "record_id") {
            for record in record_ids(&self.main, table)?.difference(&records) {
                verified.add(table, format!("there are rows of record {record}, which is not there"));
            }
        }
        let is_stray = |record: &RecordId| !records.contains(record) && *record <= last;
        for (table, _) in schema::DISTRIBUTED_ACCESS {
            for record in record_ids(&self.access, table)?.into_iter().filter(is_stray) {
                if *table != "access_head" || !self.is_without_lines(record)? {
                    verified.add(table, format!("there are rows of record {record}, which is not there"));
                }
            }
        }
        for record in self.blobs.records()?.into_iter().filter(is_stray) {
            verified.add("blob", format!("there are blobs of record {record}, which is not there"));
        }
        self.verify_listed(&mut verified)?;
        self.verify_people(&mut verified)?;
        Ok(verified)
    }

    /// Whether the access log of a record has not begun.
    fn is_without_lines(&self, record: RecordId) -> Result<bool, StoreError> {
        let sql = "SELECT seq FROM access_head WHERE record_id = $1";
        let row = self.access.read(|tx| tx.query_opt(sql, &[record.0.into()]))?;
        Ok(row.map_or(Ok(true), |row| row.int(0).map(|seq| seq == 0))?)
    }

    /// Looks up what every row of the id directory leads to.
    fn verify_listed(&self, verified: &mut Verified) -> Result<(), StoreError> {
        let mut last = (i64::MIN, String::new());
        loop {
            // Ids and versions in one snapshot: a sweep removes both at once.
            let step = self.main.read(|tx| {
                let mut listed = list(tx, &last)?;
                let Some((_, type_code, id)) = listed.last() else { return Ok(None) };
                let end = (*type_code, id.clone());
                listed.sort_unstable();
                Ok::<_, StoreError>(Some((end, leads_nowhere(tx, &listed)?)))
            })?;
            let Some((end, strays)) = step else { return Ok(()) };
            last = end;
            for (record, type_code, id) in strays {
                let name = type_of(type_code).map_or("(unknown type)", ResourceType::name);
                verified.add("id directory", format!("{name}/{id} is not in record {record}, where it is said to be"));
            }
        }
    }
}

/// The next rows of the id directory behind this type and id.
fn list(tx: &mut Tx<'_>, (type_code, id): &(i64, String)) -> Result<Vec<Listed>, StoreError> {
    let sql = "SELECT record_id, type_code, id FROM id_directory \
               WHERE type_code > $1 OR (type_code = $1 AND id > $2) ORDER BY type_code, id LIMIT $3";
    let rows = tx.query(sql, &[(*type_code).into(), id.into(), BATCH.into()])?;
    rows.iter().map(|row| Ok((row.int(0)?, row.int(1)?, row.text(2)?.to_owned()))).collect()
}

/// Of these rows, in the order of their records and types, those without a version.
fn leads_nowhere(tx: &mut Tx<'_>, listed: &[Listed]) -> Result<BTreeSet<Listed>, StoreError> {
    let sql = format!(
        "SELECT DISTINCT id FROM version WHERE record_id = $1 AND type_code = $2 AND id IN ({})",
        placeholders(3)
    );
    let mut left: BTreeSet<Listed> = listed.iter().cloned().collect();
    for group in listed.chunk_by(|one, two| (one.0, one.1) == (two.0, two.1)) {
        let (record, type_code, _) = group[0];
        let ids: Vec<Value<'_>> = group.iter().map(|(.., id)| id.into()).collect();
        in_chunks(tx, &sql, &[record.into(), type_code.into()], &ids, |row| {
            left.remove(&(record, type_code, row.text(0)?.to_owned()));
            Ok(())
        })?;
    }
    Ok(left)
}

/// The records that a table has rows of, by one seek each.
fn record_ids(db: &Db, table: &str) -> Result<BTreeSet<RecordId>, StoreError> {
    let first = format!("SELECT MIN(record_id) FROM {table}");
    let next = format!("SELECT MIN(record_id) FROM {table} WHERE record_id > $1");
    db.read(|tx| {
        let mut found = BTreeSet::new();
        let mut row = tx.query_one(&first, &[])?;
        while let Some(record) = row.opt_int(0)? {
            found.insert(RecordId(record));
            row = tx.query_one(&next, &[record.into()])?;
        }
        Ok(found)
    })
}
