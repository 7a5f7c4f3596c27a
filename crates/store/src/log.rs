//! The log of commits, and what one commit changed (PHR-91).

use mecum_record::access::{Permit, ResourceFilter, ResourceKey};
use mecum_record::ids::{CommitId, VersionId};

use crate::Store;
use crate::chain::{COMMIT_COLUMNS, Commit, CommitRow};
use crate::db::Value;
use crate::error::StoreError;
use crate::filter::{condition, permitted};
use crate::head::ChainHead;
use crate::lookup::taken_back;
use crate::read::{FROM_VISIBLE, NEWEST_AS_OF, finish};
use crate::version::{VERSION_COLUMNS, Version, VersionRow, type_of};

impl Store {
    /// Where the record's chain of commits ends.
    ///
    /// # Errors
    /// [`StoreError::Damaged`] when the head's signature does not fit.
    pub fn head(&self, permit: &Permit) -> Result<ChainHead, StoreError> {
        self.main.read(|tx| ChainHead::read(tx, permit.over(), &self.heads))
    }

    /// The place in the chain behind which the first commit made at or after a moment stands; the end, when there is none.
    ///
    /// # Errors
    /// What the database says.
    pub fn last_before(&self, permit: &Permit, since_us: i64) -> Result<i64, StoreError> {
        let sql = "SELECT MIN(seq), (SELECT seq FROM chain_head WHERE record_id = $1) FROM commit_log \
                   WHERE record_id = $1 AND at >= $2";
        let row = self.main.read(|tx| tx.query_one(sql, &[permit.over().0.into(), since_us.into()]))?;
        Ok(row.opt_int(0)?.map_or(row.int(1)?, |first| first - 1))
    }

    /// Commits before `before_seq`, newest first, at most `limit`.
    ///
    /// # Errors
    /// What the database says; words that do not open.
    pub fn log(&self, permit: &Permit, before_seq: i64, limit: i64) -> Result<Vec<Commit>, StoreError> {
        let record = permit.over();
        let key = self.keys.record_key(record)?;
        let params = [record.0.into(), before_seq.into(), limit.into()];
        let rows = self.main.read(|tx| tx.query(&log_sql(), &params))?;
        rows.iter().map(|row| CommitRow::read(row)?.into_commit(record, &key)).collect()
    }

    /// One commit, by its number.
    ///
    /// # Errors
    /// As [`Store::log`].
    pub fn commit_of(&self, permit: &Permit, commit: CommitId) -> Result<Option<Commit>, StoreError> {
        let record = permit.over();
        let key = self.keys.record_key(record)?;
        let sql = format!("SELECT {COMMIT_COLUMNS} FROM commit_log c WHERE c.record_id = $1 AND c.commit_id = $2");
        let row = self.main.read(|tx| tx.query_opt(&sql, &[record.0.into(), commit.0.into()]))?;
        row.map(|row| CommitRow::read(&row)?.into_commit(record, &key)).transpose()
    }

    /// The commit that takes back the effect of another, if there is one that was not taken back itself; the newest.
    ///
    /// # Errors
    /// As [`Store::log`].
    pub fn reverted_by(&self, permit: &Permit, commit: CommitId) -> Result<Option<CommitId>, StoreError> {
        let taken_back = self.main.read(|tx| taken_back(tx, permit.over()))?;
        Ok(taken_back.get(&commit).copied())
    }

    /// The versions that a commit made, in order, behind `after`, at most `limit`.
    ///
    /// # Errors
    /// What the database says; a body that does not open.
    pub fn commit_versions(
        &self,
        permit: &Permit,
        commit: CommitId,
        after: i64,
        limit: i64,
    ) -> Result<Vec<Version>, StoreError> {
        let record = permit.over();
        let key = self.keys.record_key(record)?;
        let mut params: Vec<Value<'_>> = vec![record.0.into(), commit.0.into(), after.into(), limit.into()];
        let sql = commit_versions_sql(permit.filter(), &mut params);
        let rows = self.main.read(|tx| tx.query(&sql, &params))?;
        rows.iter().map(|row| finish(VersionRow::read(row)?, row, (record, &key))).collect()
    }

    /// The version of a resource just before a commit, a deletion included; `None` when it was not there.
    ///
    /// # Errors
    /// As [`Store::commit_versions`].
    pub fn version_before(&self, permit: &Permit, key: &ResourceKey, seq: i64) -> Result<Option<Version>, StoreError> {
        let record = permit.over();
        let record_key = self.keys.record_key(record)?;
        let type_code = i64::from(key.resource_type.code());
        let mut params: Vec<Value<'_>> =
            vec![record.0.into(), type_code.into(), key.id.as_str().into(), seq.saturating_sub(1).into()];
        let sql = version_as_of_sql(permit.filter(), &mut params);
        let row = self.main.read(|tx| tx.query_opt(&sql, &params))?;
        row.map(|row| finish(VersionRow::read(&row)?, &row, (record, &record_key))).transpose()
    }
}

