//! One commit: what it changed, element by element, and taking it back (PHR-59, PHR-91).

use askama::Template;
use axum::extract::{Path, State};
use axum::http::Uri;
use axum::response::Response;
use mecum_fhir::reading::label;
use mecum_phr::commits::{Change, ChangeKind, diff_behind, one, revert};
use mecum_phr::words::CommitId;

use super::difference::Differing;
use super::form::{Sent, number};
use super::history::CommitLine;
use super::page::released;
use super::session::{Visit, page};
use super::shell::Shell;
use super::trouble::Trouble;
use super::undo::{UndoPage, UndonePage};
use crate::app::App;

/// Resources on one page.
const PAGE: usize = 50;

/// Differences of one resource on a page; the page of the entry has them all.
const MAX_ELEMENTS: usize = 100;

#[derive(Template)]
#[template(path = "commit.html")]
struct CommitPage {
    shell: Shell,
    line: CommitLine,
    seq: i64,
    hash: String,
    reverts: Option<i64>,
    undone_by: Option<i64>,
    changes: Vec<Changed>,
    /// The next page begins behind this place.
    next: Option<i64>,
}

/// What became of one resource.
struct Changed {
    kind: &'static str,
    word: String,
    type_label: String,
    title: String,
    /// The page of the version; none for one that is gone.
    address: Option<String>,
    elements: Vec<Differing>,
    is_cut: bool,
}

/// What one commit changed.
pub(super) async fn commit(
    State(app): State<App>,
    Path((record, commit)): Path<(String, String)>,
    uri: Uri,
    visit: Visit,
) -> Result<Response, Trouble> {
    let after = number(&uri, "after").unwrap_or(0);
    page(&app, visit, move |phr, visit| {
        let signed = visit.signed(phr, &record)?;
        let commit = number_of(&commit)?;
        let found = one(phr, &signed.caller, signed.record, commit)?;
        let limit = i64::try_from(PAGE + 1).unwrap_or(i64::MAX);
        let changes = diff_behind(phr, &signed.caller, (signed.record, commit), after, limit)?;
        let all = signed.shell("history")?.with(found).with(changes);
        released(all.map(|((shell, (commit, undone_by)), mut changes)| {
            let has_more = changes.len() > PAGE;
            changes.truncate(PAGE);
            let next = changes.last().map(|last| last.ordinal).filter(|_| has_more);
            CommitPage {
                line: CommitLine::of(&commit, shell.words),
                seq: commit.seq,
                hash: commit.hash.iter().map(|byte| format!("{byte:02x}")).collect(),
                reverts: commit.reverts.map(|commit| commit.0),
                undone_by: undone_by.map(|commit| commit.0),
                changes: changes.into_iter().map(|change| changed(change, &shell)).collect(),
                next,
                shell,
            }
        }))
    })
    .await
}

/// Asks whether a commit is to be taken back.
pub(super) async fn ask_undo(
    State(app): State<App>,
    Path((record, commit)): Path<(String, String)>,
    visit: Visit,
) -> Result<Response, Trouble> {
    page(&app, visit, move |phr, visit| {
        let signed = visit.signed(phr, &record)?;
        let found = one(phr, &signed.caller, signed.record, number_of(&commit)?)?;
        released(signed.shell("history")?.with(found).map(|(shell, (commit, undone_by))| {
            let back = shell.at(&format!("history/{}", commit.commit));
            let what = shell.words.say1("undo-commit", "number", commit.commit.0.to_string());
            UndoPage::new(shell, (what, commit.detail.message), back, undone_by.map(|commit| commit.0))
        }))
    })
    .await
}

/// Takes a commit back, and tells what was kept.
pub(super) async fn undo(
    State(app): State<App>,
    Path((record, commit)): Path<(String, String)>,
    visit: Visit,
    sent: Sent,
) -> Result<Response, Trouble> {
    page(&app, visit, move |phr, visit| {
        let signed = visit.signed(phr, &record)?;
        signed.refuse_foreign(sent.get("form"))?;
        let report = revert(phr, &signed.caller, signed.record, number_of(&commit)?)?;
        released(signed.shell("history")?.map(|shell| UndonePage::new(shell, &report)))
    })
    .await
}

/// The number of a commit in an address; what is none is not there.
fn number_of(text: &str) -> Result<CommitId, Trouble> {
    text.parse().map(CommitId).map_err(|_| Trouble::not_here())
}

fn changed(change: Change, shell: &Shell) -> Changed {
    let (name, id) = (change.key.resource_type.name(), &change.key.id);
    let is_gone = change.kind == ChangeKind::Deleted;
    let address = (!is_gone).then(|| shell.at(&format!("e/{name}/{id}/v/{}", change.version)));
    let kind = change.kind.word();
    let is_cut = change.is_cut || change.elements.len() > MAX_ELEMENTS;
    let is_update = change.kind == ChangeKind::Updated;
    let elements = change.elements.into_iter().filter(|_| is_update).take(MAX_ELEMENTS);
    Changed {
        kind,
        word: shell.words.say(&format!("change-{kind}")),
        type_label: label(name),
        title: change.title,
        address,
        elements: elements.map(|element| Differing::of(&element, shell.words)).collect(),
        is_cut,
    }
}
