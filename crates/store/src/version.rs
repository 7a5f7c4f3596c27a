//! A version of a resource as it stands in its row, and how a row is read and authenticated.

use mecum_fhir::reference::ResourceType;
use mecum_record::access::{CategorySet, Dated, Facts, LabelSet, ResourceKey};
use mecum_record::ids::{CommitId, RecordId, SourceId, VersionId};

use crate::body::Body;
use crate::codec;
use crate::db::Row;
use crate::error::StoreError;
use crate::seal::{Aad, RecordKey};

/// A body may be this long once unpacked; a longer line never gets in (PHR-7 allows 64 MiB a line).
pub(crate) const MAX_BODY_BYTES: usize = 80 << 20;

/// One version of one resource. Not `Debug`: it is someone's health data.
#[derive(Clone)]
pub struct Version {
    /// Which resource.
    pub key: ResourceKey,
    /// Its `meta.versionId`.
    pub version: VersionId,
    /// The commit that made it.
    pub commit: CommitId,
    /// That commit's place in the chain.
    pub seq: i64,
    /// Its place in that commit.
    pub ordinal: i64,
    /// Its `meta.lastUpdated`, microseconds since the epoch.
    pub at_us: i64,
    /// What rules may know of it; a deletion keeps the facts of what was deleted.
    pub facts: Facts,
    /// Its content; `None` for a deletion.
    pub body: Option<Body>,
}

impl Version {
    /// Whether this version says that the resource was deleted.
    #[must_use]
    pub fn is_deleted(&self) -> bool {
        self.body.is_none()
    }
}

/// The columns that [`VersionRow::read`] takes, in its order.
pub(crate) const VERSION_COLUMNS: &str = "v.type_code, v.id, v.version_id, v.commit_id, v.ordinal, v.deleted, \
     v.source_id, v.origin_digest, v.labels, v.categories, v.dated_from, v.dated_until, v.fact_rules, v.body, v.mac";
/// How many columns those are.
pub(crate) const N_VERSION_COLUMNS: usize = 15;

/// A row of table `version`, body still sealed. A row without a body is a deletion.
pub(crate) struct VersionRow {
    pub(crate) key: ResourceKey,
    pub(crate) version: VersionId,
    pub(crate) commit: CommitId,
    pub(crate) ordinal: i64,
    pub(crate) origin_digest: Option<Vec<u8>>,
    pub(crate) facts: Facts,
    pub(crate) fact_rules: i64,
    pub(crate) sealed: Option<Vec<u8>>,
    pub(crate) mac: Vec<u8>,
}

impl VersionRow {
    /// The row in the first columns of a result.
    ///
    /// # Errors
    /// [`StoreError::Damaged`] for columns that do not go together: what is not read into the row would escape its MAC.
    pub(crate) fn read(row: &Row) -> Result<VersionRow, StoreError> {
        let resource_type = type_of(row.int(0)?)?;
        let dated = match (row.opt_int(10)?, row.opt_int(11)?) {
            (Some(from_us), Some(until_us)) => Some(Dated { from_us, until_us }),
            (None, None) => None,
            _ => return Err(StoreError::Damaged("date of a resource")),
        };
        let sealed = row.opt_bytes(13)?.map(<[u8]>::to_vec);
        if row.int(5)? != i64::from(sealed.is_none()) {
            return Err(StoreError::Damaged("mark of a deletion"));
        }
        Ok(VersionRow {
            key: ResourceKey { resource_type, id: row.text(1)?.to_owned() },
            version: VersionId(row.int(2)?),
            commit: CommitId(row.int(3)?),
            ordinal: row.int(4)?,
            facts: Facts {
                resource_type,
                labels: LabelSet(row.int(8)?.cast_unsigned()),
                categories: CategorySet(row.int(9)?.cast_unsigned()),
                dated,
                source: row.opt_int(6)?.map(SourceId),
            },
            origin_digest: row.opt_bytes(7)?.map(<[u8]>::to_vec),
            fact_rules: row.int(12)?,
            sealed,
            mac: row.bytes(14)?.to_vec(),
        })
    }

    /// What the row's MAC is over: every column but itself.
    pub(crate) fn computed_mac(&self, record: RecordId, key: &RecordKey) -> [u8; 32] {
        let facts = &self.facts;
        let numbers = [
            record.0,
            i64::from(self.key.resource_type.code()),
            self.version.0,
            self.commit.0,
            self.ordinal,
            i64::from(facts.source.is_some()),
            facts.source.map_or(0, |source| source.0),
            facts.labels.0.cast_signed(),
            facts.categories.0.cast_signed(),
            i64::from(facts.dated.is_some()),
            facts.dated.map_or(0, |dated| dated.from_us),
            facts.dated.map_or(0, |dated| dated.until_us),
            self.fact_rules,
        ];
        let mut fixed = [0u8; 13 * 8];
        for (slot, number) in fixed.chunks_exact_mut(8).zip(numbers) {
            slot.copy_from_slice(&number.to_be_bytes());
        }
        let digest = self.origin_digest.as_deref();
        key.mac(
            "version",
            &[
                &fixed,
                self.key.id.as_bytes(),
                &[u8::from(digest.is_some()), u8::from(self.sealed.is_some())],
                digest.unwrap_or_default(),
                self.sealed.as_deref().unwrap_or_default(),
            ],
        )
    }

    /// The body, unsealed; `None` for a deletion.
    pub(crate) fn open(&self, record: RecordId, key: &RecordKey) -> Result<Option<Body>, StoreError> {
        let sealed = self.sealed.clone();
        sealed.map(|sealed| unseal(sealed, &body_aad(record, &self.key, self.version), key)).transpose()
    }

    /// The whole version; `seq` and `at_us` are its commit's.
    pub(crate) fn into_version(
        self,
        record: RecordId,
        key: &RecordKey,
        seq: i64,
        at_us: i64,
    ) -> Result<Version, StoreError> {
        let Self { key: resource, version, commit, ordinal, facts, sealed, .. } = self;
        let aad = body_aad(record, &resource, version);
        let body = sealed.map(|sealed| unseal(sealed, &aad, key)).transpose()?;
        Ok(Version { key: resource, version, commit, seq, ordinal, at_us, facts, body })
    }
}

fn unseal(mut sealed: Vec<u8>, aad: &Aad, key: &RecordKey) -> Result<Body, StoreError> {
    let packed = key.open_in_place(aad, &mut sealed)?;
    Ok(Body::from_frame(&codec::unpack(packed, MAX_BODY_BYTES)?)?)
}

/// What a sealed body belongs to: it opens in its own row alone.
pub(crate) fn body_aad(record: RecordId, resource: &ResourceKey, version: VersionId) -> Aad {
    Aad::new("body").int(record.0).text(resource.resource_type.name()).text(&resource.id).int(version.0)
}

pub(crate) fn type_of(code: i64) -> Result<ResourceType, StoreError> {
    u16::try_from(code).ok().and_then(ResourceType::from_code).ok_or(StoreError::Damaged("resource type"))
}
