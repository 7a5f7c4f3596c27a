//! Who looked at a record, what went out and what was refused (AUD-7, PHR-93).

use std::collections::HashSet;

use mecum_record::access::{Act, Permit, ResourceKey};
use mecum_record::caller::Caller;
use mecum_record::disclosure::AccessKind;
use mecum_record::ids::RecordId;
use mecum_store::{AccessLine, codec};
use serde_json::Value;

use crate::disclose::{Asked, Released};
use crate::permission::{name, permit};
use crate::{Failure, Phr};

/// Lines given at once at most.
const MAX_LINES: i64 = 1000;

/// Pages read at most to find the lines of others among own looks.
const MAX_STEPS: usize = 5;

/// One line unpacked is at most this long: a flush of a busy second (11 MB at its bounds) with room.
const MAX_DETAIL_BYTES: usize = 64 << 20;

/// A line of the access log. Not `Debug`: it may say what was asked.
#[derive(Clone)]
pub struct AccessEntry {
    /// Its place in the record's chain of lines, from 1.
    pub seq: i64,
    /// When, microseconds since the epoch.
    pub at_us: i64,
    /// What it says.
    pub kind: AccessKind,
    /// The disclosure it belongs to; empty for none.
    pub disclosure_id: String,
    /// Who, what and how much.
    pub detail: Value,
    /// Of a disclosure's first line: whether nothing says yet how it ended. Whoever it names may have seen anything its grant admits.
    pub is_open: bool,
}

/// The lines before `before_seq` (`i64::MAX` for the newest), newest first, at most `limit` and at most 1000. What waits to be
/// written is written first, so that nothing that left is missing.
///
/// # Errors
/// [`Failure::Forbidden`] for whoever may not see it; [`Failure::Damaged`] when a line does not open.
pub fn access_log(
    phr: &Phr,
    caller: &Caller,
    record: RecordId,
    before_seq: i64,
    limit: i64,
) -> Result<Released<Vec<AccessEntry>>, Failure> {
    let permit = permit(phr, caller, Act::ReadAccessLog, record)?;
    phr.flush_access_log()?;
    let entries = entries(phr, &permit, before_seq, limit.clamp(0, MAX_LINES))?;
    phr.desk().release(phr.store(), (caller, &permit), &Asked::new("access log"), (entries, &[]), phr.now_us())
}

/// Lines, and the place before which the next page begins; none when this is the last.
pub type AccessPage = (Vec<AccessEntry>, Option<i64>);

/// As [`access_log`], without the holder's own looks; and the place before which the next page begins, unless this is the last.
///
/// # Errors
/// As [`access_log`].
pub fn access_by_others(
    phr: &Phr,
    caller: &Caller,
    record: RecordId,
    before_seq: i64,
    limit: i64,
) -> Result<Released<AccessPage>, Failure> {
    let permit = permit(phr, caller, Act::ReadAccessLog, record)?;
    phr.flush_access_log()?;
    let limit = usize::try_from(limit.clamp(1, MAX_LINES)).unwrap_or(1);
    let (mut found, mut next) = (Vec::new(), Some(before_seq));
    for _ in 0..MAX_STEPS {
        let Some(before) = next.filter(|_| found.len() < limit) else { break };
        let step = entries(phr, &permit, before, MAX_LINES)?;
        next = step.last().map(|last| last.seq).filter(|seq| *seq > 1);
        found.extend(step.into_iter().filter(|entry| entry.kind != AccessKind::Look));
    }
    if found.len() > limit {
        found.truncate(limit);
        next = found.last().map(|last| last.seq);
    }
    phr.desk().release(phr.store(), (caller, &permit), &Asked::new("access log"), ((found, next), &[]), phr.now_us())
}

/// A line that touches one entry. Not `Debug`: it may say what was asked.
pub struct EntryAccess {
    /// The line.
    pub line: AccessEntry,
    /// Whether it names the entry; otherwise the entry may have been among what it counts and does not list.
    pub is_named: bool,
}

