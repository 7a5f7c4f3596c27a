//! `mecum import list` and `mecum import undo`: what was brought in, and taking it back (PHR-59).

use mecum_phr::commits::imports::{self, ImportEntry};
use mecum_phr::words::ImportId;
use serde_json::{Value, json};

use super::history::answer_revert;
use crate::config::Settings;
use crate::console::{answer, time};
use crate::opening::Opened;
use crate::stop::Stop;

/// Lists the imports into a record.
pub(crate) fn list(opened: &Opened, settings: &Settings, record: &str) -> Result<(), Stop> {
    let record = opened.record(record)?.record;
    let entries = imports::list(&opened.phr, &opened.caller, record)?.deliver();
    let json: Vec<Value> = entries.iter().map(to_json).collect();
    let lines: Vec<String> = entries.iter().map(line).collect();
    let text = if lines.is_empty() { "Nothing was imported yet.".to_owned() } else { lines.join("\n") };
    answer(settings.json, &Value::Array(json), &text)
}

/// Takes back what an import brought.
pub(crate) fn undo(opened: &Opened, settings: &Settings, record: &str, import: i64) -> Result<(), Stop> {
    let record = opened.record(record)?.record;
    let report = imports::undo(&opened.phr, &opened.caller, record, ImportId(import))?;
    answer_revert(settings, &report)
}

fn to_json(entry: &ImportEntry) -> Value {
    json!({"import": entry.import.0, "commit": entry.commit.map(|commit| commit.0), "startedAt": time(entry.started_at_us),
        "finishedAt": entry.finished_at_us.map(time), "state": entry.state.word(),
        "undoneBy": entry.undone_by.map(|commit| commit.0), "report": entry.report})
}

fn line(entry: &ImportEntry) -> String {
    let files: Vec<&str> =
        entry.report["files"].as_array().into_iter().flatten().filter_map(|file| file["name"].as_str()).collect();
    let source = entry.report["source"].as_str().unwrap_or_default();
    let undone = entry.undone_by.map_or_else(String::new, |commit| format!("  undone by commit {commit}"));
    let (import, at, state) = (entry.import.0, time(entry.started_at_us), entry.state.word());
    let created = entry.report["created"].as_u64().unwrap_or(0);
    format!("{import:>4}  {at}  {state:<9} {created:>6} new  {} from {source}{undone}", files.join(", "))
}
