//! What an import asks of the record before it writes: which lines are known already, and where resources stand.

use std::collections::HashMap;

use mecum_record::access::{Permit, ResourceKey};
use mecum_record::ids::CommitId;

use crate::Store;
use crate::change::{ORIGIN_DIGEST_BYTES, OriginDigest};
use crate::db::Value;
use crate::error::StoreError;
use crate::origin::{by_type, in_chunks, placeholders};
use crate::seal::MacStream;
use crate::version::type_of;

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
        let record = permit.over();
        let sql = format!(
            "SELECT v.origin_digest, v.type_code, v.id FROM version v \
             LEFT JOIN commit_log c ON c.record_id = v.record_id AND c.commit_id = v.commit_id \
             WHERE v.record_id = $1 AND (v.commit_id = $2 OR (c.seq IS NOT NULL AND NOT EXISTS \
                 (SELECT 1 FROM commit_log r WHERE r.record_id = c.record_id AND r.reverts = c.commit_id))) \
             AND v.origin_digest IN ({})",
            placeholders(3)
        );
        let fixed = [record.0.into(), staging.0.into()];
        let ids: Vec<Value<'_>> = digests.iter().map(|digest| Value::from(digest.as_slice())).collect();
        let mut known = HashMap::new();
        self.main.read(|tx| {
            in_chunks(tx, &sql, &fixed, &ids, |row| {
                let digest: OriginDigest =
                    row.bytes(0)?.try_into().map_err(|_| StoreError::Damaged("origin digest"))?;
                known.insert(digest, ResourceKey { resource_type: type_of(row.int(1)?)?, id: row.text(2)?.to_owned() });
                Ok(())
            })
        })?;
        Ok(known)
    }

    /// Which of these resources have a version already, visible or staged.
    ///
    /// # Errors
    /// What the database says.
    pub fn present(
        &self,
        permit: &Permit,
        keys: &[ResourceKey],
    ) -> Result<std::collections::HashSet<ResourceKey>, StoreError> {
        let record = permit.over();
        let sql = format!(
            "SELECT DISTINCT v.id FROM version v WHERE v.record_id = $1 AND v.type_code = $2 AND v.id IN ({})",
            placeholders(3)
        );
        let mut present = std::collections::HashSet::new();
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

/// The digest of a line: the first bytes of its HMAC under the record's key.
#[must_use]
pub fn origin_digest(stream: MacStream) -> OriginDigest {
    let full = stream.finish();
    let mut digest = [0; ORIGIN_DIGEST_BYTES];
    digest.copy_from_slice(&full[..ORIGIN_DIGEST_BYTES]);
    digest
}
