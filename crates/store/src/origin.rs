//! The id mapping: which resource here a source's own id stands for (design §3, FHIR identity).

use std::collections::HashMap;

use mecum_fhir::reference::ResourceType;
use mecum_record::access::{Permit, ResourceKey};
use mecum_record::ids::{CommitId, RecordId, SourceId};

use crate::Store;
use crate::change::NewOrigin;
use crate::db::{OnConflict, Row, Tx, Value};
use crate::error::StoreError;
use crate::seal::{MacStream, RecordKey};
use crate::version::type_of;

/// How many ids one statement asks for; shorter lists repeat their last.
const CHUNK: usize = 32;

/// A row of table `origin`.
pub(crate) struct OriginRow {
    pub(crate) origin: NewOrigin,
    pub(crate) commit: CommitId,
    pub(crate) ordinal: i64,
    pub(crate) mac: Vec<u8>,
}

pub(crate) const ORIGIN_COLUMNS: &str = "source_id, type_code, origin_id, id, commit_id, ordinal, mac";

impl OriginRow {
    pub(crate) fn read(row: &Row) -> Result<OriginRow, StoreError> {
        Ok(OriginRow {
            origin: NewOrigin {
                source: SourceId(row.int(0)?),
                resource_type: type_of(row.int(1)?)?,
                origin_id: row.text(2)?.to_owned(),
                id: row.text(3)?.to_owned(),
            },
            commit: CommitId(row.int(4)?),
            ordinal: row.int(5)?,
            mac: row.bytes(6)?.to_vec(),
        })
    }

    /// The MAC that the row ought to carry.
    pub(crate) fn computed_mac(&self, record: RecordId, key: &RecordKey) -> [u8; 32] {
        origin_mac(&self.origin, (record, key), (self.commit, self.ordinal))
    }
}

/// Writes mappings under a commit, numbered from `first`; their MACs become parts of `digest`, in order.
pub(crate) fn insert_origins(
    tx: &mut Tx<'_>,
    (record, key): (RecordId, &RecordKey),
    (commit, first): (CommitId, i64),
    origins: &[NewOrigin],
    digest: &mut MacStream,
) -> Result<(), StoreError> {
    let mut rows: Vec<Vec<Value<'_>>> = Vec::with_capacity(origins.len());
    for (ordinal, origin) in (first..).zip(origins) {
        let mac = origin_mac(origin, (record, key), (commit, ordinal));
        digest.part(&mac);
        rows.push(vec![
            record.0.into(),
            origin.source.0.into(),
            i64::from(origin.resource_type.code()).into(),
            origin.origin_id.as_str().into(),
            origin.id.as_str().into(),
            commit.0.into(),
            ordinal.into(),
            mac.to_vec().into(),
        ]);
    }
    let columns = ["record_id", "source_id", "type_code", "origin_id", "id", "commit_id", "ordinal", "mac"];
    tx.insert_many("origin", &columns, &rows, OnConflict::Fail)?;
    Ok(())
}

/// What a row's MAC is over: every column but itself.
fn origin_mac(
    origin: &NewOrigin,
    (record, key): (RecordId, &RecordKey),
    (commit, ordinal): (CommitId, i64),
) -> [u8; 32] {
    let type_code = i64::from(origin.resource_type.code());
    let numbers = [record.0, origin.source.0, type_code, commit.0, ordinal].map(i64::to_be_bytes);
    key.mac("origin", &[numbers.as_flattened(), origin.origin_id.as_bytes(), origin.id.as_bytes()])
}

/// Ids of one type each, looked up many at a time.
pub(crate) type ByType<'a> = HashMap<ResourceType, Vec<&'a str>>;

/// Groups keys by type, so that each statement asks for one type.
pub(crate) fn by_type<'a>(keys: impl Iterator<Item = (ResourceType, &'a str)>) -> ByType<'a> {
    let mut grouped = ByType::new();
    for (resource_type, id) in keys {
        grouped.entry(resource_type).or_default().push(id);
    }
    grouped
}

/// `$first, $first+1, …` for one chunk of ids.
pub(crate) fn placeholders(first: usize) -> String {
    let numbers: Vec<String> = (first..first + CHUNK).map(|number| format!("${number}")).collect();
    numbers.join(", ")
}

