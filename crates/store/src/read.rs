//! Reading one resource: as it is, as it was, and all it ever was.

use mecum_record::access::{Permit, ResourceFilter, ResourceKey, Standing};
use mecum_record::ids::{RecordId, VersionId};

use crate::Store;
use crate::db::{Row, Value};
use crate::error::StoreError;
use crate::filter::permitted;
use crate::records::standing_of;
use crate::seal::RecordKey;
use crate::version::{N_VERSION_COLUMNS, VERSION_COLUMNS, Version, VersionRow};

#[cfg(test)]
mod plans;

/// The versions that are visible: those whose commit is in the chain.
pub(crate) const FROM_VISIBLE: &str =
    "FROM version v JOIN commit_log c ON c.record_id = v.record_id AND c.commit_id = v.commit_id";

/// Of a visible version `v`: that it was the newest of its resource up to place `$4` of the chain.
pub(crate) const NEWEST_AS_OF: &str = "NOT EXISTS (SELECT 1 FROM version n \
     JOIN commit_log d ON d.record_id = n.record_id AND d.commit_id = n.commit_id AND d.seq <= $4 \
     WHERE n.record_id = v.record_id AND n.type_code = v.type_code AND n.id = v.id AND n.version_id > v.version_id)";

impl Store {
    /// The current version of a resource, a deletion included; `None` when it is not there or the permit hides it.
    ///
    /// # Errors
    /// What the database says; a body that does not open.
    pub fn read(&self, permit: &Permit, key: &ResourceKey) -> Result<Option<Version>, StoreError> {
        let row = self.main.read(|tx| tx.query_opt(&read_sql(), &key_params(permit.over(), key)))?;
        self.permitted_version(permit, key, row.as_ref())
    }

    /// Both questions of a read in one snapshot: how the record stands for a client, and, once `decide` has given a permit over that
    /// record, what [`Store::read`] answers. The inner error is the decision's own.
    ///
    /// # Errors
    /// As [`Store::standing`] and [`Store::read`]; [`StoreError::NotCovered`] for a permit over another record.
    pub fn read_where<D>(
        &self,
        (record, client): (RecordId, Option<&str>),
        key: &ResourceKey,
        decide: impl FnOnce(&Standing) -> Result<Permit, D>,
    ) -> Result<Result<(Permit, Option<Version>), D>, StoreError> {
        let seen = self.main.read(|tx| {
            let permit = match decide(&standing_of(tx, record, client)?) {
                Ok(permit) if permit.is_for(record) => permit,
                Ok(_) => return Err(StoreError::NotCovered),
                Err(denied) => return Ok(Err(denied)),
            };
            Ok(Ok((permit, tx.query_opt(&read_sql(), &key_params(record, key))?)))
        })?;
        match seen {
            Ok((permit, row)) => {
                let version = self.permitted_version(&permit, key, row.as_ref())?;
                Ok(Ok((permit, version)))
            }
            Err(denied) => Ok(Err(denied)),
        }
    }

    fn permitted_version(
        &self,
        permit: &Permit,
        key: &ResourceKey,
        row: Option<&Row>,
    ) -> Result<Option<Version>, StoreError> {
        let record = permit.over();
        let Some(row) = row else { return Ok(None) };
        let found = VersionRow::read(row)?;
        if !permit.filter().matches(&found.facts, &key.id) {
            return Ok(None);
        }
        let record_key = self.keys.record_key(record)?;
        finish(found, row, (record, &record_key)).map(Some)
    }

    /// One version of a resource; `None` unless both it and the current version pass the permit's filter (design §6).
    ///
    /// # Errors
    /// As [`Store::read`].
    pub fn vread(&self, permit: &Permit, key: &ResourceKey, version: VersionId) -> Result<Option<Version>, StoreError> {
        let found = self.history(permit, key, Some(version), 1)?;
        Ok(found.into_iter().next())
    }

    /// The versions of a resource, newest first, at most `limit`; `only` one, if given. None unless the current version passes the
    /// permit's filter.
    ///
    /// # Errors
    /// As [`Store::read`].
    pub fn history(
        &self,
        permit: &Permit,
        key: &ResourceKey,
        only: Option<VersionId>,
        limit: i64,
    ) -> Result<Vec<Version>, StoreError> {
        let record = permit.over();
        let record_key = self.keys.record_key(record)?;
        let (low, high) = only.map_or((0, i64::MAX), |version| (version.0, version.0));
        let mut params = key_params(record, key).to_vec();
        params.extend([low.into(), high.into(), limit.into()]);
        let sql = history_sql(permit.filter(), &mut params);
        let rows = self.main.read(|tx| tx.query(&sql, &params))?;
        rows.iter().map(|row| finish(VersionRow::read(row)?, row, (record, &record_key))).collect()
    }

    /// Which record holds a resource, for callers bound to no record: where to ask, never what is there.
    ///
    /// # Errors
    /// What the database says.
    pub fn locate(&self, key: &ResourceKey) -> Result<Option<RecordId>, StoreError> {
        let row = self.main.read(|tx| {
            tx.query_opt(
                "SELECT record_id FROM id_directory WHERE type_code = $1 AND id = $2",
                &[i64::from(key.resource_type.code()).into(), key.id.as_str().into()],
            )
        })?;
        row.map(|row| Ok(RecordId(row.int(0)?))).transpose()
    }
}

/// The current version of one resource.
pub(crate) fn read_sql() -> String {
    format!(
        "SELECT {VERSION_COLUMNS}, c.seq, c.at {FROM_VISIBLE} \
         WHERE v.record_id = $1 AND v.type_code = $2 AND v.id = $3 ORDER BY v.version_id DESC LIMIT 1"
    )
}

/// The versions of one resource that the filter lets through.
pub(crate) fn history_sql<'a>(filter: &'a ResourceFilter, params: &mut Vec<Value<'a>>) -> String {
    let permitted = permitted(filter, params);
    format!(
        "SELECT {VERSION_COLUMNS}, c.seq, c.at {FROM_VISIBLE} WHERE v.record_id = $1 AND v.type_code = $2 \
         AND v.id = $3 AND v.version_id >= $4 AND v.version_id <= $5 AND {permitted} \
         ORDER BY v.version_id DESC LIMIT $6"
    )
}

/// The version of a row whose last two columns are its commit's place and time.
pub(crate) fn finish(
    found: VersionRow,
    row: &Row,
    (record, key): (RecordId, &RecordKey),
) -> Result<Version, StoreError> {
    found.into_version(record, key, row.int(N_VERSION_COLUMNS)?, row.int(N_VERSION_COLUMNS + 1)?)
}

fn key_params(record: RecordId, key: &ResourceKey) -> [Value<'_>; 3] {
    [record.0.into(), i64::from(key.resource_type.code()).into(), key.id.as_str().into()]
}
