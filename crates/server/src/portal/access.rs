//! Who looked at the record: the access log in sentences, newest first (AUD-7, PHR-93).

use askama::Template;
use axum::extract::{Path, State};
use axum::http::Uri;
use axum::response::Response;
use fluent_bundle::FluentArgs;
use mecum_fhir::reading::label;
use mecum_phr::commits::{AccessEntry, AccessKind, EntryAccess, access_by_others, access_log, access_to};
use mecum_record::access::ResourceKey;
use serde_json::Value;

use super::entry::key;
use super::form::{has, number, text};
use super::page::released;
use super::session::{Signed, Visit, page};
use super::shell::{NAVIGATION, Shell};
use super::trouble::Trouble;
use super::who::who;
use super::words::Words;
use crate::app::App;

/// Lines on one page.
const PAGE: i64 = 50;

/// Requests of one line that are listed, and resources of one request.
const MAX_REQUESTS: usize = 50;
const MAX_RESOURCES: usize = 20;

/// What was asked in one line about one entry, as far as it is told.
const MAX_ASKED: usize = 3;

const DAY_US: i64 = 86_400_000_000;

#[derive(Template)]
#[template(path = "access.html")]
struct AccessPage {
    shell: Shell,
    lines: Vec<AccessLine>,
    older: Option<i64>,
    only_others: bool,
    is_newest: bool,
    /// `Type/id` of the entry, if the lines are of one.
    of_entry: Option<String>,
}

/// One line in words.
pub(super) struct AccessLine {
    pub(super) at_us: i64,
    /// How it is marked: `own`, `out`, `refused` or `event`.
    pub(super) mark: &'static str,
    pub(super) mark_text: String,
    pub(super) sentence: String,
    requests: Vec<Looked>,
    n_more: usize,
    /// A disclosure of which nothing says how it ended.
    is_open: bool,
}

/// One request, and what went out.
struct Looked {
    what: String,
    /// Address and name.
    entries: Vec<(String, String)>,
    n_more: u64,
}

impl AccessPage {
    /// The page of this list that begins before a place; the newest for none.
    fn address(&self, before: Option<i64>) -> String {
        let mut parts: Vec<String> = Vec::new();
        parts.extend(before.map(|before| format!("before={before}")));
        parts.extend(self.of_entry.as_ref().map(|name| format!("entry={name}")));
        parts.extend(self.only_others.then(|| "only=others".to_owned()));
        let query = if parts.is_empty() { String::new() } else { format!("?{}", parts.join("&")) };
        format!("{}{query}", self.shell.at("access"))
    }
}

/// Who looked at what, when.
pub(super) async fn access(
    State(app): State<App>,
    Path(record): Path<String>,
    uri: Uri,
    visit: Visit,
) -> Result<Response, Trouble> {
    let (before, only_others) = (number(&uri, "before"), has(&uri, "only", "others"));
    let of_entry = text(&uri, "entry").map(|name| name.split_once('/').ok_or_else(Trouble::not_here));
    let of_entry = of_entry.transpose().and_then(|name| name.map(|(name, id)| key(name, id)).transpose());
    let of_entry = of_entry.map_err(|trouble| trouble.in_words(visit.words))?;
    page(&app, visit, move |phr, visit| {
        let signed = visit.signed(phr, &record)?;
        let from = before.unwrap_or(i64::MAX);
        let found = match &of_entry {
            Some(key) => return of_one(&signed, key, from),
            None if only_others => access_by_others(phr, &signed.caller, signed.record, from, PAGE)?,
            None => access_log(phr, &signed.caller, signed.record, from, PAGE)?.map(|lines| {
                let is_full = i64::try_from(lines.len()) == Ok(PAGE);
                let next = lines.last().map(|last| last.seq).filter(|seq| is_full && *seq > 1);
                (lines, next)
            }),
        };
        released(signed.shell("access")?.with(found).map(|(shell, (lines, older))| {
            let lines = lines.iter().map(|entry| line(entry, &shell)).collect();
            AccessPage { shell, lines, older, only_others, is_newest: before.is_none(), of_entry: None }
        }))
    })
    .await
}

