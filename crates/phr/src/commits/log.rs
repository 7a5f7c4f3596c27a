//! The log of commits, newest first (PHR-91).

use mecum_record::access::Act;
use mecum_record::caller::Caller;
use mecum_record::ids::{CommitId, RecordId};
use mecum_store::Commit;

use super::find;
use crate::disclose::{Asked, Released};
use crate::permission::permit;
use crate::{Failure, Phr};

/// Commits given at once at most.
pub const MAX_LOG: i64 = 1000;

/// The commits before place `before_seq` of the chain (`i64::MAX` for the newest), newest first, at most `limit` of them and at most
/// [`MAX_LOG`].
///
/// # Errors
/// [`Failure::Forbidden`] for whoever may not see it.
pub fn log(
    phr: &Phr,
    caller: &Caller,
    record: RecordId,
    before_seq: i64,
    limit: i64,
) -> Result<Released<Vec<Commit>>, Failure> {
    let permit = permit(phr, caller, Act::ReadLog, record)?;
    let commits = phr.store().log(&permit, before_seq, limit.clamp(0, MAX_LOG))?;
    phr.desk().release(phr.store(), (caller, &permit), &Asked::new("log"), (commits, &[]), phr.now_us())
}

/// One commit, and the one that takes it back now, if any does.
///
/// # Errors
/// [`Failure::NotFound`] when there is no such commit; [`Failure::Forbidden`] for whoever may not see it.
pub fn one(
    phr: &Phr,
    caller: &Caller,
    record: RecordId,
    commit: CommitId,
) -> Result<Released<(Commit, Option<CommitId>)>, Failure> {
    let permit = permit(phr, caller, Act::ReadLog, record)?;
    let found = find(phr, &permit, commit)?;
    let undone_by = phr.store().reverted_by(&permit, commit)?;
    let asked = Asked::new(format!("commit {commit}"));
    phr.desk().release(phr.store(), (caller, &permit), &asked, ((found, undone_by), &[]), phr.now_us())
}
