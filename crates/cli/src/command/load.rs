//! `mecum import --record-per-patient`: a clinic's files, each person into a record of their own; the list of loads, and undoing one.

use std::path::{Path, PathBuf};

use mecum_phr::import::load::{self, LoadJob, LoadReport, PersonOutcome, PersonReport};
use mecum_phr::import::{Original, OriginalContent, Progress};
use mecum_phr::words::seal::Key;
use mecum_phr::words::{ImportId, SourceKind};
use serde_json::{Value, json};

use super::import::{name_of, open_file};
use crate::config::Settings;
use crate::console::{answer, byte_bar, time};
use crate::opening::Opened;
use crate::stop::Stop;

/// People and notes listed in words; `--json` has them all.
const MOST_PEOPLE: usize = 200;
const MOST_NOTES: usize = 20;

/// What is asked for.
pub(crate) struct Wanted<'a> {
    pub(crate) files: &'a [PathBuf],
    pub(crate) source: Option<&'a str>,
    pub(crate) kind: SourceKind,
    pub(crate) key: Option<Key>,
    pub(crate) is_dry: bool,
}

/// Loads the files, or looks what that would do.
pub(crate) fn take(opened: &Opened, settings: &Settings, wanted: Wanted<'_>) -> Result<(), Stop> {
    let originals = originals(wanted.files)?;
    let total_bytes = originals.iter().map(|original| original.size_bytes).sum();
    let first = originals.first().map(|original| original.name.clone()).unwrap_or_default();
    let job = LoadJob {
        message: format!("load of {} files", originals.len()),
        originals,
        source_kind: wanted.kind,
        source_name: wanted.source.map_or(first, str::to_owned),
        is_source_named: wanted.source.is_some(),
        key: wanted.key,
    };
    let bar = byte_bar(total_bytes, "sorting");
    let mut progress = |now: Progress| {
        bar.set_message(if now.pass == 1 { "sorting" } else { "taking in" });
        bar.set_position(now.n_bytes.min(now.total_bytes));
    };
    let report = if wanted.is_dry {
        load::preview_load(&opened.phr, &opened.caller, &job, &mut progress)
    } else {
        load::load(&opened.phr, &opened.caller, &job, &mut progress)
    };
    bar.finish_and_clear();
    let report = report?;
    answer(settings.json, &report.to_json(), &text_of(&report, wanted.is_dry))?;
    match report.n_refused() {
        0 => Ok(()),
        n => {
            Err(Stop::Refused(format!("{n} of {} people were not taken in: the report says why", report.people.len())))
        }
    }
}

/// The files, and those in the folders that are named.
fn originals(paths: &[PathBuf]) -> Result<Vec<Original>, Stop> {
    let mut files: Vec<PathBuf> = Vec::new();
    for path in paths {
        if path.is_dir() {
            files.extend(files_in(path)?);
        } else {
            files.push(path.clone());
        }
    }
    if files.is_empty() {
        return Err(Stop::Usage("there is no file in it".to_owned()));
    }
    let original = |path: &PathBuf| -> Result<Original, Stop> {
        let metadata = open_file(path)?.metadata().map_err(|error| Stop::file(path, &error))?;
        let (name, content) = (name_of(path), OriginalContent::File(path.clone()));
        Ok(Original { name, content, size_bytes: metadata.len() })
    };
    files.iter().map(original).collect()
}

