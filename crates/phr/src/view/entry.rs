//! One resource as its page shows it: the version, what came before, and where it came from (I9).

use mecum_record::access::{Act, Permit, ResourceKey};
use mecum_record::caller::Caller;
use mecum_record::ids::{CommitId, ImportId, VersionId};
use mecum_store::{Commit, Version};
use serde_json::Value;

use crate::commits::{ElementChange, compare};
use crate::disclose::{Asked, Released};
use crate::permission::{name, permit};
use crate::{Failure, Phr, Rendered};

/// Versions listed at most, the newest first.
const MAX_VERSIONS: i64 = 100;

/// A resource with its history and origin. Not `Debug`: it is someone's health data.
pub struct Entry {
    /// The version that is shown.
    pub shown: Rendered,
    /// Who made that version, when.
    pub made: EntryVersion,
    /// Its versions, newest first.
    pub versions: Vec<EntryVersion>,
    /// Where the shown version came from; `None` for one that was entered here.
    pub origin: Option<Origin>,
    /// What the shown version changed; `None` for the first.
    pub change: Option<VersionChange>,
}

/// What a version changed in the one before it. Not `Debug`: it is someone's health data.
pub struct VersionChange {
    /// The number of the version before.
    pub from: i64,
    /// Whether that one was a deletion: then the differences are from what was deleted.
    pub was_deleted: bool,
    /// What differs, in order.
    pub elements: Vec<ElementChange>,
    /// Whether there is more than is listed.
    pub is_cut: bool,
}

/// One version in the list.
pub struct EntryVersion {
    /// Its number.
    pub version: i64,
    /// When it was made, microseconds since the epoch.
    pub at_us: i64,
    /// Whether it says that the resource was deleted.
    pub is_deletion: bool,
    /// The commit that made it.
    pub commit: CommitId,
    /// Who made that commit.
    pub author: String,
    /// In which words.
    pub message: String,
}

/// The file a version came from.
pub struct Origin {
    /// The name of its source.
    pub source: String,
    /// The import that brought it.
    pub import: Option<ImportId>,
    /// The files of that import.
    pub files: Vec<String>,
    /// The line of the file, or the entry of the Bundle, from 1.
    pub line: Option<u64>,
    /// What was said of that line: repaired how, which faults.
    pub notes: Vec<String>,
}

/// A resource with its versions and where it came from; the current version, or the one asked for.
///
/// # Errors
/// [`Failure::NotFound`] when it is not there or hidden; [`Failure::Gone`] when that version is a deletion.
pub fn entry(
    phr: &Phr,
    caller: &Caller,
    key: &ResourceKey,
    version: Option<VersionId>,
    asked: &Asked,
) -> Result<Released<Entry>, Failure> {
    let record = caller.bound_record().ok_or_else(|| Failure::NotFound(name(key)))?;
    let permit = permit(phr, caller, Act::Read(key.resource_type), record)?;
    let missing = || Failure::NotFound(name(key));
    let history = phr.store().history(&permit, key, None, MAX_VERSIONS)?;
    let chosen = match version {
        None => history.first(),
        Some(wanted) => history.iter().find(|of| of.version == wanted),
    };
    // One that is older than those listed stands alone.
    let older = match (chosen, version) {
        (None, Some(wanted)) => phr.store().history(&permit, key, Some(wanted), 1)?.into_iter().next(),
        _ => None,
    };
    let chosen = chosen.or(older.as_ref()).ok_or_else(missing)?;
    if chosen.is_deleted() {
        return Err(Failure::Gone(name(key)));
    }
    let mut versions = Vec::with_capacity(history.len());
    for of in &history {
        versions.push(listed(phr, &permit, of)?);
    }
    let (origin, change) = (origin(phr, &permit, chosen)?, change(&history, chosen)?);
    let made = listed(phr, &permit, chosen)?;
    let entry = Entry { shown: Rendered::of(chosen), made, versions, origin, change };
    phr.desk().release(phr.store(), (caller, &permit), asked, (entry, std::slice::from_ref(key)), phr.now_us())
}

/// What a version changed in the one before it; `None` for the first, and for what an earlier one than the first listed would tell.
fn change(versions: &[Version], shown: &Version) -> Result<Option<VersionChange>, Failure> {
    let at = versions.iter().position(|of| of.version == shown.version);
    let Some(before) = at.and_then(|at| versions.get(at + 1)) else { return Ok(None) };
    let text = |of: &Version| of.body.as_ref().map(|body| body.text.clone());
    let after = text(shown).unwrap_or_default();
    let was_deleted = before.is_deleted();
    // What was deleted in between is told against what there was before.
    let kept = versions.iter().skip(at.unwrap_or_default() + 1).find_map(text);
    let (elements, is_cut) = kept.map_or_else(|| Ok(Default::default()), |kept| compare(&kept, &after))?;
    Ok(Some(VersionChange { from: before.version.0, was_deleted, elements, is_cut }))
}

fn listed(phr: &Phr, permit: &Permit, version: &Version) -> Result<EntryVersion, Failure> {
    let commit = phr.store().commit_of(permit, version.commit)?;
    let (author, message) =
        commit.map_or_else(Default::default, |Commit { detail, .. }| (detail.author, detail.message));
    Ok(EntryVersion {
        version: version.version.0,
        at_us: version.at_us,
        is_deletion: version.is_deleted(),
        commit: version.commit,
        author,
        message,
    })
}

fn origin(phr: &Phr, permit: &Permit, version: &Version) -> Result<Option<Origin>, Failure> {
    let Some(source) = version.facts.source else {
        return Ok(None);
    };
    let sources = phr.store().sources(permit)?;
    let source = sources.into_iter().find(|row| row.source == source).map_or_else(String::new, |row| row.name);
    let import = phr.store().imports(permit)?.into_iter().find(|row| row.commit == version.commit);
    let report: Value = import.as_ref().and_then(|row| serde_json::from_slice(&row.report).ok()).unwrap_or_default();
    let line = version.body.as_ref().and_then(|body| body.line);
    let texts = |list: &Value, name: &str| -> Vec<String> {
        let items = list.as_array().into_iter().flatten();
        items.filter_map(|item| item.get(name)?.as_str().map(str::to_owned)).collect()
    };
    let of_line = |note: &&Value| line.is_some() && note.get("line").and_then(Value::as_u64) == line;
    let files = texts(&report["files"], "name");
    let said = |note: &Value| {
        let text = |name: &str| note.get(name).and_then(Value::as_str).unwrap_or_default();
        // A version knows its line, and of several files not which: a note then says whose it is.
        if files.len() > 1 { format!("{}: {}", text("file"), text("message")) } else { text("message").to_owned() }
    };
    let notes = report["notes"].as_array().into_iter().flatten().filter(of_line).map(said).collect();
    Ok(Some(Origin { source, import: import.as_ref().map(|row| row.import), files, line, notes }))
}
