//! Table `entry`: which versions can be found, and which commit put another version in their place.

use std::collections::HashMap;

use mecum_record::access::{Facts, ResourceKey};
use mecum_record::ids::{CommitId, RecordId, VersionId};

use crate::change::Place;
use crate::db::{Tx, Value};
use crate::error::StoreError;
use crate::origin::{by_type, in_chunks_executed, placeholders};
use crate::version::VersionRow;

/// How many bits of an entry's number say its place in its commit.
pub(crate) const ORDINAL_BITS: u32 = 24;

/// No commit has as many versions.
const MAX_ORDINAL: i64 = 1 << ORDINAL_BITS;

/// The columns of an entry, in the order in which they are written and read.
pub(crate) const ENTRY_COLUMNS: [&str; 11] = [
    "record_id",
    "entry_no",
    "type_code",
    "id",
    "version_id",
    "superseded_by",
    "source_id",
    "labels",
    "categories",
    "dated_from",
    "dated_until",
];

/// The number of the entry of a version.
///
/// # Errors
/// [`StoreError::TooManyChanges`] when the commit has more versions than there are numbers.
pub(crate) fn entry_no(commit: CommitId, ordinal: i64) -> Result<i64, StoreError> {
    let is_within = (0..MAX_ORDINAL).contains(&ordinal) && (0..1 << (62 - ORDINAL_BITS)).contains(&commit.0);
    if is_within { Ok((commit.0 << ORDINAL_BITS) | ordinal) } else { Err(StoreError::TooManyChanges) }
}

/// The first number of a commit's entries.
pub(crate) fn first_entry_no(commit: CommitId) -> i64 {
    commit.0 << ORDINAL_BITS
}

/// The entry of one version.
pub(crate) struct Entry<'a> {
    pub(crate) key: &'a ResourceKey,
    pub(crate) version: VersionId,
    pub(crate) entry_no: i64,
    pub(crate) superseded_by: CommitId,
    pub(crate) facts: Facts,
}

impl<'a> Entry<'a> {
    /// The entry of a version in its row, in nobody's shadow yet.
    pub(crate) fn of(row: &'a VersionRow, entry_no: i64) -> Entry<'a> {
        Entry { key: &row.key, version: row.version, entry_no, superseded_by: CommitId(0), facts: row.facts }
    }

    /// The values of its row.
    pub(crate) fn values(&self, record: RecordId) -> Vec<Value<'static>> {
        vec![
            record.0.into(),
            self.entry_no.into(),
            i64::from(self.key.resource_type.code()).into(),
            self.key.id.clone().into(),
            self.version.0.into(),
            self.superseded_by.0.into(),
            self.facts.source.map(|source| source.0).into(),
            self.facts.labels.0.cast_signed().into(),
            self.facts.categories.0.cast_signed().into(),
            self.facts.dated.map(|dated| dated.from_us).into(),
            self.facts.dated.map(|dated| dated.until_us).into(),
        ]
    }
}

/// The entries of one transaction, and the resources whose earlier versions they put out of place.
#[derive(Default)]
pub(crate) struct Entries<'a> {
    entries: Vec<Entry<'a>>,
    /// Where the newest entry of a resource stands in `entries`.
    newest: HashMap<&'a ResourceKey, Option<usize>>,
    superseded: Vec<&'a ResourceKey>,
}

impl<'a> Entries<'a> {
    /// Adds a version; a deletion puts others out of place and has no entry itself.
    pub(crate) fn add(
        &mut self,
        (key, facts): (&'a ResourceKey, Facts),
        place: Place,
        is_deletion: bool,
    ) -> Result<i64, StoreError> {
        let number = entry_no(place.commit, place.ordinal)?;
        match self.newest.get(key) {
            Some(Some(before)) => self.entries[*before].superseded_by = place.commit,
            Some(None) => {}
            // What was minted now has no earlier versions: a creation asks for nothing.
            None if place.version.0 > 1 => self.superseded.push(key),
            None => {}
        }
        let at = (!is_deletion).then_some(self.entries.len());
        self.newest.insert(key, at);
        if !is_deletion {
            let superseded_by = CommitId(0);
            self.entries.push(Entry { key, version: place.version, entry_no: number, superseded_by, facts });
        }
        Ok(number)
    }

    /// Writes them. Earlier versions are superseded by `commit`, unless a commit of the chain did so before. What `staged`, the
    /// commit being staged besides, superseded is overwritten: that one comes into the chain later than this.
    pub(crate) fn write(
        self,
        tx: &mut Tx<'_>,
        record: RecordId,
        (commit, staged): (CommitId, CommitId),
    ) -> Result<(), StoreError> {
        let sql = supersede_sql();
        for (resource_type, ids) in by_type(self.superseded.iter().map(|key| (key.resource_type, key.id.as_str()))) {
            let type_code = i64::from(resource_type.code()).into();
            let fixed = [record.0.into(), type_code, commit.0.into(), staged.0.into()];
            let ids: Vec<Value<'_>> = ids.into_iter().map(Value::from).collect();
            in_chunks_executed(tx, &sql, &fixed, &ids)?;
        }
        let rows: Vec<Vec<Value<'_>>> = self.entries.iter().map(|entry| entry.values(record)).collect();
        tx.insert_many("entry", &ENTRY_COLUMNS, &rows, crate::db::OnConflict::Fail)?;
        Ok(())
    }
}

/// Puts the versions of some resources out of place.
pub(crate) fn supersede_sql() -> String {
    format!(
        "UPDATE entry SET superseded_by = $3 WHERE record_id = $1 AND entry_no IN (SELECT e.entry_no FROM entry e \
         WHERE e.record_id = $1 AND e.type_code = $2 AND e.superseded_by IN (0, $4) AND e.id IN ({}))",
        placeholders(5)
    )
}

/// Puts the versions of a resource back in place that a staged commit put out of it.
pub(crate) const RESTORE: &str = "UPDATE entry SET superseded_by = 0 WHERE record_id = $1 AND entry_no IN \
     (SELECT e.entry_no FROM entry e WHERE e.record_id = $1 AND e.type_code = $2 AND e.id = $3 AND e.superseded_by = $4)";
