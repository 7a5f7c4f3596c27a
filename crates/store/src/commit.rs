//! One commit of a few changes, made in one transaction: what REST writes and transactions become.

use std::collections::HashMap;

use mecum_record::access::{Act, Permit, ResourceKey};
use mecum_record::ids::{CommitId, RecordId, VersionId};

use crate::Store;
use crate::chain::{CommitWords, Contents, append};
use crate::change::{Change, ChangeRows, Content, Expected, Place, Prepared};
use crate::db::Tx;
use crate::error::StoreError;
use crate::head::ChainHead;
use crate::index::{KnownWords, Met};
use crate::records::settle_opening;
use crate::seal::RecordKey;

/// A resource after a commit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// Which resource.
    pub key: ResourceKey,
    /// The version it is at now.
    pub version: VersionId,
    /// Whether it was not there before, or was deleted.
    pub is_new: bool,
}

/// A commit that is durable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Committed {
    /// Its number.
    pub commit: CommitId,
    /// Its place in the chain.
    pub seq: i64,
    /// When: the `meta.lastUpdated` of everything in it.
    pub at_us: i64,
    /// What was written, in the order of the changes.
    pub written: Vec<Written>,
}

/// What one record gets of a commit of several; see [`Store::commit_together`].
pub struct Part<'a> {
    /// What allows its changes.
    pub permits: &'a [Permit],
    /// What the log says of them.
    pub words: &'a CommitWords,
    /// The changes.
    pub changes: &'a [Change],
}