/// Lines that touch an entry, and the place before which to look on; none when the log ends.
pub type EntryAccessPage = (Vec<EntryAccess>, Option<i64>);

/// The lines before `before_seq` that touch one entry, newest first, at most `limit`; and the place before which to look on, unless
/// the log ends here. One call reads so many lines at most, so that it may give fewer than there are.
///
/// # Errors
/// As [`access_log`].
pub fn access_to(
    phr: &Phr,
    caller: &Caller,
    key: &ResourceKey,
    (before_seq, limit): (i64, usize),
    asked: &Asked,
) -> Result<Released<EntryAccessPage>, Failure> {
    let record = caller.bound_record().ok_or_else(|| Failure::NotFound(name(key)))?;
    let permit = permit(phr, caller, Act::ReadAccessLog, record)?;
    phr.flush_access_log()?;
    let step = entries(phr, &permit, before_seq, MAX_LINES)?;
    let mut next = step.last().map(|last| last.seq).filter(|seq| *seq > 1);
    let mut found = touching(step, &format!("{}/{}", key.resource_type.name(), key.id));
    if found.len() > limit {
        found.truncate(limit);
        next = found.last().map(|last| last.line.seq);
    }
    phr.desk().release(phr.store(), (caller, &permit), asked, ((found, next), &[]), phr.now_us())
}

/// Of lines, newest first, those that name an entry or may stand for it.
fn touching(lines: Vec<AccessEntry>, name: &str) -> Vec<EntryAccess> {
    // What left as a whole, e.g. an export, lists nothing: its disclosure has no lines between its first and its last.
    let listed: HashSet<String> =
        lines.iter().filter(|line| line.kind == AccessKind::Lines).map(|line| line.disclosure_id.clone()).collect();
    let of = |line: &AccessEntry| {
        let requests = || line.detail["requests"].as_array().into_iter().flatten();
        let resources = |request: &Value| request["resources"].as_array().map_or(0, Vec::len) as u64;
        let names = |request: &Value| request["resources"].as_array().into_iter().flatten().any(|other| other == name);
        let is_more = |request: &Value| request["count"].as_u64().unwrap_or_default() > resources(request);
        match line.kind {
            AccessKind::Look | AccessKind::Lines if requests().any(names) => Some(true),
            AccessKind::Look | AccessKind::Lines if requests().any(is_more) => Some(false),
            AccessKind::Closed if !listed.contains(&line.disclosure_id) => {
                (line.detail["resources"].as_u64() > Some(0)).then_some(false)
            }
            AccessKind::Opened if line.is_open && !listed.contains(&line.disclosure_id) => Some(false),
            _ => None,
        }
    };
    let touched = |line: AccessEntry| of(&line).map(|is_named| EntryAccess { line, is_named });
    lines.into_iter().filter_map(touched).collect()
}

fn entries(phr: &Phr, permit: &Permit, before_seq: i64, limit: i64) -> Result<Vec<AccessEntry>, Failure> {
    let lines = phr.store().access_lines(permit, before_seq, limit)?;
    let mut entries = lines.into_iter().map(entry).collect::<Result<Vec<_>, _>>()?;
    let opened = entries.iter().filter(|entry| entry.is_open).map(|entry| entry.disclosure_id.clone());
    let closed = phr.store().closed_disclosures(permit, &opened.collect::<Vec<_>>())?;
    entries.iter_mut().for_each(|entry| entry.is_open &= !closed.contains(&entry.disclosure_id));
    Ok(entries)
}

pub(crate) fn entry(line: AccessLine) -> Result<AccessEntry, Failure> {
    let broken = || Failure::Broken(format!("line {} of the access log is damaged: run mecum verify", line.seq));
    let text = codec::unpack(&line.detail, MAX_DETAIL_BYTES).map_err(|_| broken())?;
    let detail = serde_json::from_slice(&text).map_err(|_| broken())?;
    let AccessLine { seq, at_us, kind, disclosure_id, .. } = line;
    Ok(AccessEntry { seq, at_us, kind, disclosure_id, detail, is_open: kind == AccessKind::Opened })
}
