//! The access log: one append-only, hash-chained list of lines per record, in a database of its own (design §3, AUD-7).

use std::collections::HashSet;

use mecum_fhir::reference::ResourceType;
use mecum_record::access::{Act, Permit};
use mecum_record::disclosure::AccessKind;
use mecum_record::ids::RecordId;

use crate::Store;
use crate::db::{OnConflict, Row, Tx, Value};
use crate::error::StoreError;
use crate::origin::{in_chunks, placeholders};
use crate::seal::{Aad, HeadKey, RecordKey};

/// A line about to be written. Not `Debug`: it may say what was asked.
#[derive(Clone)]
pub struct NewAccessLine {
    /// The record it is about.
    pub record: RecordId,
    /// When, microseconds since the epoch.
    pub at_us: i64,
    /// What it says.
    pub kind: AccessKind,
    /// The disclosure it belongs to; empty for none.
    pub disclosure_id: String,
    /// Who, what and how much, in the words of the room above; sealed here.
    pub detail: Vec<u8>,
}

/// A line of the access log. Not `Debug`: it may say what was asked.
#[derive(Clone)]
pub struct AccessLine {
    /// Its place in the record's chain, from 1.
    pub seq: i64,
    /// When, microseconds since the epoch.
    pub at_us: i64,
    /// What it says.
    pub kind: AccessKind,
    /// The disclosure it belongs to; empty for none.
    pub disclosure_id: String,
    /// Who, what and how much, in the words of the room above.
    pub detail: Vec<u8>,
}

/// A row of table `access_log`, its detail still sealed.
pub(crate) struct AccessRow {
    pub(crate) seq: i64,
    pub(crate) at_us: i64,
    pub(crate) kind: String,
    pub(crate) disclosure_id: String,
    pub(crate) detail: Vec<u8>,
    pub(crate) hash: Vec<u8>,
}

pub(crate) const ACCESS_COLUMNS: &str = "seq, at, kind, disclosure_id, detail, hash";

impl AccessRow {
    pub(crate) fn read(row: &Row) -> Result<AccessRow, StoreError> {
        Ok(AccessRow {
            seq: row.int(0)?,
            at_us: row.int(1)?,
            kind: row.text(2)?.to_owned(),
            disclosure_id: row.text(3)?.to_owned(),
            detail: row.bytes(4)?.to_vec(),
            hash: row.bytes(5)?.to_vec(),
        })
    }

    pub(crate) fn computed_hash(&self, record: RecordId, key: &RecordKey, parent: &[u8]) -> [u8; 32] {
        key.mac(
            "access",
            &[
                parent,
                &record.0.to_be_bytes(),
                &self.seq.to_be_bytes(),
                &self.at_us.to_be_bytes(),
                self.kind.as_bytes(),
                self.disclosure_id.as_bytes(),
                &self.detail,
            ],
        )
    }

    fn into_line(self, record: RecordId, key: &RecordKey) -> Result<AccessLine, StoreError> {
        let detail = key.open(&line_aad(record, self.seq), &self.detail)?;
        let kind = AccessKind::parse(&self.kind).ok_or(StoreError::Damaged("access log"))?;
        Ok(AccessLine { seq: self.seq, at_us: self.at_us, kind, disclosure_id: self.disclosure_id, detail })
    }
}

/// The end of a record's access chain.
pub(crate) struct AccessHead {
    pub(crate) seq: i64,
    pub(crate) hash: Vec<u8>,
}

impl AccessHead {
    fn sign(&self, record: RecordId, key: &HeadKey) -> [u8; 32] {
        key.sign(&[b"access", &record.0.to_be_bytes(), &self.seq.to_be_bytes(), &self.hash])
    }

    /// The head, its signature checked.
    pub(crate) fn read(tx: &mut Tx<'_>, record: RecordId, key: &HeadKey) -> Result<AccessHead, StoreError> {
        Self::find(tx, "SELECT seq, hash, signature FROM access_head WHERE record_id = $1", record, key)
    }

    /// The head, locked until the transaction ends: writers of one record's lines follow each other.
    fn lock(tx: &mut Tx<'_>, record: RecordId, key: &HeadKey) -> Result<AccessHead, StoreError> {
        Self::find(tx, "SELECT seq, hash, signature FROM access_head WHERE record_id = $1 FOR UPDATE", record, key)
    }

    fn find(tx: &mut Tx<'_>, sql: &str, record: RecordId, key: &HeadKey) -> Result<AccessHead, StoreError> {
        let row = tx.query_opt(sql, &[record.0.into()])?.ok_or(StoreError::UnknownRecord(record))?;
        let head = AccessHead { seq: row.int(0)?, hash: row.bytes(1)?.to_vec() };
        if head.sign(record, key).as_slice() == row.bytes(2)? {
            Ok(head)
        } else {
            Err(StoreError::Damaged("access log's head"))
        }
    }

    fn store(&self, tx: &mut Tx<'_>, record: RecordId, key: &HeadKey) -> Result<(), StoreError> {
        let signature = self.sign(record, key);
        tx.execute(
            "UPDATE access_head SET seq = $2, hash = $3, signature = $4 WHERE record_id = $1",
            &[record.0.into(), self.seq.into(), self.hash.as_slice().into(), signature.as_slice().into()],
        )?;
        Ok(())
    }
}

