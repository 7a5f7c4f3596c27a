//! The commits of a record: what was changed, by whom, and taking it back (PHR-59, PHR-91).
//!
//! - [`log`](log()), [`one`], [`diff`](diff()): which commits there are, one of them, and what it changed
//! - [`revert`](revert()): the state before a commit, as a new commit
//! - [`imports`]: the list of imports, and the undo of one
//! - [`verify`](verify()), [`check_head`]: whether the record is what was written
//! - [`reindex`](reindex()), [`owed_indexes`]: making what it is found by again
//! - [`access_log`](access_log()): who looked

mod access_log;
mod diff;
mod elements;
pub mod imports;
mod log;
mod reindex;
mod restore;
mod revert;
mod verify;

pub(crate) use access_log::entry as access_entry;
pub use access_log::{AccessEntry, AccessPage, EntryAccess, EntryAccessPage, access_by_others, access_log, access_to};
pub use diff::{Change, ChangeKind, MAX_DIFF, diff, diff_behind};
pub(crate) use elements::compare;
pub use elements::{ElementChange, MAX_ELEMENTS};
pub use log::{MAX_LOG, log, one};
pub use reindex::{owed_indexes, reindex};
pub use revert::{RevertReport, revert};
pub use verify::{KeptHead, KeptHeadError, KeptHeadMatch, check_head, verify};

pub use mecum_record::commit::CommitAct;
pub use mecum_record::disclosure::AccessKind;
pub use mecum_store::maintenance::{Finding, Verified};
pub use mecum_store::{Commit, ImportState};

use mecum_record::access::Permit;
use mecum_record::ids::CommitId;

use crate::{Failure, Phr};

/// The commit of that number in the chain of the permit's record.
///
/// # Errors
/// [`Failure::NotFound`] when there is none.
fn find(phr: &Phr, permit: &Permit, commit: CommitId) -> Result<Commit, Failure> {
    phr.store().commit_of(permit, commit)?.ok_or_else(|| Failure::NotFound(format!("commit {commit}")))
}