/// The page of those who looked at one entry.
fn of_one(signed: &Signed<'_>, key: &ResourceKey, from: i64) -> Result<Response, Trouble> {
    let limit = usize::try_from(PAGE).unwrap_or_default();
    let found = access_to(signed.phr, &signed.caller, key, (from, limit), &signed.asked("access log of an entry"))?;
    released(signed.shell("access")?.with(found).map(|(shell, (touching, older))| {
        let name = format!("{}/{}", key.resource_type.name(), key.id);
        let lines = at_entry(&touching, &name, shell.words);
        let (is_newest, of_entry) = (from == i64::MAX, Some(name));
        AccessPage { shell, lines, older, only_others: false, is_newest, of_entry }
    }))
}

/// Lines of the log as they concern one entry; looks of the same person on the same day, one after the other, are one line.
pub(super) fn at_entry(touching: &[EntryAccess], name: &str, words: Words) -> Vec<AccessLine> {
    let mut lines: Vec<(AccessLine, i64)> = Vec::new();
    for EntryAccess { line, is_named } in touching {
        let sentence = entry_sentence(line, name, *is_named, words);
        let at_us = line.at_us;
        match lines.last_mut() {
            Some((last, n))
                if last.sentence == sentence && last.at_us.div_euclid(DAY_US) == at_us.div_euclid(DAY_US) =>
            {
                *n += 1;
            }
            _ => lines.push((marked(line, sentence, words), 1)),
        }
    }
    let told = |(line, n): (AccessLine, i64)| match n {
        1 => line,
        n => {
            let often = words.say1("access-times", "n", n);
            AccessLine { sentence: format!("{} {often}", line.sentence), ..line }
        }
    };
    lines.into_iter().map(told).collect()
}

/// Who saw one entry, and how.
fn entry_sentence(line: &AccessEntry, name: &str, is_named: bool, words: Words) -> String {
    let caller = |part: &str| line.detail["caller"][part].as_str().unwrap_or_default();
    let mut args = FluentArgs::new();
    args.set("who", who(caller("kind"), caller("name"), words));
    if !is_named {
        return words.say_all("access-entry-maybe", &args);
    }
    let names = |request: &&Value| request["resources"].as_array().into_iter().flatten().any(|other| other == name);
    let mut asked: Vec<String> = Vec::new();
    for request in line.detail["requests"].as_array().into_iter().flatten().filter(names) {
        let text = asked_text(request["asked"].as_str().unwrap_or_default(), words);
        if asked.len() < MAX_ASKED && !asked.contains(&text) {
            asked.push(text);
        }
    }
    args.set("what", asked.join(", "));
    words.say_all(if line.kind == AccessKind::Look { "access-entry-looked" } else { "access-entry-went-out" }, &args)
}

/// A line with its mark and nothing behind it.
fn marked(entry: &AccessEntry, sentence: String, words: Words) -> AccessLine {
    let mark = match entry.kind {
        AccessKind::Look => "own",
        AccessKind::Opened | AccessKind::Lines | AccessKind::Closed => "out",
        AccessKind::Denied => "refused",
        AccessKind::Event => "event",
    };
    let mark_text = words.say(&format!("access-mark-{mark}"));
    let (at_us, is_open) = (entry.at_us, entry.is_open);
    AccessLine { at_us, mark, mark_text, sentence, requests: Vec::new(), n_more: 0, is_open }
}

fn line(entry: &AccessEntry, shell: &Shell) -> AccessLine {
    let detail = &entry.detail;
    let requests = detail["requests"].as_array().map(Vec::as_slice).unwrap_or_default();
    AccessLine {
        requests: requests.iter().take(MAX_REQUESTS).map(|request| looked(request, shell)).collect(),
        n_more: requests.len().saturating_sub(MAX_REQUESTS),
        ..marked(entry, sentence(entry, shell.words), shell.words)
    }
}