/// Runs a statement for all ids, a chunk at a time, and hands every row to `take`.
pub(crate) fn in_chunks<'a>(
    tx: &mut Tx<'_>,
    sql: &str,
    fixed: &[Value<'a>],
    ids: &[Value<'a>],
    mut take: impl FnMut(&Row) -> Result<(), StoreError>,
) -> Result<(), StoreError> {
    for chunk in ids.chunks(CHUNK) {
        for row in tx.query(sql, &chunk_params(fixed, chunk))? {
            take(&row)?;
        }
    }
    Ok(())
}

/// Runs a statement that returns no rows for all ids, a chunk at a time.
pub(crate) fn in_chunks_executed<'a>(
    tx: &mut Tx<'_>,
    sql: &str,
    fixed: &[Value<'a>],
    ids: &[Value<'a>],
) -> Result<(), StoreError> {
    for chunk in ids.chunks(CHUNK) {
        tx.execute(sql, &chunk_params(fixed, chunk))?;
    }
    Ok(())
}

fn chunk_params<'a>(fixed: &[Value<'a>], chunk: &[Value<'a>]) -> Vec<Value<'a>> {
    let mut params = fixed.to_vec();
    params.extend_from_slice(chunk);
    let last = chunk[chunk.len() - 1].clone();
    params.resize(fixed.len() + CHUNK, last);
    params
}

/// The ids here of one source's ids, as far as readers or the staging commit see them.
pub(crate) fn origins_sql() -> String {
    format!(
        "SELECT o.origin_id, o.id FROM origin o \
         LEFT JOIN commit_log c ON c.record_id = o.record_id AND c.commit_id = o.commit_id \
         WHERE o.record_id = $1 AND o.source_id = $2 AND o.type_code = $3 \
         AND (c.seq IS NOT NULL OR o.commit_id = $4) AND o.origin_id IN ({})",
        placeholders(5)
    )
}

/// The sources' ids of resources here, in the order in which they were mapped.
pub(crate) fn origin_ids_sql() -> String {
    format!(
        "SELECT o.id, o.origin_id FROM origin o \
         JOIN commit_log c ON c.record_id = o.record_id AND c.commit_id = o.commit_id \
         WHERE o.record_id = $1 AND o.type_code = $2 AND o.id IN ({}) ORDER BY c.seq, o.ordinal",
        placeholders(3)
    )
}

impl Store {
    /// The ids here of a source's ids, as far as they are mapped; `staging` also sees its own, not yet published ones.
    ///
    /// # Errors
    /// What the database says.
    pub fn origins_of(
        &self,
        permit: &Permit,
        source: SourceId,
        staging: Option<CommitId>,
        wanted: &[(ResourceType, String)],
    ) -> Result<HashMap<(ResourceType, String), String>, StoreError> {
        let record = permit.over();
        let own = staging.map_or(0, |commit| commit.0);
        let sql = origins_sql();
        let mut found = HashMap::new();
        self.main.read(|tx| {
            for (resource_type, ids) in by_type(wanted.iter().map(|(t, id)| (*t, id.as_str()))) {
                let code = i64::from(resource_type.code());
                let fixed = [record.0.into(), source.0.into(), code.into(), own.into()];
                let ids: Vec<Value<'_>> = ids.into_iter().map(Value::from).collect();
                in_chunks(tx, &sql, &fixed, &ids, |row| {
                    found.insert((resource_type, row.text(0)?.to_owned()), row.text(1)?.to_owned());
                    Ok(())
                })?;
            }
            Ok::<(), StoreError>(())
        })?;
        Ok(found)
    }

    /// The source's ids of resources here: for each the first that was mapped. A resource written here has none.
    ///
    /// # Errors
    /// What the database says.
    pub fn origin_ids(
        &self,
        permit: &Permit,
        keys: &[ResourceKey],
    ) -> Result<HashMap<ResourceKey, String>, StoreError> {
        let record = permit.over();
        let sql = origin_ids_sql();
        let mut found = HashMap::new();
        self.main.read(|tx| {
            for (resource_type, ids) in by_type(keys.iter().map(|key| (key.resource_type, key.id.as_str()))) {
                let fixed = [record.0.into(), i64::from(resource_type.code()).into()];
                let ids: Vec<Value<'_>> = ids.into_iter().map(Value::from).collect();
                in_chunks(tx, &sql, &fixed, &ids, |row| {
                    let key = ResourceKey { resource_type, id: row.text(0)?.to_owned() };
                    let origin_id = row.text(1)?;
                    found.entry(key).or_insert_with(|| origin_id.to_owned());
                    Ok(())
                })?;
            }
            Ok::<(), StoreError>(())
        })?;
        Ok(found)
    }

    /// The resources of this record that any source calls by one of these ids: more than one, and the id is ambiguous in an export.
    ///
    /// # Errors
    /// What the database says.
    pub fn resources_with_origin_id(
        &self,
        permit: &Permit,
        origin_ids: &[(ResourceType, String)],
    ) -> Result<HashMap<(ResourceType, String), Vec<ResourceKey>>, StoreError> {
        let record = permit.over();
        let mut found: HashMap<(ResourceType, String), Vec<ResourceKey>> = HashMap::new();
        self.main.read(|tx| {
            let rows =
                tx.query("SELECT source_id FROM source WHERE record_id = $1 ORDER BY source_id", &[record.0.into()])?;
            let sources = rows.iter().map(|row| row.int(0)).collect::<Result<Vec<_>, _>>()?;
            let sql = format!(
                "SELECT o.origin_id, o.id FROM origin o \
                 JOIN commit_log c ON c.record_id = o.record_id AND c.commit_id = o.commit_id \
                 WHERE o.record_id = $1 AND o.source_id = $2 AND o.type_code = $3 AND o.origin_id IN ({})",
                placeholders(4)
            );
            for (resource_type, ids) in by_type(origin_ids.iter().map(|(t, id)| (*t, id.as_str()))) {
                let ids: Vec<Value<'_>> = ids.into_iter().map(Value::from).collect();
                for source in &sources {
                    let fixed = [record.0.into(), (*source).into(), i64::from(resource_type.code()).into()];
                    in_chunks(tx, &sql, &fixed, &ids, |row| {
                        let key = ResourceKey { resource_type, id: row.text(1)?.to_owned() };
                        let keys = found.entry((resource_type, row.text(0)?.to_owned())).or_default();
                        if !keys.contains(&key) {
                            keys.push(key);
                        }
                        Ok(())
                    })?;
                }
            }
            Ok::<(), StoreError>(())
        })?;
        Ok(found)
    }
}
