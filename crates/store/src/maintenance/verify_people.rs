//! The person directory: that every row of it is as it was written, and that none is missing of those that profiles call for.

use mecum_record::ids::RecordId;

use super::verify::{Subject, Verified};
use crate::Store;
use crate::db::{Row, Tx};
use crate::error::StoreError;
use crate::people::{PersonKey, is_signed};
use crate::records::Profile;

/// Rows looked at in one step.
const BATCH: i64 = 512;

/// Looks for the row of every name that the record's own profile knows.
pub(super) fn verify_known_as(
    tx: &mut Tx<'_>,
    subject: &Subject<'_>,
    verified: &mut Verified,
) -> Result<(), StoreError> {
    let profile = match Profile::read(tx, subject.record, subject.key) {
        Err(StoreError::UnknownRecord(_)) => None,
        read => verified.legible("record", read)?,
    };
    for key in profile.map(|profile| profile.known_as).unwrap_or_default() {
        let sql = "SELECT 1 FROM person WHERE person_key = $1 AND record_id = $2";
        if tx.query_opt(sql, &[key.as_slice().into(), subject.record.0.into()])?.is_none() {
            verified.add("person directory", "a row that leads to this record is altered or missing");
        }
    }
    Ok(())
}

impl Store {
    /// Checks what binds every row of the person directory.
    pub(super) fn verify_people(&self, verified: &mut Verified) -> Result<(), StoreError> {
        let sql = "SELECT person_key, record_id, mac FROM person WHERE person_key > $1 ORDER BY person_key LIMIT $2";
        let mut last: Vec<u8> = Vec::new();
        loop {
            let rows = self.main.read(|tx| tx.query(sql, &[last.as_slice().into(), BATCH.into()]))?;
            let Some(end) = rows.last() else { return Ok(()) };
            last = end.bytes(0)?.to_vec();
            for row in &rows {
                self.verify_person(row, verified)?;
            }
        }
    }

    fn verify_person(&self, row: &Row, verified: &mut Verified) -> Result<(), StoreError> {
        let (record, key) = (RecordId(row.int(1)?), PersonKey::try_from(row.bytes(0)?));
        if key.is_ok_and(|key| row.bytes(2).is_ok_and(|mac| is_signed(&key, record, mac, &self.heads))) {
            let is_there = "SELECT 1 FROM record WHERE record_id = $1";
            if self.main.read(|tx| tx.query_opt(is_there, &[record.0.into()]))?.is_none() {
                verified.add("person directory", format!("a row leads to record {record}, which is not there"));
            }
        } else {
            verified.add("person directory", format!("a row that leads to record {record} is altered"));
        }
        Ok(())
    }
}