/// The files of a folder in the order of their names; hidden ones and folders in it are left out.
fn files_in(folder: &Path) -> Result<Vec<PathBuf>, Stop> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(|error| Stop::file(folder, &error))? {
        let path = entry.map_err(|error| Stop::file(folder, &error))?.path();
        let is_hidden = path.file_name().is_none_or(|name| name.to_string_lossy().starts_with('.'));
        if path.is_file() && !is_hidden {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

/// Lists the loads.
pub(crate) fn list(opened: &Opened, settings: &Settings) -> Result<(), Stop> {
    let entries = load::loads(&opened.phr, &opened.caller)?.deliver();
    let count = |report: &Value, name: &str| report[name].as_u64().unwrap_or(0);
    let line = |entry: &mecum_phr::commits::imports::ImportEntry| {
        let (load, at, state, report) = (entry.import.0, time(entry.started_at_us), entry.state.word(), &entry.report);
        let (people, created) = (count(report, "people"), count(report, "created"));
        let source = report["source"].as_str().unwrap_or_default();
        format!("{load:>4}  {at}  {state:<9} {people:>6} people {created:>8} new  from {source}")
    };
    let lines: Vec<String> = entries.iter().map(line).collect();
    let json: Vec<Value> = entries
        .iter()
        .map(|entry| {
            json!({"load": entry.import.0, "startedAt": time(entry.started_at_us),
                "finishedAt": entry.finished_at_us.map(time), "state": entry.state.word(), "report": entry.report})
        })
        .collect();
    let text = if lines.is_empty() { "Nothing was loaded yet.".to_owned() } else { lines.join("\n") };
    answer(settings.json, &Value::Array(json), &text)
}

/// Takes back what a load brought to every person.
pub(crate) fn undo(opened: &Opened, settings: &Settings, number: i64) -> Result<(), Stop> {
    let undone = load::undo(&opened.phr, &opened.caller, ImportId(number))?;
    let (mut n_deleted, mut n_restored, mut n_kept) = (0, 0, 0);
    for (_, report) in &undone.records {
        n_deleted += report.n_deleted;
        n_restored += report.n_restored;
        n_kept += report.kept.len();
    }
    let json = json!({
        "load": number,
        "records": undone.records.iter().map(|(record, report)| json!({"record": record.0,
            "commit": report.commit.map(|commit| commit.0), "deleted": report.n_deleted,
            "restored": report.n_restored, "kept": report.kept.len()})).collect::<Vec<_>>(),
        "skipped": undone.skipped.iter().map(|(record, why)| json!({"record": record.0, "reason": why}))
            .collect::<Vec<_>>(),
    });
    let mut lines = vec![
        format!("Load {number} is undone in {} records.", undone.records.len()),
        format!("{n_deleted:>9} resources deleted"),
        format!("{n_restored:>9} set back"),
    ];
    if n_kept > 0 {
        lines.push(format!("{n_kept:>9} changed since, and kept"));
    }
    lines.extend(undone.skipped.iter().map(|(record, why)| format!("  record {record}: {why}")));
    answer(settings.json, &json, &lines.join("\n"))
}

/// The report in words: the whole, then each person, then the first notes.
fn text_of(report: &LoadReport, is_dry: bool) -> String {
    let n_records = report.people.len() - report.n_refused();
    let head = match report.load {
        Some(load) => format!("Load {load} is in {n_records} records, {} of them opened now.", report.n_opened()),
        None => format!(
            "Nothing was changed; this would go to {n_records} records, {} of them opened then.",
            report.n_opened()
        ),
    };
    let mut lines =
        vec![head, format!("{:>9} lines read in {} files from {}", report.n_lines, report.n_files, report.source)];
    let counts = [
        (report.total(|one| one.n_created), "new resources"),
        (report.total(|one| one.n_updated), "new versions"),
        (report.total(|one| one.n_unchanged), "known already"),
        (report.n_shared, "lines of what belongs to nobody, copied to those who refer to it or kept in the directory"),
        (report.n_unreferred, "of them that nobody refers to, kept aside"),
        (report.total(|one| one.n_media), "files that came along"),
        (report.n_generated + report.total(|one| one.n_generated), "lines that an export had added"),
        (report.n_quarantined + report.total(|one| one.n_quarantined), "lines that are in no record, kept aside"),
        (report.n_media_left, "files of archives of several people, left out"),
        (report.total(|one| one.n_faulty), "resources with faults, kept as they are"),
        (report.total(|one| one.n_unresolved), "references that lead nowhere"),
        (report.n_refused() as u64, "people not taken in"),
    ];
    lines.extend(counts.iter().filter(|(n, _)| *n > 0).map(|(n, what)| format!("{n:>9} {what}")));
    lines.extend(report.people.iter().take(MOST_PEOPLE).map(|person| line_of(person, is_dry)));
    if report.people.len() > MOST_PEOPLE {
        lines.push(format!("  and {} more people; --json has them", report.people.len() - MOST_PEOPLE));
    }
    for note in report.notes.iter().take(MOST_NOTES) {
        lines.push(format!("  {} line {}: {}: {}", note.file, note.line, note.kind, note.message));
    }
    if report.notes.len() > MOST_NOTES {
        lines.push(format!("  and {} more notes; --json has them", report.notes.len() - MOST_NOTES));
    }
    lines.join("\n")
}

fn line_of(person: &PersonReport, is_dry: bool) -> String {
    let record = person.record.map_or_else(|| "new".to_owned(), |record| record.to_string());
    let what = match &person.outcome {
        PersonOutcome::Refused(reason) => format!("not taken in: {reason}"),
        PersonOutcome::Previewed => format!("{} lines", person.n_lines),
        PersonOutcome::Done(report) => {
            format!("{} new, {} known already", report.n_created + report.n_updated, report.n_unchanged)
        }
    };
    let opened = if person.is_new && !person.is_refused() && !is_dry { ", opened" } else { "" };
    format!("  record {record:>5}  {}: {what}{opened}", person.name)
}