/// One version that a commit made, without its content.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CommitTarget {
    /// Which resource.
    pub key: ResourceKey,
    /// Which version of it.
    pub version: VersionId,
    /// Its place in the commit.
    pub ordinal: i64,
}

impl Store {
    /// Which versions a commit made, in order, of those behind place `after` and up to place `until` in it.
    ///
    /// # Errors
    /// What the database says.
    pub fn commit_targets(
        &self,
        permit: &Permit,
        commit: CommitId,
        places: (i64, i64),
    ) -> Result<Vec<CommitTarget>, StoreError> {
        self.targets(permit, commit, places, (i64::MAX, None))
    }

    /// The same, only of versions that pass a filter and that were their resources' current ones at a place of the chain.
    ///
    /// # Errors
    /// What the database says.
    pub fn commit_targets_at(
        &self,
        permit: &Permit,
        commit: CommitId,
        places: (i64, i64),
        (until_seq, narrowed): (i64, &ResourceFilter),
    ) -> Result<Vec<CommitTarget>, StoreError> {
        self.targets(permit, commit, places, (until_seq, Some(narrowed)))
    }

    fn targets(
        &self,
        permit: &Permit,
        commit: CommitId,
        (after, until): (i64, i64),
        (until_seq, narrowed): (i64, Option<&ResourceFilter>),
    ) -> Result<Vec<CommitTarget>, StoreError> {
        let mut params: Vec<Value<'_>> =
            vec![permit.over().0.into(), commit.0.into(), after.into(), until_seq.into(), until.into()];
        let permitted = permitted(permit.filter(), &mut params);
        let current = match narrowed {
            None => String::new(),
            Some(narrowed) => {
                let narrowed = condition(narrowed, "v", &mut params);
                format!("AND v.deleted = 0 AND {NEWEST_AS_OF} AND ({narrowed})")
            }
        };
        let sql = format!(
            "SELECT v.type_code, v.id, v.version_id, v.ordinal FROM commit_log c CROSS JOIN version v \
             WHERE c.record_id = $1 AND c.commit_id = $2 AND v.record_id = c.record_id AND v.commit_id = c.commit_id \
             AND v.ordinal > $3 AND c.seq <= $4 AND v.ordinal <= $5 AND {permitted} {current} ORDER BY v.ordinal"
        );
        let rows = self.main.read(|tx| tx.query(&sql, &params))?;
        rows.iter()
            .map(|row| {
                let key = ResourceKey { resource_type: type_of(row.int(0)?)?, id: row.text(1)?.to_owned() };
                Ok(CommitTarget { key, version: VersionId(row.int(2)?), ordinal: row.int(3)? })
            })
            .collect()
    }
}

/// Commits before one of them, newest first.
pub(crate) fn log_sql() -> String {
    format!(
        "SELECT {COMMIT_COLUMNS} FROM commit_log c WHERE c.record_id = $1 AND c.seq < $2 ORDER BY c.seq DESC LIMIT $3"
    )
}

/// The versions of one commit, as far as the filter lets them through.
pub(crate) fn commit_versions_sql<'a>(filter: &'a ResourceFilter, params: &mut Vec<Value<'a>>) -> String {
    let permitted = permitted(filter, params);
    format!(
        "SELECT {VERSION_COLUMNS}, c.seq, c.at FROM commit_log c CROSS JOIN version v \
         WHERE c.record_id = $1 AND c.commit_id = $2 AND v.record_id = c.record_id AND v.commit_id = c.commit_id \
         AND v.ordinal > $3 AND {permitted} ORDER BY v.ordinal LIMIT $4"
    )
}

/// The newest version of one resource up to a place in the chain, if the filter lets it through.
pub(crate) fn version_as_of_sql<'a>(filter: &'a ResourceFilter, params: &mut Vec<Value<'a>>) -> String {
    let permitted = permitted(filter, params);
    format!(
        "SELECT {VERSION_COLUMNS}, c.seq, c.at {FROM_VISIBLE} WHERE v.record_id = $1 AND v.type_code = $2 \
         AND v.id = $3 AND c.seq <= $4 AND {NEWEST_AS_OF} AND {permitted} ORDER BY v.version_id DESC LIMIT 1"
    )
}