impl Store {
    /// Makes a commit in each of several records, all of them or none, durable when this returns. A record that was opened for
    /// this is there for everybody from then on. The records are locked in the order of their numbers.
    ///
    /// # Errors
    /// As [`Store::commit`].
    pub fn commit_together(&self, parts: &[Part<'_>]) -> Result<Vec<Committed>, StoreError> {
        let mut ready = Vec::with_capacity(parts.len());
        for (place, part) in parts.iter().enumerate() {
            let record = covered(part.permits, part.changes)?;
            let key = self.keys.record_key(record)?;
            let prepared = Prepared::all(part.changes, &key, &mut KnownWords::default());
            ready.push((record, place, key, prepared));
        }
        ready.sort_by_key(|(record, ..)| *record);
        self.main.write(|tx| {
            let mut done = Vec::with_capacity(ready.len());
            for (record, place, key, prepared) in ready {
                let mut head = ChainHead::lock(tx, record, &self.heads)?;
                let commit = head.take_commit();
                let (written, contents) = write_changes(tx, (record, &key), (commit, head.staged_commit), prepared)?;
                let words = parts[place].words;
                let seq = append(tx, (record, &key, &self.heads), (&mut head, commit), words, &contents)?;
                settle_opening(tx, record)?;
                done.push((place, Committed { commit, seq, at_us: words.at_us, written }));
            }
            done.sort_by_key(|(place, _)| *place);
            Ok(done.into_iter().map(|(_, committed)| committed).collect())
        })
    }

    /// Makes one commit of these changes, all or nothing; it is durable when this returns.
    ///
    /// # Errors
    /// [`StoreError::VersionConflict`] when a change expects another version, [`StoreError::IdTaken`] when an id belongs to
    /// another record, [`StoreError::NotCovered`] when a change has no permit; otherwise what the database says.
    pub fn commit(&self, permits: &[Permit], words: &CommitWords, changes: &[Change]) -> Result<Committed, StoreError> {
        self.commit_where(permits, words, changes, |_| Ok(()))
    }

    /// The same, only if the record's chain still ends at place `seq`: for a change whose reason was looked up.
    ///
    /// # Errors
    /// [`StoreError::ChainMoved`] when somebody wrote since; otherwise as [`Store::commit`].
    pub fn commit_behind(
        &self,
        permits: &[Permit],
        words: &CommitWords,
        changes: &[Change],
        seq: i64,
    ) -> Result<Committed, StoreError> {
        let is_where_it_was =
            move |head: &ChainHead| if head.seq == seq { Ok(()) } else { Err(StoreError::ChainMoved) };
        self.commit_where(permits, words, changes, is_where_it_was)
    }

    fn commit_where(
        &self,
        permits: &[Permit],
        words: &CommitWords,
        changes: &[Change],
        check: impl Fn(&ChainHead) -> Result<(), StoreError> + Send + Sync + 'static,
    ) -> Result<Committed, StoreError> {
        let record = covered(permits, changes)?;
        let key = self.keys.record_key(record)?;
        let prepared = Prepared::all(changes, &key, &mut KnownWords::default());
        self.main.write(|tx| {
            let mut head = ChainHead::lock(tx, record, &self.heads)?;
            check(&head)?;
            let commit = head.take_commit();
            let (written, contents) = write_changes(tx, (record, &key), (commit, head.staged_commit), prepared)?;
            let seq = append(tx, (record, &key, &self.heads), (&mut head, commit), words, &contents)?;
            Ok(Committed { commit, seq, at_us: words.at_us, written })
        })
    }
}

/// The one record that all permits are over, if every change is covered by one of them.
fn covered(permits: &[Permit], changes: &[Change]) -> Result<RecordId, StoreError> {
    let record = permits.first().ok_or(StoreError::NotCovered)?.over();
    let all_over_it = permits.iter().all(|permit| permit.is_for(record));
    let all_covered = changes.iter().all(|change| permits.iter().any(|permit| covers(permit, change)));
    if all_over_it && all_covered { Ok(record) } else { Err(StoreError::NotCovered) }
}

/// Whether a permit allows this change.
fn covers(permit: &Permit, change: &Change) -> bool {
    let resource_type = change.key.resource_type;
    match (permit.act(), &change.content) {
        (Act::Import | Act::Restore, _) => true,
        (Act::Create(allowed), Content::Put(_)) => allowed == resource_type && change.expected == Expected::Absent,
        (Act::Update(allowed), Content::Put(_)) | (Act::Delete(allowed), Content::Deleted) => allowed == resource_type,
        _ => false,
    }
}

fn write_changes(
    tx: &mut Tx<'_>,
    (record, key): (RecordId, &RecordKey),
    (commit, staged): (CommitId, CommitId),
    prepared: Vec<Prepared<'_>>,
) -> Result<(Vec<Written>, Contents), StoreError> {
    let n_versions = i64::try_from(prepared.len()).unwrap_or(i64::MAX);
    let mut rows = ChangeRows::default();
    let mut written = Vec::with_capacity(prepared.len());
    let mut digest = key.mac_stream("versions");
    let mut places = Places::default();
    for (ordinal, change) in (1i64..).zip(prepared) {
        let latest = places.next(tx, record, change.change)?;
        let (version, is_new) = (latest.next, latest.current.is_none());
        written.push(Written { key: change.change.key.clone(), version, is_new });
        rows.add((record, key), change, Place { version, commit, ordinal }, &mut digest)?;
    }
    rows.insert(tx, record, (commit, staged), &mut Met::default())?;
    let contents = Contents {
        n_versions,
        n_origins: 0,
        versions_digest: digest.finish(),
        origins_digest: key.mac_stream("origins").finish(),
    };
    Ok((written, contents))
}

/// Where the versions of a resource stand.
#[derive(Clone, Copy)]
pub(crate) struct Latest {
    /// The version a writer gets now.
    pub(crate) next: VersionId,
    /// The version that readers see, if they see one that is no deletion.
    pub(crate) current: Option<VersionId>,
}

/// The places of resources that one transaction writes, each looked up once.
#[derive(Default)]
pub(crate) struct Places(HashMap<ResourceKey, Latest>);

impl Places {
    /// Where the change goes, and what was there before, after checking what its writer expects.
    pub(crate) fn next(&mut self, tx: &mut Tx<'_>, record: RecordId, change: &Change) -> Result<Latest, StoreError> {
        let before = match self.0.get(&change.key) {
            Some(latest) => *latest,
            // A minted id is nobody's yet; should it be, the table's key says so.
            None if change.expected == Expected::Absent => Latest { next: VersionId(1), current: None },
            None => latest(tx, record, &change.key)?,
        };
        let current = before.current.map_or(0, |version| version.0);
        let as_expected = match change.expected {
            Expected::Whatever => true,
            Expected::Version(version) => version.0 == current,
            Expected::Absent => before.next.0 == 1,
        };
        if !as_expected {
            return Err(StoreError::VersionConflict { current });
        }
        let now = matches!(change.content, Content::Put(_)).then_some(before.next);
        self.0.insert(change.key.clone(), Latest { next: VersionId(before.next.0 + 1), current: now });
        Ok(before)
    }
}

/// The newest version of a resource, staged ones included, and its commit's place if that is in the chain.
pub(crate) const NEWEST: &str = "SELECT v.version_id, v.deleted, c.seq FROM version v \
     LEFT JOIN commit_log c ON c.record_id = v.record_id AND c.commit_id = v.commit_id \
     WHERE v.record_id = $1 AND v.type_code = $2 AND v.id = $3 ORDER BY v.version_id DESC LIMIT 1";

/// The newest version that readers see.
pub(crate) const NEWEST_VISIBLE: &str = "SELECT v.version_id, v.deleted, c.seq FROM version v \
     JOIN commit_log c ON c.record_id = v.record_id AND c.commit_id = v.commit_id \
     WHERE v.record_id = $1 AND v.type_code = $2 AND v.id = $3 ORDER BY v.version_id DESC LIMIT 1";

fn latest(tx: &mut Tx<'_>, record: RecordId, key: &ResourceKey) -> Result<Latest, StoreError> {
    let params = [record.0.into(), i64::from(key.resource_type.code()).into(), key.id.as_str().into()];
    let Some(newest) = tx.query_opt(NEWEST, &params)? else {
        return Ok(Latest { next: VersionId(1), current: None });
    };
    let next = VersionId(newest.int(0)? + 1);
    let is_staged = newest.opt_int(2)?.is_none();
    let visible = if is_staged { tx.query_opt(NEWEST_VISIBLE, &params)? } else { Some(newest) };
    let current = match visible {
        Some(row) if row.int(1)? == 0 => Some(VersionId(row.int(0)?)),
        _ => None,
    };
    Ok(Latest { next, current })
}