/// What happened, in one sentence.
fn sentence(entry: &AccessEntry, words: Words) -> String {
    let detail = &entry.detail;
    let text = |name: &str| detail[name].as_str().unwrap_or_default().to_owned();
    let caller = |name: &str| detail["caller"][name].as_str().unwrap_or_default();
    let mut args = FluentArgs::new();
    args.set("who", who(caller("kind"), caller("name"), words));
    let id = match entry.kind {
        AccessKind::Opened => {
            args.set("what", asked_text(&text("asked"), words));
            "access-opened"
        }
        AccessKind::Lines | AccessKind::Look => {
            let counts = detail["requests"].as_array().into_iter().flatten().map(|request| request["count"].as_i64());
            args.set("n", counts.flatten().sum::<i64>());
            if entry.kind == AccessKind::Look { "access-looked" } else { "access-went-out" }
        }
        AccessKind::Closed => {
            args.set("n", detail["resources"].as_i64().unwrap_or_default());
            args.set("outcome", text("outcome"));
            if text("outcome") == "done" { "access-closed" } else { "access-broke-off" }
        }
        AccessKind::Denied => {
            args.set("reason", text("reason"));
            "access-denied"
        }
        AccessKind::Event => {
            args.set("event", text("event"));
            "access-event"
        }
    };
    words.say_all(id, &args)
}

fn looked(request: &Value, shell: &Shell) -> Looked {
    let names = request["resources"].as_array().map(Vec::as_slice).unwrap_or_default();
    let entries: Vec<(String, String)> = names
        .iter()
        .filter_map(Value::as_str)
        .take(MAX_RESOURCES)
        .map(|name| (shell.at(&format!("e/{name}")), type_label(name)))
        .collect();
    let count = request["count"].as_u64().unwrap_or_default();
    let n_more = count.saturating_sub(entries.len() as u64);
    Looked { what: asked_text(request["asked"].as_str().unwrap_or_default(), shell.words), entries, n_more }
}

/// What was asked for, in words where there are some.
fn asked_text(asked: &str, words: Words) -> String {
    match asked.strip_prefix("page ") {
        Some(page) if page.contains('/') => words.say1("access-page-entry", "type", type_label(page)),
        Some(page) if NAVIGATION.iter().any(|(_, name)| *name == page) => {
            words.say1("access-page", "page", words.say(&format!("nav-{page}")))
        }
        _ => asked.to_owned(),
    }
}

/// `Observation/x` as "Observation".
fn type_label(name: &str) -> String {
    label(name.split('/').next().unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_line_of_the_log_is_a_sentence() {
        let words = Words::for_languages("en");
        let said = |kind: AccessKind, detail: Value| {
            let entry = AccessEntry { seq: 1, at_us: 0, kind, disclosure_id: String::new(), detail, is_open: false };
            sentence(&entry, words)
        };
        let app = json!({"kind": "app", "name": "Pulse"});
        let requests = json!([{"asked": "GET Observation/o", "count": 1}, {"asked": "GET Patient/p", "count": 1}]);
        for (kind, detail, expect) in [
            (AccessKind::Lines, json!({"caller": app, "requests": requests}), "The program Pulse received 2 entries"),
            (AccessKind::Denied, json!({"caller": app, "reason": "no"}), "The program Pulse was refused: no"),
            (AccessKind::Event, json!({"caller": {"kind": "operator", "name": "kim"}, "event": "backup"}), "kim (at"),
            (AccessKind::Closed, json!({"caller": app, "resources": 1, "outcome": "stopped"}), "broke off"),
        ] {
            let said = said(kind, detail);
            assert!(said.contains(expect), "{said}");
        }
        assert_eq!(asked_text("page history", words), "the page “Changes”");
        assert_eq!(asked_text("page Observation/x", words), "the page of an entry (Observation)");
        assert_eq!(asked_text("export phr", words), "export phr");
    }
}
