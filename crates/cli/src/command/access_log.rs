//! `mecum access-log`: who looked at a record, what went out, what was refused (AUD-7).

use clap::Args;
use mecum_phr::commits::{self, AccessEntry};
use serde_json::{Value, json};

use super::lines::Lines;
use crate::config::Settings;
use crate::console::{answer, time};
use crate::opening::with_records;
use crate::stop::Stop;

/// List who looked at a record, newest first.
#[derive(Args)]
#[command(after_help = "Examples:\n  mecum access-log --record Ada\n  mecum access-log --record Ada --limit 5 --json")]
pub(crate) struct AccessLog {
    #[command(flatten)]
    lines: Lines,
}

impl AccessLog {
    pub(crate) fn run(self, settings: &Settings) -> Result<(), Stop> {
        with_records(settings, |opened| {
            let Lines { record, limit, before } = &self.lines;
            let record = opened.record(record)?.record;
            let released = commits::access_log(&opened.phr, &opened.caller, record, *before, *limit)?;
            let entries = released.deliver();
            let json: Vec<Value> = entries.iter().map(entry_json).collect();
            let lines: Vec<String> = entries.iter().map(entry_line).collect();
            let text = if lines.is_empty() { "Nobody has looked yet.".to_owned() } else { lines.join("\n") };
            answer(settings.json, &Value::Array(json), &text)
        })
    }
}

fn entry_json(entry: &AccessEntry) -> Value {
    json!({
        "seq": entry.seq,
        "at": time(entry.at_us),
        "kind": entry.kind.word(),
        "disclosure": entry.disclosure_id,
        "detail": entry.detail,
    })
}

fn entry_line(entry: &AccessEntry) -> String {
    let word = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let caller = &entry.detail["caller"];
    let who = format!("{} {}", word(&caller["kind"]), word(&caller["name"]));
    format!("{:>5}  {}  {:<7} {who:<24} {}", entry.seq, time(entry.at_us), entry.kind.word(), said(&entry.detail))
}

/// What a line is about, in one phrase.
fn said(detail: &Value) -> String {
    let text = |name: &str| detail[name].as_str().unwrap_or_default();
    if let Some(requests) = detail["requests"].as_array() {
        let asked: Vec<&str> = requests.iter().take(3).filter_map(|request| request["asked"].as_str()).collect();
        let more = requests.len().saturating_sub(3);
        let rest = if more == 0 { String::new() } else { format!(" and {more} more") };
        return format!("{}{rest}", asked.join(", "));
    }
    if let Some(resources) = detail["resources"].as_u64() {
        return format!("{} requests or pages, {resources} resources, {}", detail["requests"], text("outcome"));
    }
    [text("asked"), text("event"), text("act"), text("reason")]
        .into_iter()
        .filter(|phrase| !phrase.is_empty())
        .collect::<Vec<_>>()
        .join(": ")
}
