//! A change to one resource, and the rows it becomes.

use mecum_fhir::reference::ResourceType;
use mecum_record::access::{FACT_RULES, Facts, ResourceKey};
use mecum_record::ids::{CommitId, RecordId, SourceId, VersionId};

use crate::body::Body;
use crate::codec;
use crate::db::{DbError, OnConflict, Tx, Value};
use crate::error::StoreError;
use crate::index::{Entries, IndexInserts, IndexValues, KnownWords, Met};
use crate::seal::{HEADROOM, MacStream, RecordKey};
use crate::version::{VersionRow, body_aad};

/// How long an origin digest is, bytes.
pub const ORIGIN_DIGEST_BYTES: usize = 16;

/// What a line of a source looked like before anything was done to it, under the record's key; equal lines have equal digests.
pub type OriginDigest = [u8; ORIGIN_DIGEST_BYTES];

/// What the writer believes of the resource, checked where it cannot change any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expected {
    /// Nothing: any version, or none.
    Whatever,
    /// It is at this version (`If-Match`).
    Version(VersionId),
    /// It was never there: the id was minted now.
    Absent,
}

/// What a resource becomes.
#[derive(Clone)]
pub enum Content {
    /// This.
    Put(Body),
    /// Deleted: later reads say so, its history stays.
    Deleted,
}

/// One change to one resource. Not `Debug`: it is someone's health data.
#[derive(Clone)]
pub struct Change {
    /// Which resource.
    pub key: ResourceKey,
    /// What it becomes.
    pub content: Content,
    /// What rules may know of it; a deletion keeps the facts of what is deleted.
    pub facts: Facts,
    /// The digest of the line it came from.
    pub origin_digest: Option<OriginDigest>,
    /// What the writer believes.
    pub expected: Expected,
}

/// A source's own id for a resource.
#[derive(Clone, PartialEq, Eq)]
pub struct NewOrigin {
    /// The source.
    pub source: SourceId,
    /// The resource's type.
    pub resource_type: ResourceType,
    /// The id the source uses.
    pub origin_id: String,
    /// The id here.
    pub id: String,
}

/// The place a change gets: filled in under the head's lock.
#[derive(Clone, Copy)]
pub(crate) struct Place {
    pub(crate) version: VersionId,
    pub(crate) commit: CommitId,
    pub(crate) ordinal: i64,
}

/// A change made ready before the head is locked: its body packed, what it can be found by read out of it.
pub(crate) struct Prepared<'a> {
    pub(crate) change: &'a Change,
    /// Headroom to be sealed in, then the packed body; `None` for a deletion.
    packed: Option<Vec<u8>>,
    values: IndexValues,
}

impl<'a> Prepared<'a> {
    /// Makes changes ready, in their order.
    pub(crate) fn all(changes: &'a [Change], key: &RecordKey, known: &mut KnownWords) -> Vec<Prepared<'a>> {
        changes.iter().map(|change| Prepared::of(change, key, known)).collect()
    }

    fn of(change: &'a Change, key: &RecordKey, known: &mut KnownWords) -> Prepared<'a> {
        match &change.content {
            Content::Put(body) => {
                let mut packed = vec![0; HEADROOM];
                codec::pack_into(&body.to_frame(), &mut packed);
                Prepared { change, packed: Some(packed), values: IndexValues::of(key, known, body) }
            }
            Content::Deleted => Prepared { change, packed: None, values: IndexValues::default() },
        }
    }

    /// The version's row: sealed for its place, and authenticated.
    fn into_row(self, record: RecordId, key: &RecordKey, place: Place) -> VersionRow {
        let Change { key: resource, facts, origin_digest, .. } = self.change;
        let sealed = self.packed.map(|mut packed| {
            key.seal_in_place(&body_aad(record, resource, place.version), &mut packed);
            packed
        });
        let mut row = VersionRow {
            key: resource.clone(),
            version: place.version,
            commit: place.commit,
            ordinal: place.ordinal,
            origin_digest: origin_digest.map(|digest| digest.to_vec()),
            facts: *facts,
            fact_rules: FACT_RULES,
            sealed,
            mac: Vec::new(),
        };
        row.mac = row.computed_mac(record, key).to_vec();
        row
    }
}

/// Rows of several changes, written with one statement per table.
#[derive(Default)]
pub(crate) struct ChangeRows<'a> {
    versions: Vec<Vec<Value<'a>>>,
    directory: Vec<Vec<Value<'a>>>,
    entries: Entries<'a>,
    index: IndexInserts,
}

impl<'a> ChangeRows<'a> {
    /// Adds one change; its version's MAC becomes a part of `digest`.
    ///
    /// # Errors
    /// [`StoreError::TooManyChanges`] when the commit is full.
    pub(crate) fn add(
        &mut self,
        (record, key): (RecordId, &RecordKey),
        mut prepared: Prepared<'a>,
        place: Place,
        digest: &mut MacStream,
    ) -> Result<(), StoreError> {
        let change = prepared.change;
        let (type_code, id) = (i64::from(change.key.resource_type.code()), change.key.id.as_str());
        if place.version.0 == 1 {
            self.directory.push(vec![type_code.into(), id.into(), record.0.into()]);
        }
        let is_deletion = prepared.packed.is_none();
        let entry_no = self.entries.add((&change.key, change.facts), place, is_deletion)?;
        self.index.add((record, entry_no), std::mem::take(&mut prepared.values));
        let row = prepared.into_row(record, key, place);
        digest.part(&row.mac);
        self.versions.push(version_values(record, row));
        Ok(())
    }

