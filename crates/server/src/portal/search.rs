//! Looking for words on a page: names, codes, texts and notes of the record. What is looked for is sent, never written into an address.
//!
//! The form works by its button. With script the same answers arrive while somebody types, as a piece of the page; in the access log the
//! answers of one second of typing are one look, which names every entry that was shown.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use mecum_phr::Failure;
use mecum_phr::disclose::{Asked, Released};
use mecum_phr::interaction::search::{FindRequest, Findings, Hit, find};

use super::assets::SEARCH;
use super::form::Sent;
use super::line::LineView;
use super::page::{public, released, released_with};
use super::session::{Signed, Visit, page};
use super::shell::Shell;
use super::trouble::Trouble;
use super::words::Words;
use crate::app::App;

/// Hits on one page.
const PER_PAGE: u32 = 50;

/// What the access log says was asked.
const ASKED: &str = "page search";

/// A longer text is looked for by nobody, bytes.
const MAX_BYTES: usize = 1000;

#[derive(Template)]
#[template(path = "search.html")]
struct SearchPage {
    shell: Shell,
    what: String,
    hits: HitsPiece,
    next: Option<String>,
    wrong: Option<String>,
}

/// What was found, as a piece of a page.
#[derive(Template)]
#[template(path = "search_hits.html")]
struct HitsPiece {
    words: Words,
    /// Hits under their kind.
    groups: Vec<(String, Vec<LineView>)>,
    total: Option<u64>,
    was_asked: bool,
    /// Whether so little was typed that nothing can be looked for yet.
    is_short: bool,
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

/// What was found so far, while somebody types.
pub(super) async fn typing(
    State(app): State<App>,
    Path(record): Path<String>,
    visit: Visit,
    sent: Sent,
) -> Result<Response, Trouble> {
    page(&app, visit, move |phr, visit| {
        let signed = visit.signed(phr, &record)?;
        signed.refuse_foreign(sent.get("form"))?;
        let (what, words) = (sent.get("what").trim(), signed.words);
        let entries = signed.at("e");
        // Without an id of its own, so that the looks of somebody who types become one.
        match looked_up(&signed, what, "", &Asked::new(ASKED)) {
            Ok(findings) => released(findings.map(|findings| HitsPiece::of(&findings, &entries, words))),
            Err(Failure::Invalid(_) | Failure::Malformed(_)) => {
                Ok(public(StatusCode::OK, &HitsPiece { is_short: !what.is_empty(), ..HitsPiece::empty(words) }))
            }
            Err(failure) => Err(failure.into()),
        }
    })
    .await
}

/// The words of a person are words: what looks like a query to a program is none here.
fn looked_up(signed: &Signed<'_>, what: &str, place: &str, asked: &Asked) -> Result<Released<Findings>, Failure> {
    if what.contains('?') || what.len() > MAX_BYTES {
        return Err(Failure::invalid("value", "what", "words only"));
    }
    let place = (!place.is_empty()).then_some(place);
    let request = FindRequest { record: signed.record, what, limit: PER_PAGE, page: place };
    find(signed.phr, &signed.caller, &request, asked)
}

fn shown(signed: &Signed<'_>, what: &str, place: &str) -> Result<Response, Trouble> {
    if what.is_empty() {
        return released(signed.shell("search")?.map(|shell| SearchPage::empty(shell, "")));
    }
    match looked_up(signed, what, place, &signed.asked(ASKED)) {
        Ok(findings) => released(signed.shell("search")?.with(findings).map(|(shell, findings)| {
            let hits = HitsPiece::of(&findings, &shell.at("e"), shell.words);
            SearchPage { hits, next: findings.next, ..SearchPage::empty(shell, what) }
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
        let (what, hits) = (what.to_owned(), HitsPiece::empty(shell.words));
        SearchPage { shell, what, hits, next: None, wrong: None }
    }

    /// The address of the script that asks while somebody types.
    fn module(&self) -> &'static str {
        SEARCH.address()
    }
}

impl HitsPiece {
    fn empty(words: Words) -> HitsPiece {
        HitsPiece { words, groups: Vec::new(), total: None, was_asked: false, is_short: false }
    }

    fn of(findings: &Findings, entries: &str, words: Words) -> HitsPiece {
        let mut groups: Vec<(String, Vec<LineView>)> = Vec::new();
        for hit in &findings.hits {
            let Some(view) = view(hit, entries, words) else { continue };
            match groups.iter_mut().find(|(kind, _)| *kind == hit.kind) {
                Some((_, views)) => views.push(view),
                None => groups.push((hit.kind.clone(), vec![view])),
            }
        }
        HitsPiece { groups, total: findings.total, was_asked: true, ..HitsPiece::empty(words) }
    }
}

fn view(hit: &Hit, entries: &str, words: Words) -> Option<LineView> {
    let address = format!("{entries}/{}", hit.name);
    hit.headline.as_ref().map(|headline| LineView::of_headline(headline, address, words))
}
