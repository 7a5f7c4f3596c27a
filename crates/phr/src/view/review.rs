//! What was brought in last, and what of the imports somebody should look at once.

use mecum_record::access::Act;
use mecum_record::caller::Caller;
use mecum_record::ids::{CommitId, ImportId, RecordId};
use mecum_store::{ImportRow, ImportState};
use serde_json::Value;

use crate::disclose::{Asked, Released};
use crate::permission::permit;
use crate::{Failure, Phr};

/// Imports that are looked through, the newest.
const LOOKED_THROUGH: usize = 20;

/// What somebody should look at in an import.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Concern {
    /// It did not end well: nothing of it is in the record.
    Failed,
    /// Lines that could not be read and were kept aside (PHR-8).
    KeptAside,
    /// A file that does not end as it should.
    Truncated,
    /// Entries that break a rule of the format and are kept as they are.
    Faulty,
    /// References that lead nowhere.
    Unresolved,
    /// Values that were put right in the one way there was.
    Repaired,
}

impl Concern {
    /// All of them, the gravest first.
    pub const ALL: [Concern; 6] = [
        Concern::Failed,
        Concern::KeptAside,
        Concern::Truncated,
        Concern::Faulty,
        Concern::Unresolved,
        Concern::Repaired,
    ];

    /// Its name in catalogues.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Concern::Failed => "failed",
            Concern::KeptAside => "kept-aside",
            Concern::Truncated => "truncated",
            Concern::Faulty => "faulty",
            Concern::Unresolved => "unresolved",
            Concern::Repaired => "repaired",
        }
    }

    /// How often a report says so.
    fn count(self, state: ImportState, report: &Value) -> u64 {
        let number = |name: &str| report[name].as_u64().unwrap_or_default();
        match self {
            Concern::Failed => u64::from(state == ImportState::Failed),
            Concern::KeptAside => number("quarantined"),
            Concern::Truncated => u64::from(report["possiblyTruncated"] == true),
            Concern::Faulty => number("faulty"),
            Concern::Unresolved => number("unresolved"),
            Concern::Repaired => {
                report["repairs"].as_object().into_iter().flatten().filter_map(|(_, n)| n.as_u64()).sum()
            }
        }
    }
}

/// An import in short. Not `Debug`: files and sources have names of people.
pub struct Arrival {
    /// Its number.
    pub import: ImportId,
    /// Its commit, if it changed anything.
    pub commit: Option<CommitId>,
    /// When it began, microseconds since the epoch.
    pub at_us: i64,
    /// Where the files came from.
    pub source: String,
    /// Their names.
    pub files: Vec<String>,
    /// Entries that were not there before, and new versions of others.
    pub n_new: (u64, u64),
    /// What somebody should look at, and how often; the gravest first.
    pub concerns: Vec<(Concern, u64)>,
}

/// What was brought in lately.
pub struct Review {
    /// The last import that stands.
    pub last: Option<Arrival>,
    /// Imports with something to look at, the newest first. What was taken back is none of them.
    pub concerning: Vec<Arrival>,
}

/// What was brought in last, and what somebody should look at.
///
/// # Errors
/// [`Failure::Forbidden`] for whoever may not see the record's history; [`Failure::Damaged`] when a report cannot be read.
pub fn review(phr: &Phr, caller: &Caller, record: RecordId, asked: &Asked) -> Result<Released<Review>, Failure> {
    let permit = permit(phr, caller, Act::ReadLog, record)?;
    let names = phr.store().sources(&permit)?;
    let mut review = Review { last: None, concerning: Vec::new() };
    let rows = phr.store().imports(&permit)?.into_iter().filter(|row| row.state != ImportState::Running);
    for row in rows.take(LOOKED_THROUGH) {
        let has_commit = row.state == ImportState::Done;
        if has_commit && phr.store().reverted_by(&permit, row.commit)?.is_some() {
            continue;
        }
        let source = names.iter().find(|known| known.source == row.source).map_or("", |known| known.name.as_str());
        if has_commit && review.last.is_none() {
            review.last = Some(arrival(&row, source)?);
        }
        review.concerning.extend(Some(arrival(&row, source)?).filter(|arrival| !arrival.concerns.is_empty()));
    }
    phr.desk().release(phr.store(), (caller, &permit), asked, (review, &[]), phr.now_us())
}

fn arrival(row: &ImportRow, source: &str) -> Result<Arrival, Failure> {
    let damaged = |_| Failure::Damaged(format!("the report of import {} cannot be read", row.import));
    let report: Value = match row.report.as_slice() {
        [] => Value::Null,
        text => serde_json::from_slice(text).map_err(damaged)?,
    };
    let number = |name: &str| report[name].as_u64().unwrap_or_default();
    let files = report["files"].as_array().into_iter().flatten().filter_map(|file| file["name"].as_str());
    let concern = |concern: Concern| Some((concern, concern.count(row.state, &report))).filter(|(_, n)| *n > 0);
    Ok(Arrival {
        import: row.import,
        commit: (row.state == ImportState::Done).then_some(row.commit),
        at_us: row.started_at_us,
        source: source.to_owned(),
        files: files.map(str::to_owned).collect(),
        n_new: (number("created"), number("updated")),
        concerns: Concern::ALL.into_iter().filter_map(concern).collect(),
    })
}