    /// Writes them, the directory first: an id that another record holds stops everything. `staged` is the commit being staged
    /// beside `commit`, 0 for none; `met` what was written before under the same commit.
    pub(crate) fn insert(
        self,
        tx: &mut Tx<'_>,
        record: RecordId,
        commits: (CommitId, CommitId),
        met: &mut Met,
    ) -> Result<(), StoreError> {
        insert_directory(tx, &self.directory)?;
        tx.insert_many("version", &VERSION_INSERT, &self.versions, OnConflict::Fail)?;
        self.entries.write(tx, record, commits)?;
        self.index.write(tx, record, met)
    }
}

const VERSION_INSERT: [&str; 16] = [
    "record_id",
    "type_code",
    "id",
    "version_id",
    "commit_id",
    "ordinal",
    "deleted",
    "source_id",
    "origin_digest",
    "labels",
    "categories",
    "dated_from",
    "dated_until",
    "fact_rules",
    "body",
    "mac",
];

fn insert_directory(tx: &mut Tx<'_>, rows: &[Vec<Value<'_>>]) -> Result<(), StoreError> {
    match tx.insert_many("id_directory", &["type_code", "id", "record_id"], rows, OnConflict::Fail) {
        Ok(_) => Ok(()),
        Err(DbError::Unique { .. }) => Err(StoreError::IdTaken),
        Err(error) => Err(error.into()),
    }
}

fn version_values<'a>(record: RecordId, row: VersionRow) -> Vec<Value<'a>> {
    vec![
        record.0.into(),
        i64::from(row.key.resource_type.code()).into(),
        row.key.id.into(),
        row.version.0.into(),
        row.commit.0.into(),
        row.ordinal.into(),
        i64::from(row.sealed.is_none()).into(),
        row.facts.source.map(|source| source.0).into(),
        row.origin_digest.into(),
        row.facts.labels.0.cast_signed().into(),
        row.facts.categories.0.cast_signed().into(),
        row.facts.dated.map(|dated| dated.from_us).into(),
        row.facts.dated.map(|dated| dated.until_us).into(),
        row.fact_rules.into(),
        row.sealed.into(),
        row.mac.into(),
    ]
}

/// The resources of the record that a body refers to, each once, in order.
pub(crate) fn targets_of(body: &Body) -> Vec<(ResourceType, &str)> {
    let mut targets: Vec<(ResourceType, &str)> = body
        .references
        .iter()
        .filter_map(|span| {
            let (name, id) = body.reference(*span).split_once('/')?;
            Some((ResourceType::parse(name)?, id))
        })
        .collect();
    targets.sort_unstable_by_key(|(resource_type, id)| (resource_type.code(), *id));
    targets.dedup();
    targets
}
