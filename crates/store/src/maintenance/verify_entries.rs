//! Recomputing every entry of the search index from the versions: facts, and who put whom out of place.

use std::ops::ControlFlow;

use mecum_record::ids::CommitId;

use super::verify::{Subject, Verified};
use super::verify_index::PART;
use super::verify_sums::VersionName;
use crate::db::{Row, Tx};
use crate::error::StoreError;
use crate::index::{ENTRY_COLUMNS, entry_no, read_owed};

/// Columns of a version that its entry repeats, in the entry's order; then what else is asked of it.
const OF_VERSION: &str = "v.type_code, v.id, v.version_id, v.source_id, v.labels, v.categories, v.dated_from, v.dated_until, \
     v.commit_id, v.ordinal, v.deleted, c.seq";
const N_OF_VERSION: usize = 12;

/// The newest versions first, so that who superseded a version was seen before it is.
fn sql() -> String {
    let entry: Vec<String> = ENTRY_COLUMNS.iter().map(|column| format!("e.{column}")).collect();
    format!(
        "SELECT {OF_VERSION}, {} FROM version v \
         LEFT JOIN commit_log c ON c.record_id = v.record_id AND c.commit_id = v.commit_id \
         LEFT JOIN entry e ON e.record_id = v.record_id AND e.entry_no = ((v.commit_id << 24) | v.ordinal) \
         WHERE v.record_id = $1 ORDER BY v.type_code, v.id, v.version_id DESC",
        entry.join(", ")
    )
}

/// Compares every entry with its version.
pub(super) fn verify_entries(
    tx: &mut Tx<'_>,
    subject: &Subject<'_>,
    verified: &mut Verified,
) -> Result<(), StoreError> {
    if read_owed(tx, subject.record)?.is_some() {
        return Ok(());
    }
    let mut later = Later::default();
    let mut n_met = 0;
    tx.each(&sql(), &[subject.record.0.into()], |row| {
        if let Some((name, is_right)) = verified.legible(PART, check(row, subject.record.0, &mut later))? {
            if !is_right {
                verified.add(PART, format!("the entry of {} is altered, missing or added", name.told()));
            }
            n_met += i64::from(row.opt_int(N_OF_VERSION + 1)?.is_some());
        }
        Ok::<_, StoreError>(ControlFlow::Continue(()))
    })?;
    let count = "SELECT COUNT(*) FROM entry WHERE record_id = $1";
    let n_there = tx.query_one(count, &[subject.record.0.into()])?.int(0)?;
    if n_there != n_met {
        verified.add(PART, format!("{} entries are of versions that are not there", n_there - n_met));
    }
    Ok(())
}

/// Who put versions of the resource looked at out of place.
#[derive(Default)]
struct Later {
    resource: (i64, String),
    /// Of the later versions that are in the chain, the first to come there.
    first: Option<(i64, CommitId)>,
    staged: Option<CommitId>,
}

/// Whether a version's entry is as it has to be.
fn check(row: &Row, record_id: i64, later: &mut Later) -> Result<(VersionName, bool), StoreError> {
    let resource = (row.int(0)?, row.text(1)?.to_owned());
    if later.resource != resource {
        *later = Later { resource: resource.clone(), ..Later::default() };
    }
    let (commit, seq) = (CommitId(row.int(8)?), row.opt_int(11)?);
    let name = VersionName { type_code: resource.0, id: resource.1, version: row.int(2)? };
    let found = row.opt_int(N_OF_VERSION + 1)?;
    let is_right = match (row.int(10)? != 0, found) {
        (true, found) => found.is_none(),
        (false, None) => false,
        (false, Some(_)) => {
            let number = entry_no(commit, row.int(9)?)?;
            is_superseded_by(row.int(N_OF_VERSION + 5)?, later) && is_of_version(row, (record_id, number))?
        }
    };
    match seq {
        Some(seq) if later.first.is_none_or(|(first, _)| seq < first) => later.first = Some((seq, commit)),
        Some(_) => {}
        None => later.staged = Some(commit),
    }
    Ok((name, is_right))
}

/// While a staged commit is being swept, what it superseded is put back step by step.
fn is_superseded_by(found: i64, later: &Later) -> bool {
    match (later.first, later.staged) {
        (Some((_, commit)), _) => found == commit.0,
        (None, Some(staged)) => found == staged.0 || found == 0,
        (None, None) => found == 0,
    }
}

fn is_of_version(row: &Row, (record_id, number): (i64, i64)) -> Result<bool, StoreError> {
    let at = |name: usize| N_OF_VERSION + name;
    let same = |one: usize, other: usize| -> Result<bool, StoreError> { Ok(row.opt_int(one)? == row.opt_int(other)?) };
    let is_placed = row.int(at(0))? == record_id && row.int(at(1))? == number;
    let is_named = same(0, at(2))? && row.text(1)? == row.text(at(3))? && same(2, at(4))?;
    let has_facts = (3..8).zip(at(6)..).map(|(one, other)| same(one, other)).collect::<Result<Vec<_>, _>>()?;
    Ok(is_placed && is_named && has_facts.into_iter().all(|same| same))
}
