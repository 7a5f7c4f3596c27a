//! What an import asks of the record before it writes: which lines are known already, and where resources stand.

use std::collections::{HashMap, HashSet};

use mecum_record::access::{Permit, ResourceKey};
use mecum_record::ids::{CommitId, RecordId};

use crate::Store;
use crate::change::{ORIGIN_DIGEST_BYTES, OriginDigest};
use crate::db::{Tx, Value};
use crate::error::StoreError;
use crate::origin::{by_type, in_chunks, placeholders};
use crate::seal::MacStream;
use crate::version::type_of;

/// A line that was taken before.
#[derive(Clone, PartialEq, Eq)]
pub struct LineMet {
    /// The resource it became.
    pub key: ResourceKey,
    /// Whether the commit that took it still counts; `false` once that was taken back.
    pub stands: bool,
}

impl Store {
    /// Begins the digest of a line as its source wrote it; feed it the minified text and end it with [`origin_digest`].
    ///
    /// # Errors
    /// When the record has no key.
    pub fn origin_digest_stream(&self, permit: &Permit) -> Result<MacStream, StoreError> {
        Ok(self.keys.record_key(permit.over())?.mac_stream("origin line"))
    }

    /// Which of these lines were taken before: by a commit in the chain that nobody took back, or by the staging one.
    ///
    /// # Errors
    /// What the database says.
    pub fn known_lines(
        &self,
        permit: &Permit,
        staging: CommitId,
        digests: &[OriginDigest],
    ) -> Result<HashMap<OriginDigest, ResourceKey>, StoreError> {
        let lines = self.lines_met(permit, staging, digests)?;
        Ok(lines.into_iter().filter(|(_, line)| line.stands).map(|(digest, line)| (digest, line.key)).collect())
    }

    /// Which of these lines were ever taken, and whether what they became still stands. A line that was taken back and comes again
    /// becomes the same resource again, also when its source gave it no id.
    ///
    /// # Errors
    /// What the database says.
    pub fn lines_met(
        &self,
        permit: &Permit,
        staging: CommitId,
        digests: &[OriginDigest],
    ) -> Result<HashMap<OriginDigest, LineMet>, StoreError> {
        let record = permit.over();
        let ids: Vec<Value<'_>> = digests.iter().map(|digest| Value::from(digest.as_slice())).collect();
        let mut met: HashMap<OriginDigest, LineMet> = HashMap::new();
        self.main.read(|tx| {
            let taken_back = taken_back(tx, record)?;
            in_chunks(tx, &known_sql(), &[record.0.into()], &ids, |row| {
                let commit = CommitId(row.int(3)?);
                let is_published = row.opt_int(4)?.is_some();
                let stands = commit == staging || (is_published && !taken_back.contains_key(&commit));
                let digest = row.bytes(0)?.try_into().map_err(|_| StoreError::Damaged("origin digest"))?;
                let key = ResourceKey { resource_type: type_of(row.int(1)?)?, id: row.text(2)?.to_owned() };
                if stands || (is_published && !met.contains_key(&digest)) {
                    met.insert(digest, LineMet { key, stands });
                }
                Ok(())
            })
        })?;
        Ok(met)
    }

    /// Which of these resources have a version already, visible or staged.
    ///
    /// # Errors
    /// What the database says.
    pub fn present(&self, permit: &Permit, keys: &[ResourceKey]) -> Result<HashSet<ResourceKey>, StoreError> {
        if keys.is_empty() {
            return Ok(HashSet::new());
        }
        let record = permit.over();
        let sql = present_sql();
        let mut present = HashSet::new();
        self.main.read(|tx| {
            for (resource_type, ids) in by_type(keys.iter().map(|key| (key.resource_type, key.id.as_str()))) {
                let fixed = [record.0.into(), i64::from(resource_type.code()).into()];
                let ids: Vec<Value<'_>> = ids.into_iter().map(Value::from).collect();
                in_chunks(tx, &sql, &fixed, &ids, |row| {
                    present.insert(ResourceKey { resource_type, id: row.text(0)?.to_owned() });
                    Ok(())
                })?;
            }
            Ok::<(), StoreError>(())
        })?;
        Ok(present)
    }
}

/// The versions that came from some lines, and their commits' places in the chain. It asks for nothing that is not in the index,
/// because SQLite would read the whole record else.
pub(crate) fn known_sql() -> String {
    format!(
        "SELECT v.origin_digest, v.type_code, v.id, v.commit_id, c.seq FROM version v \
         LEFT JOIN commit_log c ON c.record_id = v.record_id AND c.commit_id = v.commit_id \
         WHERE v.record_id = $1 AND v.origin_digest IS NOT NULL AND v.origin_digest IN ({})",
        placeholders(2)
    )
}

/// The ids of resources that have a version.
pub(crate) fn present_sql() -> String {
    format!(
        "SELECT DISTINCT v.id FROM version v WHERE v.record_id = $1 AND v.type_code = $2 AND v.id IN ({})",
        placeholders(3)
    )
}

/// The commits whose effect was taken back, each with the newest commit that did so. What takes a commit back can itself be taken
/// back, which is then as if it had never been.
pub(crate) fn taken_back(tx: &mut Tx<'_>, record: RecordId) -> Result<HashMap<CommitId, CommitId>, StoreError> {
    let mut taken_back = HashMap::new();
    // Newest first: whether a commit stands is known before what it does is looked at.
    for row in tx.query(REVERTS, &[record.0.into()])? {
        let (commit, reverts) = (CommitId(row.int(0)?), CommitId(row.int(1)?));
        if !taken_back.contains_key(&commit) {
            taken_back.entry(reverts).or_insert(commit);
        }
    }
    Ok(taken_back)
}

pub(crate) const REVERTS: &str =
    "SELECT commit_id, reverts FROM commit_log WHERE record_id = $1 AND reverts > 0 ORDER BY seq DESC";

/// The digest of a line: the first bytes of its HMAC under the record's key.
#[must_use]
pub fn origin_digest(stream: MacStream) -> OriginDigest {
    let full = stream.finish();
    let mut digest = [0; ORIGIN_DIGEST_BYTES];
    digest.copy_from_slice(&full[..ORIGIN_DIGEST_BYTES]);
    digest
}
