//! Taking a commit back: the state before it, restored by a new commit; what was changed since is kept (PHR-59).

use std::collections::HashSet;

use mecum_fhir::reference::ResourceType;
use mecum_record::access::{Act, Permit, ResourceKey};
use mecum_record::caller::Caller;
use mecum_record::commit::{CommitAct, CommitDetail};
use mecum_record::ids::{CommitId, RecordId, VersionId};
use mecum_store::{Change, CommitWords, Content, Expected, Staging, StoreError, Version};

use super::find;
use super::restore::{Restored, restored};
use crate::permission::permit;
use crate::{Failure, Phr};

/// Versions looked at, and changes staged, in one step.
const BATCH: usize = 500;

/// How often a batch is looked at anew when somebody wrote meanwhile.
const MAX_ATTEMPTS: usize = 5;

/// What taking a commit back did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RevertReport {
    /// The commit that did it; `None` when there was nothing left to take back.
    pub commit: Option<CommitId>,
    /// Resources that are again what they were before.
    pub n_restored: u64,
    /// Resources that were not there before, and are deleted.
    pub n_deleted: u64,
    /// Resources that were changed since, and stay as they are.
    pub kept: Vec<ResourceKey>,
}

/// Takes a commit back. Taking back what took it back brings its effect again.
///
/// # Errors
/// [`Failure::NotFound`] when there is no such commit; [`Failure::Conflict`] when it is taken back already, or while an import
/// runs; [`Failure::Forbidden`] for whoever may not. Nothing is changed then.
pub fn revert(phr: &Phr, caller: &Caller, record: RecordId, commit: CommitId) -> Result<RevertReport, Failure> {
    revert_as(phr, caller, (record, commit), &format!("revert commit {commit}"))
}

/// Takes a commit back under this message.
pub(super) fn revert_as(
    phr: &Phr,
    caller: &Caller,
    (record, commit): (RecordId, CommitId),
    message: &str,
) -> Result<RevertReport, Failure> {
    let restore = permit(phr, caller, Act::Restore, record)?;
    find(phr, &restore, commit)?;
    let mut staging = phr.store().begin_staging(&restore, None, &format!("revert of commit {commit}"), phr.now_us())?;
    // From here on no other import or revert comes between.
    if let Some(by) = phr.store().reverted_by(&restore, commit)? {
        return Err(Failure::Conflict(format!("commit {commit} is taken back already, by commit {by}")));
    }
    let mut report = RevertReport::default();
    let mut subject = Subject::of(phr, record)?;
    let mut after = 0;
    loop {
        // Each page is decided anew.
        let permit = permit(phr, caller, Act::Restore, record)?;
        let versions = phr.store().commit_versions(&permit, commit, after, BATCH as i64)?;
        let Some(last) = versions.last() else { break };
        after = last.ordinal;
        let batch = stage(phr, &permit, &versions, &mut staging)?;
        report.count(batch, &mut subject);
    }
    // A resource that the commit holds twice is kept once.
    let mut seen = HashSet::new();
    report.kept.retain(|key| seen.insert(key.clone()));
    let detail = CommitDetail { author: format!("{} {}", caller.kind(), caller.name()), message: message.to_owned() };
    let words = CommitWords { at_us: phr.now_us(), act: CommitAct::Revert, detail, reverts: Some(commit) };
    report.commit = staging.publish(&words, b"")?.map(|committed| committed.commit);
    subject.settle(phr, caller, record)?;
    phr.desk().note_event(caller, record, message, phr.now_us());
    Ok(report)
}

/// What one page of a commit became.
#[derive(Default)]
struct Batch {
    changes: Vec<Change>,
    kept: Vec<ResourceKey>,
}

/// Stages what takes these versions back, looking again when somebody changed one of them between looking and writing.
fn stage(phr: &Phr, permit: &Permit, versions: &[Version], staging: &mut Staging<'_>) -> Result<Batch, Failure> {
    let mut n_attempts = 1;
    loop {
        let batch = look(phr, permit, versions)?;
        match staging.put(&batch.changes, &[], phr.now_us()) {
            Ok(()) => return Ok(batch),
            Err(StoreError::VersionConflict { .. }) if n_attempts < MAX_ATTEMPTS => n_attempts += 1,
            Err(error) => return Err(error.into()),
        }
    }
}

fn look(phr: &Phr, permit: &Permit, versions: &[Version]) -> Result<Batch, Failure> {
    let mut batch = Batch::default();
    for version in versions {
        match restored(phr, permit, version)? {
            Restored::To(change) => batch.changes.push(*change),
            Restored::Kept => batch.kept.push(version.key.clone()),
            Restored::Nothing => {}
        }
    }
    Ok(batch)
}

impl RevertReport {
    fn count(&mut self, batch: Batch, subject: &mut Subject) {
        for change in &batch.changes {
            let is_deletion = matches!(change.content, Content::Deleted);
            *(if is_deletion { &mut self.n_deleted } else { &mut self.n_restored }) += 1;
            subject.follow(change);
        }
        self.kept.extend(batch.kept);
    }
}

/// Whom the record is about: undoing the import that brought the Patient leaves a record about nobody, and the other way round.
struct Subject {
    before: Option<String>,
    now: Option<String>,
}

impl Subject {
    fn of(phr: &Phr, record: RecordId) -> Result<Subject, Failure> {
        let id = phr.store().record(record)?.profile.subject_id;
        Ok(Subject { before: id.clone(), now: id })
    }

    fn follow(&mut self, change: &Change) {
        if change.key.resource_type != ResourceType::PATIENT {
            return;
        }
        let id = &change.key.id;
        let is_back = change.expected == Expected::Version(VersionId(0));
        match &change.content {
            Content::Deleted if self.now.as_ref() == Some(id) => self.now = None,
            Content::Put(_) if is_back && self.now.is_none() => self.now = Some(id.clone()),
            Content::Put(_) | Content::Deleted => {}
        }
    }

    fn settle(self, phr: &Phr, caller: &Caller, record: RecordId) -> Result<(), Failure> {
        if self.now == self.before {
            return Ok(());
        }
        let permit = permit(phr, caller, Act::Restore, record)?;
        let mut profile = phr.store().record(record)?.profile;
        profile.subject_id = self.now;
        Ok(phr.store().set_profile(&permit, &profile)?)
    }
}
