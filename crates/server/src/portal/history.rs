//! The history of a record: its commits, newest first.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::Uri;
use axum::response::Response;
use mecum_phr::commits::{Commit, log};

use super::form::number;
use super::page::released;
use super::session::{Visit, page};
use super::shell::Shell;
use super::trouble::Trouble;
use super::who::author;
use super::words::Words;
use crate::app::App;

/// Commits on one page.
const PAGE: usize = 50;

/// A commit in words.
pub(super) struct CommitLine {
    pub(super) commit: i64,
    pub(super) at_us: i64,
    pub(super) act: String,
    pub(super) message: String,
    pub(super) author: String,
    pub(super) size: String,
}

impl CommitLine {
    pub(super) fn of(commit: &Commit, words: Words) -> CommitLine {
        CommitLine {
            commit: commit.commit.0,
            at_us: commit.at_us,
            act: words.say(&format!("act-{}", commit.act.word())),
            message: commit.detail.message.clone(),
            author: author(&commit.detail.author, words),
            size: words.say1("history-size", "n", commit.n_versions),
        }
    }
}

#[derive(Template)]
#[template(path = "history.html")]
struct HistoryPage {
    shell: Shell,
    commits: Vec<CommitLine>,
    /// The page of older ones begins before this place.
    older: Option<i64>,
    is_newest: bool,
}

/// The commits of a record, newest first.
pub(super) async fn history(
    State(app): State<App>,
    Path(record): Path<String>,
    uri: Uri,
    visit: Visit,
) -> Result<Response, Trouble> {
    let before = number(&uri, "before");
    page(&app, visit, move |phr, visit| {
        let signed = visit.signed(phr, &record)?;
        let limit = i64::try_from(PAGE + 1).unwrap_or(i64::MAX);
        let commits = log(phr, &signed.caller, signed.record, before.unwrap_or(i64::MAX), limit)?;
        released(signed.shell("history")?.with(commits).map(|(shell, mut commits)| {
            let has_older = commits.len() > PAGE;
            commits.truncate(PAGE);
            let older = commits.last().map(|last| last.seq).filter(|_| has_older);
            let commits = commits.iter().map(|commit| CommitLine::of(commit, shell.words)).collect();
            HistoryPage { shell, commits, older, is_newest: before.is_none() }
        }))
    })
    .await
}
