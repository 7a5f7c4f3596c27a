//! Home: who this is, what holds now, what was found last, and how much there is.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use mecum_phr::view::{self, Kind, Line, Overview};

use super::line::LineView;
use super::page::released;
use super::session::{Visit, page};
use super::shell::Shell;
use super::trouble::Trouble;
use super::when::date_text;
use crate::app::App;

#[derive(Template)]
#[template(path = "home.html")]
struct HomePage {
    shell: Shell,
    born: String,
    gender: String,
    patient: Option<String>,
    cards: Vec<Card>,
    kinds: Vec<(String, String, i64)>,
}

/// One part of the page: its heading, where there is more of it, what it says when it is empty, its lines.
struct Card {
    id: &'static str,
    heading: String,
    more: String,
    empty: String,
    lines: Vec<LineView>,
}

/// The home page of a record.
pub(super) async fn home(
    State(app): State<App>,
    Path(record): Path<String>,
    visit: Visit,
) -> Result<Response, Trouble> {
    page(&app, visit, move |phr, visit| {
        let signed = visit.signed(phr, &record)?;
        let asked = signed.asked("page home");
        let overview = view::overview(phr, &signed.caller, signed.record, &asked)?;
        let counts = view::kind_counts(phr, &signed.caller, signed.record, &asked)?;
        let all = signed.shell("home")?.with(overview.with(counts));
        released(all.map(|(shell, (overview, counts))| made(shell, overview, &counts)))
    })
    .await
}

fn made(shell: Shell, overview: Overview, counts: &[(Kind, i64)]) -> HomePage {
    let words = shell.words;
    let card = |id: &'static str, kind: Kind, lines: Vec<Line>| Card {
        id,
        heading: words.say(&format!("home-{id}")),
        more: shell.at(&format!("list/{}", kind.word())),
        empty: words.say(&format!("home-{id}-none")),
        lines: lines.into_iter().map(|line| LineView::of(&line, &shell)).collect(),
    };
    let cards = vec![
        card("allergies", Kind::Allergies, overview.allergies),
        card("problems", Kind::Problems, overview.problems),
        card("medications", Kind::Medications, overview.medications),
        card("results", Kind::Results, overview.results),
        card("vitals", Kind::Vitals, overview.vitals),
    ];
    let kinds = counts
        .iter()
        .map(|(kind, n)| (shell.at(&format!("list/{}", kind.word())), words.say(&format!("kind-{}", kind.word())), *n));
    HomePage {
        born: date_text(&overview.birth_date, words),
        gender: overview.gender,
        patient: overview.patient.map(|key| shell.at(&format!("e/Patient/{}", key.id))),
        kinds: kinds.collect(),
        cards,
        shell,
    }
}
