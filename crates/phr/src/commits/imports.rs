//! The list of imports of a record, and the undo of one: the revert of its commit (IMP-1, PHR-59).

use mecum_record::access::Act;
use mecum_record::caller::Caller;
use mecum_record::ids::{CommitId, ImportId, RecordId, SourceId};
use mecum_store::ImportState;
use serde_json::Value;

use super::revert::{RevertReport, revert_as};
use crate::disclose::{Asked, Released};
use crate::permission::permit;
use crate::{Failure, Phr};

/// One import. Not `Debug`: the report names files and people.
#[derive(Clone)]
pub struct ImportEntry {
    /// Its number.
    pub import: ImportId,
    /// Its commit; `None` while there is none, or when nothing was new.
    pub commit: Option<CommitId>,
    /// Where it came from.
    pub source: SourceId,
    /// When it began, microseconds since the epoch.
    pub started_at_us: i64,
    /// When it ended.
    pub finished_at_us: Option<i64>,
    /// How it ended.
    pub state: ImportState,
    /// The commit that took it back, if it is taken back now.
    pub undone_by: Option<CommitId>,
    /// What became of every line, as `import` reported it.
    pub report: Value,
}

/// The imports of a record, newest first.
///
/// # Errors
/// [`Failure::Forbidden`] for whoever may not see it; [`Failure::Damaged`] when a report cannot be read.
pub fn list(phr: &Phr, caller: &Caller, record: RecordId) -> Result<Released<Vec<ImportEntry>>, Failure> {
    let permit = permit(phr, caller, Act::ReadLog, record)?;
    let mut entries = Vec::new();
    for row in phr.store().imports(&permit)? {
        let commit = (row.state == ImportState::Done).then_some(row.commit);
        let undone_by = commit.map(|commit| phr.store().reverted_by(&permit, commit)).transpose()?.flatten();
        entries.push(ImportEntry {
            import: row.import,
            commit,
            source: row.source,
            started_at_us: row.started_at_us,
            finished_at_us: row.finished_at_us,
            state: row.state,
            undone_by,
            report: report(row.import, &row.report)?,
        });
    }
    phr.desk().release(phr.store(), (caller, &permit), &Asked::new("import list"), (entries, &[]), phr.now_us())
}

fn report(import: ImportId, text: &[u8]) -> Result<Value, Failure> {
    if text.is_empty() {
        return Ok(Value::Null);
    }
    serde_json::from_slice(text).map_err(|_| Failure::Damaged(format!("the report of import {import} cannot be read")))
}

/// Undoes an import: what it brought is taken back, what was changed since is kept and named.
///
/// # Errors
/// [`Failure::NotFound`] when there is no such import; [`Failure::Conflict`] when it made no commit, or is undone already.
pub fn undo(phr: &Phr, caller: &Caller, record: RecordId, import: ImportId) -> Result<RevertReport, Failure> {
    let permit = permit(phr, caller, Act::Restore, record)?;
    let row = phr.store().imports(&permit)?.into_iter().find(|row| row.import == import);
    let row = row.ok_or_else(|| Failure::NotFound(format!("import {import}")))?;
    if row.state != ImportState::Done {
        let state = row.state.word();
        return Err(Failure::Conflict(format!("import {import} is {state}: it changed nothing that could be undone")));
    }
    revert_as(phr, caller, (record, row.commit), &format!("undo import {import}"))
}

/// The names of the sources that the record knows, oldest first.
///
/// # Errors
/// [`Failure::Forbidden`] for whoever may not see it.
pub fn sources(phr: &Phr, caller: &Caller, record: RecordId) -> Result<Released<Vec<String>>, Failure> {
    let permit = permit(phr, caller, Act::ReadLog, record)?;
    let names: Vec<String> = phr.store().sources(&permit)?.into_iter().map(|row| row.name).collect();
    phr.desk().release(phr.store(), (caller, &permit), &Asked::new("source list"), (names, &[]), phr.now_us())
}
