//! The list of loads, and the undo of one: each person's import is taken back by itself (PHR-59).

use mecum_record::access::Act;
use mecum_record::caller::Caller;
use mecum_record::ids::{ImportId, RecordId};

use crate::commits::RevertReport;
use crate::commits::imports::{self, ImportEntry};
use crate::disclose::Released;
use crate::permission::permit;
use crate::{Failure, Phr};

/// What taking a load back did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LoadUndone {
    /// Records whose import was taken back now, and how.
    pub records: Vec<(RecordId, RevertReport)>,
    /// Records in which there was nothing to take back, and why.
    pub skipped: Vec<(RecordId, String)>,
}

/// The loads, newest first.
///
/// # Errors
/// [`Failure::Forbidden`] for whoever may not import for more than one record.
pub fn loads(phr: &Phr, caller: &Caller) -> Result<Released<Vec<ImportEntry>>, Failure> {
    let entries = imports::list(phr, caller, RecordId::DIRECTORY)?;
    Ok(entries.map(|entries| entries.into_iter().filter(|entry| entry.report["records"].is_array()).collect()))
}

/// Takes back what a load brought to every person. What it brought to the directory stays: others may refer to it by now.
///
/// # Errors
/// [`Failure::NotFound`] when there is no such load; [`Failure::Forbidden`] for whoever may not restore.
pub fn undo(phr: &Phr, caller: &Caller, load: ImportId) -> Result<LoadUndone, Failure> {
    let directory = permit(phr, caller, Act::Import, RecordId::DIRECTORY)?;
    permit(phr, caller, Act::Restore, RecordId::DIRECTORY)?;
    let row = phr.store().imports(&directory)?.into_iter().find(|row| row.import == load);
    let not_found = || Failure::NotFound(format!("load {load}"));
    let report: serde_json::Value = serde_json::from_slice(&row.ok_or_else(not_found)?.report)
        .map_err(|_| Failure::Broken(format!("the report of load {load} cannot be read")))?;
    let mut undone = LoadUndone::default();
    for line in report["records"].as_array().ok_or_else(not_found)? {
        let (Some(record), Some(import)) = (line[0].as_i64(), line[1].as_i64()) else { continue };
        match imports::undo(phr, caller, RecordId(record), ImportId(import)) {
            Ok(reverted) => undone.records.push((RecordId(record), reverted)),
            Err(failure @ (Failure::Conflict(_) | Failure::NotFound(_))) => {
                undone.skipped.push((RecordId(record), failure.to_string()));
            }
            Err(failure) => return Err(failure),
        }
    }
    Ok(undone)
}
