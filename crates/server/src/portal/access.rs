//! Who looked at the record: the access log in sentences, newest first (AUD-7, PHR-93).

use askama::Template;
use axum::extract::{Path, State};
use axum::http::Uri;
use axum::response::Response;
use fluent_bundle::FluentArgs;
use mecum_fhir::reading::label;
use mecum_phr::commits::{AccessEntry, AccessKind, access_by_others, access_log};
use serde_json::Value;

use super::form::{has, number};
use super::page::released;
use super::session::{Visit, page};
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

#[derive(Template)]
#[template(path = "access.html")]
struct AccessPage {
    shell: Shell,
    lines: Vec<AccessLine>,
    older: Option<i64>,
    only_others: bool,
    is_newest: bool,
}

/// One line in words.
struct AccessLine {
    at_us: i64,
    /// How it is marked: `own`, `out`, `refused` or `event`.
    mark: &'static str,
    mark_text: String,
    sentence: String,
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

/// Who looked at what, when.
pub(super) async fn access(
    State(app): State<App>,
    Path(record): Path<String>,
    uri: Uri,
    visit: Visit,
) -> Result<Response, Trouble> {
    let (before, only_others) = (number(&uri, "before"), has(&uri, "only", "others"));
    page(&app, visit, move |phr, visit| {
        let signed = visit.signed(phr, &record)?;
        let from = before.unwrap_or(i64::MAX);
        let found = if only_others {
            access_by_others(phr, &signed.caller, signed.record, from, PAGE)?
        } else {
            access_log(phr, &signed.caller, signed.record, from, PAGE)?.map(|lines| {
                let is_full = i64::try_from(lines.len()) == Ok(PAGE);
                let next = lines.last().map(|last| last.seq).filter(|seq| is_full && *seq > 1);
                (lines, next)
            })
        };
        released(signed.shell("access")?.with(found).map(|(shell, (lines, older))| {
            let lines = lines.iter().map(|entry| line(entry, &shell)).collect();
            AccessPage { shell, lines, older, only_others, is_newest: before.is_none() }
        }))
    })
    .await
}

fn line(entry: &AccessEntry, shell: &Shell) -> AccessLine {
    let detail = &entry.detail;
    let requests = detail["requests"].as_array().map(Vec::as_slice).unwrap_or_default();
    let mark = match entry.kind {
        AccessKind::Look => "own",
        AccessKind::Opened | AccessKind::Lines | AccessKind::Closed => "out",
        AccessKind::Denied => "refused",
        AccessKind::Event => "event",
    };
    AccessLine {
        at_us: entry.at_us,
        mark,
        mark_text: shell.words.say(&format!("access-mark-{mark}")),
        sentence: sentence(entry, shell.words),
        requests: requests.iter().take(MAX_REQUESTS).map(|request| looked(request, shell)).collect(),
        n_more: requests.len().saturating_sub(MAX_REQUESTS),
        is_open: entry.is_open,
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
            (AccessKind::Event, json!({"caller": {"kind": "operator", "name": "kim"}, "event": "backup"}), "kim, at"),
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
