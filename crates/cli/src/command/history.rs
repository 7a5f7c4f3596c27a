//! `mecum log`, `diff` and `revert`: what was changed in a record, by whom, and taking it back (PHR-91).

use clap::Args;
use mecum_phr::commits::{self, Change, Commit, MAX_DIFF, RevertReport};
use mecum_phr::words::CommitId;
use serde_json::{Value, json};

use super::lines::Lines;
use crate::config::Settings;
use crate::console::{answer, time};
use crate::opening::{Opened, with_records};
use crate::stop::Stop;

/// The longest element shown, characters.
const MAX_SHOWN: usize = 120;

/// List the commits of a record, newest first.
#[derive(Args)]
#[command(after_help = "Examples:\n  mecum log --record Ada\n  mecum log --record Ada --limit 5 --json")]
pub(crate) struct Log {
    #[command(flatten)]
    lines: Lines,
}

/// Show what a commit changed.
#[derive(Args)]
#[command(after_help = "Examples:\n  mecum diff 7 --record Ada\n  mecum diff 7 --record Ada --json")]
pub(crate) struct Diff {
    /// The commit's number, as `mecum log` says it.
    commit: i64,
    /// The record, by number or name.
    #[arg(long)]
    record: String,
}

/// Take a commit back, as a new commit; what was changed since stays as it is.
#[derive(Args)]
#[command(after_help = "Examples:\n  mecum revert 7 --record Ada")]
pub(crate) struct Revert {
    /// The commit's number, as `mecum log` says it.
    commit: i64,
    /// The record, by number or name.
    #[arg(long)]
    record: String,
}

impl Log {
    pub(crate) fn run(self, settings: &Settings) -> Result<(), Stop> {
        with_records(settings, |opened| {
            let Lines { record, limit, before } = &self.lines;
            let record = opened.record(record)?.record;
            let released = commits::log(&opened.phr, &opened.caller, record, *before, *limit)?;
            let commits = released.deliver();
            let json: Vec<Value> = commits.iter().map(commit_json).collect();
            let lines: Vec<String> = commits.iter().map(commit_line).collect();
            let text = if lines.is_empty() { "No commit yet.".to_owned() } else { lines.join("\n") };
            answer(settings.json, &Value::Array(json), &text)
        })
    }
}

impl Diff {
    pub(crate) fn run(self, settings: &Settings) -> Result<(), Stop> {
        with_records(settings, |opened| {
            let record = opened.record(&self.record)?.record;
            let changes = commits::diff(&opened.phr, &opened.caller, record, CommitId(self.commit))?.deliver();
            let json: Vec<Value> = changes.iter().map(change_json).collect();
            let mut lines: Vec<String> = changes.iter().flat_map(change_lines).collect();
            if i64::try_from(changes.len()).is_ok_and(|n| n >= MAX_DIFF) {
                lines.push(format!("The first {MAX_DIFF} resources are shown."));
            }
            answer(settings.json, &Value::Array(json), &lines.join("\n"))
        })
    }
}

impl Revert {
    pub(crate) fn run(self, settings: &Settings) -> Result<(), Stop> {
        with_records(settings, |opened: &Opened| {
            let record = opened.record(&self.record)?.record;
            let report = commits::revert(&opened.phr, &opened.caller, record, CommitId(self.commit))?;
            answer_revert(settings, &report)
        })
    }
}

/// Says what was taken back.
pub(crate) fn answer_revert(settings: &Settings, report: &RevertReport) -> Result<(), Stop> {
    let kept: Vec<String> = report.kept.iter().map(|key| format!("{}/{}", key.resource_type.name(), key.id)).collect();
    let json = json!({"commit": report.commit.map(|commit| commit.0), "restored": report.n_restored, "deleted": report.n_deleted,
        "kept": kept});
    let mut text = match report.commit {
        Some(commit) => format!(
            "Taken back in commit {commit}: {} resources as they were before, {} deleted.",
            report.n_restored, report.n_deleted
        ),
        None => "There was nothing left to take back.".to_owned(),
    };
    if !kept.is_empty() {
        text.push_str(&format!("\nChanged since, and left as they are: {}", kept.join(", ")));
    }
    answer(settings.json, &json, &text)
}

fn commit_json(commit: &Commit) -> Value {
    json!({"commit": commit.commit.0, "seq": commit.seq, "at": time(commit.at_us), "act": commit.act.word(),
        "by": commit.detail.author, "message": commit.detail.message,
        "reverts": commit.reverts.map(|commit| commit.0), "versions": commit.n_versions, "hash": hex(&commit.hash)})
}

fn commit_line(commit: &Commit) -> String {
    format!(
        "{:>4}  {}  {:<11} {:>6} versions  {}  ({})",
        commit.commit.0,
        time(commit.at_us),
        commit.act.word(),
        commit.n_versions,
        commit.detail.message,
        commit.detail.author
    )
}

fn change_json(change: &Change) -> Value {
    let elements: Vec<Value> = change
        .elements
        .iter()
        .map(|element| json!({"path": element.path, "before": element.before, "after": element.after}))
        .collect();
    json!({"resource": name(change), "version": change.version.0, "kind": change.kind.word(), "elements": elements,
        "isCut": change.is_cut})
}

fn change_lines(change: &Change) -> Vec<String> {
    let mut lines = vec![format!("{} {} (version {})", change.kind.word(), name(change), change.version)];
    for element in change.elements.iter().filter(|element| !element.path.is_empty()) {
        lines.extend(element.before.as_deref().map(|before| format!("  - {}: {}", element.path, shown(before))));
        lines.extend(element.after.as_deref().map(|after| format!("  + {}: {}", element.path, shown(after))));
    }
    if change.is_cut {
        lines.push("  and more".to_owned());
    }
    lines
}

fn name(change: &Change) -> String {
    format!("{}/{}", change.key.resource_type.name(), change.key.id)
}

/// The beginning of an element, without what a terminal would obey.
fn shown(text: &str) -> String {
    let line: String = text.chars().take(MAX_SHOWN).map(|c| if c.is_control() { ' ' } else { c }).collect();
    if text.chars().nth(MAX_SHOWN).is_some() { format!("{line}…") } else { line }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
