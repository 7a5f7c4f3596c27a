//! What one commit changed: each resource of it against its version before (PHR-91).

use mecum_fhir::json::Limits;
use mecum_fhir::reading::headline;
use mecum_fhir::resource::Resource;
use mecum_record::access::{Act, Permit, ResourceKey};
use mecum_record::caller::Caller;
use mecum_record::ids::{CommitId, RecordId, VersionId};
use mecum_store::Version;

use super::elements::{ElementChange, compare};
use super::find;
use crate::disclose::{Asked, Released};
use crate::permission::permit;
use crate::{Failure, Phr};

/// Resources of a commit that one answer holds at most.
pub const MAX_DIFF: i64 = 1000;

/// What became of a resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChangeKind {
    /// It was not there before, or was deleted.
    Created,
    /// It was another before.
    Updated,
    /// It is gone; its history stays.
    Deleted,
}

impl ChangeKind {
    /// The word that is printed.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Created => "created",
            Self::Updated => "updated",
            Self::Deleted => "deleted",
        }
    }
}

/// What a commit did to one resource. Not `Debug`: it is someone's health data.
#[derive(Clone)]
pub struct Change {
    /// Which resource.
    pub key: ResourceKey,
    /// Its place in the commit, from 1.
    pub ordinal: i64,
    /// The version that the commit made.
    pub version: VersionId,
    /// What became of it.
    pub kind: ChangeKind,
    /// What it is about, in a few words; of one that is gone, what it was about.
    pub title: String,
    /// What differs; for a resource that is new or gone, the whole of it at the empty path.
    pub elements: Vec<ElementChange>,
    /// Whether it differs in more than is listed.
    pub is_cut: bool,
}

/// What a commit changed, in order: its first [`MAX_DIFF`] resources.
///
/// # Errors
/// [`Failure::NotFound`] when there is no such commit; [`Failure::Forbidden`] for whoever may not see it.
pub fn diff(phr: &Phr, caller: &Caller, record: RecordId, commit: CommitId) -> Result<Released<Vec<Change>>, Failure> {
    diff_behind(phr, caller, (record, commit), 0, MAX_DIFF)
}

/// What a commit changed behind the place `after` in it, at most `limit` resources and at most [`MAX_DIFF`].
///
/// # Errors
/// As [`diff`].
pub fn diff_behind(
    phr: &Phr,
    caller: &Caller,
    (record, commit): (RecordId, CommitId),
    after: i64,
    limit: i64,
) -> Result<Released<Vec<Change>>, Failure> {
    let permit = permit(phr, caller, Act::ReadLog, record)?;
    let commit = find(phr, &permit, commit)?;
    let versions = phr.store().commit_versions(&permit, commit.commit, after, limit.clamp(0, MAX_DIFF))?;
    let changes = versions.iter().map(|version| change(phr, &permit, version)).collect::<Result<Vec<_>, _>>()?;
    let keys: Vec<ResourceKey> = changes.iter().map(|change| change.key.clone()).collect();
    let asked = Asked::new(format!("diff of commit {}", commit.commit));
    phr.desk().release(phr.store(), (caller, &permit), &asked, (changes, &keys), phr.now_us())
}

fn change(phr: &Phr, permit: &Permit, version: &Version) -> Result<Change, Failure> {
    let before = match in_same_commit(phr, permit, version)? {
        Some(before) => Some(before),
        None => phr.store().version_before(permit, &version.key, version.seq)?,
    };
    let old = before.as_ref().and_then(|before| before.body.as_ref()).map(|body| body.text.as_str());
    let new = version.body.as_ref().map(|body| body.text.as_str());
    let (kind, (elements, is_cut)) = match (old, new) {
        (Some(old), Some(new)) => (ChangeKind::Updated, compare(old, new)?),
        (None, Some(_)) => (ChangeKind::Created, (vec![whole(None, new)], false)),
        (old, None) => (ChangeKind::Deleted, (vec![whole(old, None)], false)),
    };
    let title = new.or(old).map(title).unwrap_or_default();
    let (key, ordinal, version) = (version.key.clone(), version.ordinal, version.version);
    Ok(Change { key, ordinal, version, kind, title, elements, is_cut })
}

fn title(text: &str) -> String {
    let resource = Resource::parse(text.as_bytes(), &Limits::default());
    resource.map_or_else(|_| String::new(), |resource| headline(&resource).title)
}

/// The version before, if it is of the same commit: a file may hold one resource twice.
fn in_same_commit(phr: &Phr, permit: &Permit, version: &Version) -> Result<Option<Version>, Failure> {
    if version.version.0 == 1 || version.ordinal == 1 {
        return Ok(None);
    }
    let before = phr.store().history(permit, &version.key, Some(VersionId(version.version.0 - 1)), 1)?;
    Ok(before.into_iter().next().filter(|before| before.commit == version.commit))
}

fn whole(before: Option<&str>, after: Option<&str>) -> ElementChange {
    ElementChange { path: String::new(), before: before.map(str::to_owned), after: after.map(str::to_owned) }
}
