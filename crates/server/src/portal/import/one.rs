//! An import that has ended: its report, what it kept aside, and its undo (PHR-8, PHR-59).

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use mecum_phr::commits::ImportState;
use mecum_phr::commits::imports::{self, ImportEntry};
use mecum_phr::disclose::Released;
use mecum_phr::import::kept_aside;
use mecum_phr::words::ImportId;

use super::told::Told;
use crate::app::App;
use crate::portal::form::Sent;
use crate::portal::page::released;
use crate::portal::session::{Signed, Visit, page};
use crate::portal::shell::Shell;
use crate::portal::trouble::Trouble;
use crate::portal::undo::{UndoPage, UndonePage};
use crate::respond::set;

#[derive(Template)]
#[template(path = "import_one.html")]
struct OnePage {
    shell: Shell,
    import: i64,
    at_us: i64,
    state: ImportState,
    state_text: String,
    commit: Option<i64>,
    undone_by: Option<i64>,
    told: Told,
}

/// The report of an import.
pub(in crate::portal) async fn one(
    State(app): State<App>,
    Path((record, import)): Path<(String, String)>,
    visit: Visit,
) -> Result<Response, Trouble> {
    page(&app, visit, move |phr, visit| {
        let signed = visit.signed(phr, &record)?;
        let entry = found(&signed, number_of(&import)?)?;
        released(signed.shell("import")?.with(entry).map(|(shell, entry)| OnePage {
            import: entry.import.0,
            at_us: entry.started_at_us,
            state: entry.state,
            state_text: shell.words.say(&format!("import-state-{}", entry.state.word())),
            commit: entry.commit.map(|commit| commit.0),
            undone_by: entry.undone_by.map(|commit| commit.0),
            told: Told::of(&entry.report, shell.words),
            shell,
        }))
    })
    .await
}

/// What an import kept aside, as a file: a JSON object a line. It is never shown in place.
pub(in crate::portal) async fn kept_aside_file(
    State(app): State<App>,
    Path((record, import)): Path<(String, String)>,
    visit: Visit,
) -> Result<Response, Trouble> {
    let words = visit.words;
    let _turn = app.stream_turn().await.map_err(|_| Trouble::busy().in_words(words))?;
    page(&app, visit, move |phr, visit| {
        let signed = visit.signed(phr, &record)?;
        let import = number_of(&import)?;
        let asked = signed.asked(&format!("lines kept aside by import {import}"));
        let lines = kept_aside(phr, &signed.caller, (signed.record, import), &asked)?;
        let mut response = lines.deliver().into_response();
        set(response.headers_mut(), CONTENT_TYPE, "application/x-ndjson");
        set(response.headers_mut(), CONTENT_DISPOSITION, "attachment; filename=\"kept-aside.ndjson\"");
        *response.status_mut() = StatusCode::OK;
        Ok(response)
    })
    .await
}

/// Asks whether an import is to be undone.
pub(in crate::portal) async fn ask_undo(
    State(app): State<App>,
    Path((record, import)): Path<(String, String)>,
    visit: Visit,
) -> Result<Response, Trouble> {
    page(&app, visit, move |phr, visit| {
        let signed = visit.signed(phr, &record)?;
        let entry = found(&signed, number_of(&import)?)?;
        released(signed.shell("import")?.with(entry).map(|(shell, entry)| {
            let back = shell.at(&format!("import/{}", entry.import));
            let what = shell.words.say1("undo-import", "number", entry.import.0.to_string());
            let files = Told::of(&entry.report, shell.words).file_names();
            UndoPage::new(shell, (what, files), back, entry.undone_by.map(|commit| commit.0))
        }))
    })
    .await
}

/// Undoes an import, and tells what was kept.
pub(in crate::portal) async fn undo(
    State(app): State<App>,
    Path((record, import)): Path<(String, String)>,
    visit: Visit,
    sent: Sent,
) -> Result<Response, Trouble> {
    page(&app, visit, move |phr, visit| {
        let signed = visit.signed(phr, &record)?;
        signed.refuse_foreign(sent.get("form"))?;
        let report = imports::undo(phr, &signed.caller, signed.record, number_of(&import)?)?;
        released(signed.shell("import")?.map(|shell| UndonePage::new(shell, &report)))
    })
    .await
}

fn found(signed: &Signed<'_>, import: ImportId) -> Result<Released<ImportEntry>, Trouble> {
    let all = imports::list(signed.phr, &signed.caller, signed.record)?;
    let one = all.map(|all| all.into_iter().find(|entry| entry.import == import)).some();
    one.ok_or_else(Trouble::not_here)
}

/// The number of an import in an address; what is none is not there.
fn number_of(text: &str) -> Result<ImportId, Trouble> {
    text.parse().map(ImportId).map_err(|_| Trouble::not_here())
}
