//! Home: who this is, what holds now, what was found last, what was brought in last and needs a look, and how much there is.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use mecum_phr::view::{self, Arrival, Concern, Kind, Line, Overview, Review};

use super::line::LineView;
use super::page::released;
use super::session::{Visit, page};
use super::shell::Shell;
use super::trouble::Trouble;
use super::when::date_text;
use crate::app::App;

/// Sentences about imports that need a look; the page of imports has all.
const MAX_CONCERNS: usize = 6;

#[derive(Template)]
#[template(path = "home.html")]
struct HomePage {
    shell: Shell,
    born: String,
    gender: String,
    patient: Option<String>,
    cards: Vec<Card>,
    kinds: Vec<(String, String, i64)>,
    last: Option<Arrived>,
    /// What needs a look: address and sentence.
    concerns: Vec<(String, String)>,
    n_more_concerns: usize,
    disputed: Vec<LineView>,
}

/// What was brought in last.
struct Arrived {
    report: String,
    changes: Option<String>,
    source: String,
    files: String,
    when: String,
    /// What it brought, in words.
    brought: Vec<String>,
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
        let review = view::review(phr, &signed.caller, signed.record, &asked)?;
        let all = signed.shell("home")?.with(overview.with(counts)).with(review);
        released(all.map(|((shell, (overview, counts)), review)| made(shell, (overview, review), &counts)))
    })
    .await
}

fn made(shell: Shell, (overview, review): (Overview, Review), counts: &[(Kind, i64)]) -> HomePage {
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
    let line = |line: &Line| LineView::of(line, &shell);
    let disputed: Vec<LineView> = overview.disputed.iter().map(line).collect();
    let sentences: Vec<_> = review.concerning.iter().flat_map(|arrival| concerns(arrival, &shell)).collect();
    HomePage {
        last: review.last.as_ref().map(|arrival| arrived(arrival, &shell)),
        n_more_concerns: sentences.len().saturating_sub(MAX_CONCERNS),
        concerns: sentences.into_iter().take(MAX_CONCERNS).collect(),
        disputed,
        born: date_text(&overview.birth_date, words),
        gender: overview.gender,
        patient: overview.patient.map(|key| shell.at(&format!("e/Patient/{}", key.id))),
        kinds: kinds.collect(),
        cards,
        shell,
    }
}

fn arrived(arrival: &Arrival, shell: &Shell) -> Arrived {
    let words = shell.words;
    let counts = [("count-created", arrival.n_new.0), ("count-updated", arrival.n_new.1)];
    let brought = counts.into_iter().filter(|(_, n)| *n > 0).map(|(id, n)| words.say1(id, "n", n));
    Arrived {
        report: shell.at(&format!("import/{}", arrival.import)),
        changes: arrival.commit.map(|commit| shell.at(&format!("history/{commit}"))),
        source: arrival.source.clone(),
        files: arrival.files.join(", "),
        when: shell.moment(arrival.at_us),
        brought: brought.collect(),
    }
}

/// What of an import needs a look, each with the page that tells more.
fn concerns(arrival: &Arrival, shell: &Shell) -> Vec<(String, String)> {
    let address = shell.at(&format!("import/{}", arrival.import));
    let sentence = |(concern, n): &(Concern, u64)| {
        let what = shell.words.say1(&format!("concern-{}", concern.word()), "n", *n);
        (address.clone(), format!("{}: {what}", arrival.source))
    };
    arrival.concerns.iter().map(sentence).collect()
}
