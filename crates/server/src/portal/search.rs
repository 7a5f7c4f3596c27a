//! Looking for words on a page: names, codes, texts and notes of the record. What is looked for is sent, never written into an address.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use mecum_phr::Failure;
use mecum_phr::interaction::search::{FindRequest, Findings, Hit, find};

use super::form::Sent;
use super::line::LineView;
use super::page::{released, released_with};
use super::session::{Signed, Visit, page};
use super::shell::Shell;
use super::trouble::Trouble;
use crate::app::App;

/// Hits on one page.
const PER_PAGE: u32 = 50;

/// A longer text is looked for by nobody, bytes.
const MAX_BYTES: usize = 1000;

#[derive(Template)]
#[template(path = "search.html")]
struct SearchPage {
    shell: Shell,
    what: String,
    /// Hits under their kind.
    groups: Vec<(String, Vec<LineView>)>,
    total: Option<u64>,
    next: Option<String>,
    wrong: Option<String>,
    was_asked: bool,
}

/// The empty form.
pub(super) async fn ask(State(app): State<App>, Path(record): Path<String>, visit: Visit) -> Result<Response, Trouble> {
    page(&app, visit, move |phr, visit| {
        let signed = visit.signed(phr, &record)?;
        released(signed.shell("search")?.map(|shell| SearchPage::empty(shell, "")))
    })
    .await
}

/// What was found.
pub(super) async fn found(
    State(app): State<App>,
    Path(record): Path<String>,
    visit: Visit,
    sent: Sent,
) -> Result<Response, Trouble> {
    page(&app, visit, move |phr, visit| {
        let signed = visit.signed(phr, &record)?;
        signed.refuse_foreign(sent.get("form"))?;
        shown(&signed, sent.get("what").trim(), sent.get("page"))
    })
    .await
}

fn shown(signed: &Signed<'_>, what: &str, place: &str) -> Result<Response, Trouble> {
    if what.is_empty() {
        return released(signed.shell("search")?.map(|shell| SearchPage::empty(shell, "")));
    }
    let place = (!place.is_empty()).then_some(place);
    let request = FindRequest { record: signed.record, what, limit: PER_PAGE, page: place };
    // The words of a person are words: what looks like a query to a program is none here.
    let is_query = what.contains('?') || what.len() > MAX_BYTES;
    let findings = match is_query {
        true => Err(Failure::invalid("value", "what", "words only")),
        false => find(signed.phr, &signed.caller, &request, &signed.asked("page search")),
    };
    match findings {
        Ok(findings) => released(signed.shell("search")?.with(findings).map(|(shell, findings)| {
            let page = SearchPage::empty(shell, what);
            page.with(findings)
        })),
        Err(Failure::Invalid(_) | Failure::Malformed(_)) => {
            let wrong = signed.words.say("search-wrong");
            let page = signed.shell("search")?.map(|shell| {
                let page = SearchPage::empty(shell, what);
                SearchPage { wrong: Some(wrong), ..page }
            });
            released_with(StatusCode::BAD_REQUEST, page)
        }
        Err(failure) => Err(failure.into()),
    }
}

impl SearchPage {
    fn empty(shell: Shell, what: &str) -> SearchPage {
        let what = what.to_owned();
        SearchPage { shell, what, groups: Vec::new(), total: None, next: None, wrong: None, was_asked: false }
    }

    fn with(mut self, findings: Findings) -> SearchPage {
        for hit in &findings.hits {
            let Some(view) = view(hit, &self.shell) else { continue };
            match self.groups.iter_mut().find(|(kind, _)| *kind == hit.kind) {
                Some((_, views)) => views.push(view),
                None => self.groups.push((hit.kind.clone(), vec![view])),
            }
        }
        (self.total, self.next, self.was_asked) = (findings.total, findings.next, true);
        self
    }
}

fn view(hit: &Hit, shell: &Shell) -> Option<LineView> {
    let address = shell.at(&format!("e/{}", hit.name));
    hit.headline.as_ref().map(|headline| LineView::of_headline(headline, address, shell))
}
