//! What stands beside matches (R4 search.html#include, #revinclude): resources by their keys, and those that refer to them.

use mecum_fhir::reference::ResourceType;
use mecum_fhir::search_param::SearchParam;
use mecum_record::access::{Permit, ResourceKey};

use super::sql::Sql;
use super::version_sql;
use crate::Store;
use crate::db::{Tx, Value};
use crate::error::StoreError;
use crate::index::{IndexTable, Sight};
use crate::origin::by_type;
use crate::read::finish;
use crate::seal::RecordKey;
use crate::version::{Version, VersionRow};

/// How many ids one statement asks for.
const CHUNK: usize = 64;

impl Store {
    /// The current versions of these resources, as far as they are there and the permit shows them; each once, in no order.
    ///
    /// # Errors
    /// What the database says; a body that does not open.
    pub fn included(&self, permit: &Permit, keys: &[ResourceKey]) -> Result<Vec<Version>, StoreError> {
        self.settle_index(permit.over())?;
        let key = self.keys.record_key(permit.over())?;
        self.main.read(|tx| {
            let sight = Sight::now(tx, permit.over(), &self.heads)?;
            let mut versions = Vec::new();
            for (resource_type, mut ids) in by_type(keys.iter().map(|key| (key.resource_type, key.id.as_str()))) {
                ids.sort_unstable();
                ids.dedup();
                for ids in ids.chunks(CHUNK) {
                    let mut sql = Sql::new(permit.over().0, sight, permit.filter());
                    let text = included_sql(&mut sql, resource_type, ids);
                    for row in tx.query(&text, &sql.params)? {
                        versions.extend(fetch(tx, (permit, &key), (resource_type, row.text(0)?, row.int(1)?))?);
                    }
                }
            }
            Ok(versions)
        })
    }

    /// The current resources of a type that refer to one of these, by one parameter or by any, as far as the permit shows them; at
    /// most `limit`, in order of their ids.
    ///
    /// # Errors
    /// What the database says; a body that does not open.
    pub fn referring(
        &self,
        permit: &Permit,
        (from, param): (ResourceType, Option<&SearchParam>),
        targets: &[ResourceKey],
        limit: usize,
    ) -> Result<Vec<Version>, StoreError> {
        self.settle_index(permit.over())?;
        let key = self.keys.record_key(permit.over())?;
        let params: Vec<i64> = match param {
            Some(param) => vec![param.number().into()],
            None => reference_params(from),
        };
        let mut found = std::collections::BTreeMap::new();
        self.main.read(|tx| {
            let sight = Sight::now(tx, permit.over(), &self.heads)?;
            for targets in targets.chunks(CHUNK) {
                let mut sql = Sql::new(permit.over().0, sight, permit.filter());
                let text = referring_sql(&mut sql, (from, &params), targets, limit);
                for row in tx.query(&text, &sql.params)? {
                    found.insert(row.text(0)?.to_owned(), row.int(1)?);
                }
            }
            let mut versions = Vec::new();
            for (id, version) in found.iter().take(limit) {
                versions.extend(fetch(tx, (permit, &key), (from, id, *version))?);
            }
            Ok(versions)
        })
    }
}

fn reference_params(of: ResourceType) -> Vec<i64> {
    use mecum_fhir::search_param::{SearchParamKind, search_params_for};
    let all = search_params_for(of.name()).filter(|param| param.kind() == SearchParamKind::Reference);
    all.map(|param| param.number().into()).collect()
}

fn included_sql<'q>(sql: &mut Sql<'q>, resource_type: ResourceType, ids: &[&'q str]) -> String {
    let type_code = sql.bind(resource_type.code());
    let ids = sql.is_one_of("e.id", ids);
    let seen = sql.seen("e");
    format!(
        "SELECT e.id, e.version_id FROM entry e WHERE e.record_id = $1 AND e.type_code = {type_code} AND {ids} AND {seen}"
    )
}

fn referring_sql<'q>(
    sql: &mut Sql<'q>,
    (from, params): (ResourceType, &[i64]),
    targets: &'q [ResourceKey],
    limit: usize,
) -> String {
    let pairs: Vec<(&str, i64)> =
        targets.iter().map(|key| (key.id.as_str(), i64::from(key.resource_type.code()))).collect();
    let params = sql.is_one_of("i.param", params);
    let targets = sql.is_one_pair(("i.target_id", "i.target_type_code"), &pairs);
    let type_code = sql.bind(from.code());
    let seen = sql.seen("e");
    let limit = sql.bind(i64::try_from(limit).unwrap_or(i64::MAX));
    format!(
        "SELECT e.id, e.version_id FROM (SELECT DISTINCT i.entry_no FROM {} i WHERE i.record_id = $1 AND {params} \
         AND {targets}) d CROSS JOIN entry e WHERE e.record_id = $1 AND e.entry_no = d.entry_no \
         AND e.type_code = {type_code} AND {seen} ORDER BY e.id LIMIT {limit}",
        IndexTable::Reference.name()
    )
}

fn fetch(
    tx: &mut Tx<'_>,
    (permit, key): (&Permit, &RecordKey),
    (resource_type, id, version): (ResourceType, &str, i64),
) -> Result<Option<Version>, StoreError> {
    let params: [Value<'_>; 4] =
        [permit.over().0.into(), i64::from(resource_type.code()).into(), id.into(), version.into()];
    let row = tx.query_opt(&version_sql(), &params)?.ok_or(StoreError::Damaged("search index"))?;
    let version = VersionRow::read(&row)?;
    if !permit.filter().matches(&version.facts, &version.key.id) {
        return Ok(None);
    }
    finish(version, &row, (permit.over(), key)).map(Some)
}
