//! The sources of a record: a row each, which the person confirms or renames; never a file's hash (design §3).

use mecum_record::access::Permit;
use mecum_record::ids::{RecordId, SourceId};
use mecum_record::source::SourceKind;

use crate::Store;
use crate::db::Tx;
use crate::error::StoreError;
use crate::head::ChainHead;
use crate::seal::{Aad, RecordKey};

/// One source. Not `Debug`: the name of a clinic may say what someone suffers from.
#[derive(Clone)]
pub struct SourceRow {
    /// Its number.
    pub source: SourceId,
    /// What kind of sender it is.
    pub kind: SourceKind,
    /// The name the person knows it by.
    pub name: String,
}

impl Store {
    /// The sources of a record, oldest first.
    ///
    /// # Errors
    /// What the database says; a name that does not open.
    pub fn sources(&self, permit: &Permit) -> Result<Vec<SourceRow>, StoreError> {
        let record = permit.over();
        let key = self.keys.record_key(record)?;
        self.main.read(|tx| list(tx, record, &key))
    }

    /// The source of that name, made if there is none.
    ///
    /// # Errors
    /// What the database says.
    pub fn source_named(
        &self,
        permit: &Permit,
        kind: SourceKind,
        name: &str,
        now_us: i64,
    ) -> Result<SourceId, StoreError> {
        let record = permit.over();
        let key = self.keys.record_key(record)?;
        self.main.write(|tx| {
            // Two writers at once would take the same number, or both make the source.
            ChainHead::lock(tx, record, &self.heads)?;
            let sources = list(tx, record, &key)?;
            if let Some(known) = sources.iter().find(|source| source.name == name) {
                return Ok(known.source);
            }
            let source = SourceId(sources.iter().map(|source| source.source.0).max().unwrap_or(0) + 1);
            tx.execute(
                "INSERT INTO source (record_id, source_id, kind, created_at, name) VALUES ($1, $2, $3, $4, $5)",
                &[
                    record.0.into(),
                    source.0.into(),
                    kind.word().into(),
                    now_us.into(),
                    key.seal(&name_aad(record, source), name.as_bytes()).into(),
                ],
            )?;
            Ok(source)
        })
    }
}

fn list(tx: &mut Tx<'_>, record: RecordId, key: &RecordKey) -> Result<Vec<SourceRow>, StoreError> {
    let rows = tx.query(
        "SELECT source_id, kind, name FROM source WHERE record_id = $1 ORDER BY source_id",
        &[record.0.into()],
    )?;
    rows.iter()
        .map(|row| {
            let source = SourceId(row.int(0)?);
            let name = key.open(&name_aad(record, source), row.bytes(2)?)?;
            Ok(SourceRow {
                source,
                kind: SourceKind::parse(row.text(1)?).ok_or(StoreError::Damaged("source"))?,
                name: String::from_utf8(name).map_err(|_| StoreError::Damaged("source"))?,
            })
        })
        .collect()
}

fn name_aad(record: RecordId, source: SourceId) -> Aad {
    Aad::new("source").int(record.0).int(source.0)
}
