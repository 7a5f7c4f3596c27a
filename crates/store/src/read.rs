//! Reading one resource: as it is, as it was, and all it ever was.

use mecum_record::access::{Facts, Permit, ResourceKey};
use mecum_record::ids::{RecordId, VersionId};

use crate::Store;
use crate::db::{Row, Tx};
use crate::error::StoreError;
use crate::seal::RecordKey;
use crate::version::{N_VERSION_COLUMNS, VERSION_COLUMNS, Version, VersionRow};

/// The versions that are visible: those whose commit is in the chain.
pub(crate) const FROM_VISIBLE: &str =
    "FROM version v JOIN commit_log c ON c.record_id = v.record_id AND c.commit_id = v.commit_id";

/// Of a visible version `v`: that it is the newest visible one of its resource.
pub(crate) const IS_CURRENT: &str = "NOT EXISTS (SELECT 1 FROM version n \
     JOIN commit_log d ON d.record_id = n.record_id AND d.commit_id = n.commit_id \
     WHERE n.record_id = v.record_id AND n.type_code = v.type_code AND n.id = v.id AND n.version_id > v.version_id)";

impl Store {
    /// The current version of a resource, a deletion included; `None` when it is not there or the permit hides it.
    ///
    /// # Errors
    /// What the database says; a body that does not open.
    pub fn read(&self, permit: &Permit, key: &ResourceKey) -> Result<Option<Version>, StoreError> {
        let record = permit.over();
        let record_key = self.keys.record_key(record)?;
        let sql = format!(
            "SELECT {VERSION_COLUMNS}, c.seq, c.at {FROM_VISIBLE} \
             WHERE v.record_id = $1 AND v.type_code = $2 AND v.id = $3 ORDER BY v.version_id DESC LIMIT 1"
        );
        let row = self.main.read(|tx| tx.query_opt(&sql, &key_params(record, key)))?;
        let Some(row) = row else { return Ok(None) };
        let found = VersionRow::read(&row)?;
        if !permit.filter().matches(&found.facts, &key.id) {
            return Ok(None);
        }
        finish(found, &row, (record, &record_key)).map(Some)
    }

    /// One version of a resource; `None` unless both it and the current version pass the permit's filter (design §6).
    ///
    /// # Errors
    /// As [`Store::read`].
    pub fn vread(&self, permit: &Permit, key: &ResourceKey, version: VersionId) -> Result<Option<Version>, StoreError> {
        let found = self.history(permit, key, Some(version), 1)?;
        Ok(found.into_iter().next())
    }

    /// The versions of a resource, newest first, at most `limit`; `only` one, if given.
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
        let sql = format!(
            "SELECT {VERSION_COLUMNS}, c.seq, c.at {FROM_VISIBLE} WHERE v.record_id = $1 AND v.type_code = $2 \
             AND v.id = $3 AND v.version_id >= $4 AND v.version_id <= $5 ORDER BY v.version_id DESC LIMIT $6"
        );
        self.main.read(|tx| {
            let is_shown =
                self.current_facts(tx, record, key)?.is_some_and(|current| permit.filter().matches(&current, &key.id));
            if !is_shown {
                return Ok(Vec::new());
            }
            let mut params = key_params(record, key).to_vec();
            params.extend([low.into(), high.into(), limit.into()]);
            let mut versions = Vec::new();
            for row in tx.query(&sql, &params)? {
                let found = VersionRow::read(&row)?;
                if permit.filter().matches(&found.facts, &key.id) {
                    versions.push(finish(found, &row, (record, &record_key))?);
                }
            }
            Ok(versions)
        })
    }

    /// The facts of the current version of a resource; `None` when it was never there.
    pub(crate) fn current_facts(
        &self,
        tx: &mut Tx<'_>,
        record: RecordId,
        key: &ResourceKey,
    ) -> Result<Option<Facts>, StoreError> {
        let sql = format!(
            "SELECT {VERSION_COLUMNS} {FROM_VISIBLE} \
             WHERE v.record_id = $1 AND v.type_code = $2 AND v.id = $3 ORDER BY v.version_id DESC LIMIT 1"
        );
        let row = tx.query_opt(&sql, &key_params(record, key))?;
        row.map(|row| Ok(VersionRow::read(&row)?.facts)).transpose()
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

/// The version of a row whose last two columns are its commit's place and time.
pub(crate) fn finish(
    found: VersionRow,
    row: &Row,
    (record, key): (RecordId, &RecordKey),
) -> Result<Version, StoreError> {
    found.into_version(record, key, row.int(N_VERSION_COLUMNS)?, row.int(N_VERSION_COLUMNS + 1)?)
}

fn key_params(record: RecordId, key: &ResourceKey) -> [crate::db::Value<'_>; 3] {
    [record.0.into(), i64::from(key.resource_type.code()).into(), key.id.as_str().into()]
}
