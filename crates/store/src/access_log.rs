//! The access log: one append-only, hash-chained list of lines per record, in a database of its own (design §3, AUD-7).

use mecum_record::access::Permit;
use mecum_record::disclosure::AccessKind;
use mecum_record::ids::RecordId;

use crate::Store;
use crate::db::{Row, Tx};
use crate::error::StoreError;
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

    /// The head, its signature checked; `None` before the first line.
    pub(crate) fn read(tx: &mut Tx<'_>, record: RecordId, key: &HeadKey) -> Result<Option<AccessHead>, StoreError> {
        let row =
            tx.query_opt("SELECT seq, hash, signature FROM access_head WHERE record_id = $1", &[record.0.into()])?;
        let Some(row) = row else { return Ok(None) };
        let head = AccessHead { seq: row.int(0)?, hash: row.bytes(1)?.to_vec() };
        if head.sign(record, key).as_slice() == row.bytes(2)? {
            Ok(Some(head))
        } else {
            Err(StoreError::Damaged("access log's head"))
        }
    }

    fn store(&self, tx: &mut Tx<'_>, record: RecordId, key: &HeadKey) -> Result<(), StoreError> {
        tx.execute(
            "INSERT INTO access_head (record_id, seq, hash, signature) VALUES ($1, $2, $3, $4) \
             ON CONFLICT (record_id) DO UPDATE SET seq = excluded.seq, hash = excluded.hash, \
             signature = excluded.signature",
            &[record.0.into(), self.seq.into(), self.hash.as_slice().into(), self.sign(record, key).as_slice().into()],
        )?;
        Ok(())
    }
}

impl Store {
    /// Appends lines, each to its record's chain; they are durable when this returns.
    ///
    /// # Errors
    /// What the database says: whoever asked must then be refused (AUD-7).
    pub fn append_access(&self, lines: &[NewAccessLine]) -> Result<(), StoreError> {
        let mut ordered: Vec<&NewAccessLine> = lines.iter().collect();
        // Chains are locked in the order of their records, so that two writers never wait for each other in a circle.
        ordered.sort_by_key(|line| line.record);
        let keys = ordered.iter().map(|line| self.keys.record_key(line.record)).collect::<Result<Vec<_>, _>>()?;
        self.access.write(|tx| {
            let mut held: Option<(RecordId, AccessHead)> = None;
            for (line, key) in ordered.iter().zip(&keys) {
                let mut head = match held.take() {
                    Some((record, head)) if record == line.record => head,
                    other => {
                        if let Some((record, head)) = other {
                            head.store(tx, record, &self.heads)?;
                        }
                        lock(tx, line.record, &self.heads)?
                    }
                };
                append(tx, (line.record, key), &mut head, line)?;
                held = Some((line.record, head));
            }
            if let Some((record, head)) = held {
                head.store(tx, record, &self.heads)?;
            }
            Ok(())
        })
    }

    /// Lines of a record before `before_seq`, newest first, at most `limit`.
    ///
    /// # Errors
    /// What the database says; a line that does not open.
    pub fn access_lines(&self, permit: &Permit, before_seq: i64, limit: i64) -> Result<Vec<AccessLine>, StoreError> {
        let record = permit.over();
        let key = self.keys.record_key(record)?;
        let sql = format!(
            "SELECT {ACCESS_COLUMNS} FROM access_log WHERE record_id = $1 AND seq < $2 ORDER BY seq DESC LIMIT $3"
        );
        let rows = self.access.read(|tx| tx.query(&sql, &[record.0.into(), before_seq.into(), limit.into()]))?;
        rows.iter().map(|row| AccessRow::read(row)?.into_line(record, &key)).collect()
    }
}

fn lock(tx: &mut Tx<'_>, record: RecordId, key: &HeadKey) -> Result<AccessHead, StoreError> {
    // The first line of a record makes the head; an update of nothing locks it afterwards.
    let touched = tx.execute("UPDATE access_head SET seq = seq WHERE record_id = $1", &[record.0.into()])?;
    if touched == 0 {
        let empty = AccessHead { seq: 0, hash: vec![0; 32] };
        tx.execute(
            "INSERT INTO access_head (record_id, seq, hash, signature) VALUES ($1, $2, $3, $4) \
             ON CONFLICT (record_id) DO NOTHING",
            &[
                record.0.into(),
                empty.seq.into(),
                empty.hash.as_slice().into(),
                empty.sign(record, key).as_slice().into(),
            ],
        )?;
        tx.execute("UPDATE access_head SET seq = seq WHERE record_id = $1", &[record.0.into()])?;
    }
    AccessHead::read(tx, record, key)?.ok_or(StoreError::Damaged("access log's head"))
}

fn append(
    tx: &mut Tx<'_>,
    (record, key): (RecordId, &RecordKey),
    head: &mut AccessHead,
    line: &NewAccessLine,
) -> Result<(), StoreError> {
    let mut row = AccessRow {
        seq: head.seq + 1,
        at_us: line.at_us,
        kind: line.kind.word().to_owned(),
        disclosure_id: line.disclosure_id.clone(),
        detail: key.seal(&line_aad(record, head.seq + 1), &line.detail),
        hash: Vec::new(),
    };
    row.hash = row.computed_hash(record, key, &head.hash).to_vec();
    tx.execute(
        "INSERT INTO access_log (record_id, seq, at, kind, disclosure_id, detail, hash) \
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
        &[
            record.0.into(),
            row.seq.into(),
            row.at_us.into(),
            row.kind.as_str().into(),
            row.disclosure_id.as_str().into(),
            row.detail.as_slice().into(),
            row.hash.as_slice().into(),
        ],
    )?;
    *head = AccessHead { seq: row.seq, hash: row.hash };
    Ok(())
}

fn line_aad(record: RecordId, seq: i64) -> Aad {
    Aad::new("access line").int(record.0).int(seq)
}