impl Store {
    /// Begins the chains of new records. A chain that is there already stays as it is.
    pub(crate) fn open_access_chains(&self, records: &[RecordId]) -> Result<(), StoreError> {
        let head = AccessHead { seq: 0, hash: vec![0; 32] };
        let row = |record: &RecordId| -> Vec<Value<'_>> {
            let signature = head.sign(*record, &self.heads);
            vec![record.0.into(), head.seq.into(), head.hash.as_slice().into(), signature.to_vec().into()]
        };
        let rows: Vec<Vec<Value<'_>>> = records.iter().map(row).collect();
        let columns = ["record_id", "seq", "hash", "signature"];
        self.access.write(|tx| Ok(tx.insert_many("access_head", &columns, &rows, OnConflict::Ignore).map(drop)?))
    }

    /// Appends lines, each to its record's chain; they are durable when this returns.
    ///
    /// # Errors
    /// What the database says: whoever asked must then be refused (AUD-7).
    pub fn append_access(&self, lines: &[NewAccessLine]) -> Result<(), StoreError> {
        let mut ordered: Vec<&NewAccessLine> = lines.iter().collect();
        // Chains are locked in the order of their records, so that two writers never wait for each other in a circle.
        ordered.sort_by_key(|line| line.record);
        let chains: Vec<&[&NewAccessLine]> = ordered.chunk_by(|one, two| one.record == two.record).collect();
        let keys = chains.iter().map(|lines| self.keys.record_key(lines[0].record)).collect::<Result<Vec<_>, _>>()?;
        self.access.write(|tx| {
            for (lines, key) in chains.iter().zip(&keys) {
                append(tx, (lines[0].record, key), lines, &self.heads)?;
            }
            Ok(())
        })
    }

    /// Lines of a record before `before_seq`, newest first, at most `limit`.
    ///
    /// # Errors
    /// [`StoreError::NotCovered`] without a permit to read the log, or the AuditEvents that stand for it; what the database says; a line that does not open.
    pub fn access_lines(&self, permit: &Permit, before_seq: i64, limit: i64) -> Result<Vec<AccessLine>, StoreError> {
        let reads_events = permit.act() == Act::Read(ResourceType::AUDIT_EVENT);
        if !reads_events && !matches!(permit.act(), Act::ReadAccessLog | Act::EhiExport) {
            return Err(StoreError::NotCovered);
        }
        let record = permit.over();
        let key = self.keys.record_key(record)?;
        let params = [record.0.into(), before_seq.into(), limit.into()];
        let rows = self.access.read(|tx| tx.query(&lines_sql(), &params))?;
        rows.iter().map(|row| AccessRow::read(row)?.into_line(record, &key)).collect()
    }

    /// Which of these disclosures were closed.
    ///
    /// # Errors
    /// [`StoreError::NotCovered`] without a permit to read the log; what the database says.
    pub fn closed_disclosures(&self, permit: &Permit, disclosures: &[String]) -> Result<HashSet<String>, StoreError> {
        if !matches!(permit.act(), Act::ReadAccessLog | Act::EhiExport) {
            return Err(StoreError::NotCovered);
        }
        let sql = format!(
            "SELECT disclosure_id FROM access_log WHERE record_id = $1 AND kind = $2 AND disclosure_id IN ({})",
            placeholders(3)
        );
        let fixed: [Value<'_>; 2] = [permit.over().0.into(), AccessKind::Closed.word().into()];
        let ids: Vec<Value<'_>> = disclosures.iter().map(|id| id.as_str().into()).collect();
        self.access.read(|tx| {
            let mut closed = HashSet::new();
            in_chunks(tx, &sql, &fixed, &ids, |row| {
                closed.insert(row.text(0)?.to_owned());
                Ok(())
            })?;
            Ok(closed)
        })
    }
}

/// Lines of a record before one of them, newest first.
pub(crate) fn lines_sql() -> String {
    format!("SELECT {ACCESS_COLUMNS} FROM access_log WHERE record_id = $1 AND seq < $2 ORDER BY seq DESC LIMIT $3")
}

/// Appends lines to the chain of their one record.
fn append(
    tx: &mut Tx<'_>,
    (record, key): (RecordId, &RecordKey),
    lines: &[&NewAccessLine],
    heads: &HeadKey,
) -> Result<(), StoreError> {
    let mut head = AccessHead::lock(tx, record, heads)?;
    let mut rows: Vec<Vec<Value<'_>>> = Vec::with_capacity(lines.len());
    for line in lines {
        let seq = head.seq + 1;
        let row = AccessRow {
            seq,
            at_us: line.at_us,
            kind: line.kind.word().to_owned(),
            disclosure_id: line.disclosure_id.clone(),
            detail: key.seal(&line_aad(record, seq), &line.detail),
            hash: Vec::new(),
        };
        head = AccessHead { seq, hash: row.computed_hash(record, key, &head.hash).to_vec() };
        rows.push(vec![
            record.0.into(),
            row.seq.into(),
            row.at_us.into(),
            row.kind.into(),
            row.disclosure_id.into(),
            row.detail.into(),
            head.hash.clone().into(),
        ]);
    }
    let columns = ["record_id", "seq", "at", "kind", "disclosure_id", "detail", "hash"];
    tx.insert_many("access_log", &columns, &rows, OnConflict::Fail)?;
    head.store(tx, record, heads)
}

fn line_aad(record: RecordId, seq: i64) -> Aad {
    Aad::new("access line").int(record.0).int(seq)
}
