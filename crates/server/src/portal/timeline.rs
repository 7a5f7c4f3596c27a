//! The timeline of everything, newest first, and the lists of one kind: the same page with another filter.

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use mecum_fhir::date::bounds_of;
use mecum_phr::view::{self, Kind, Lines, LinesQuery, TimePlace};
use mecum_record::access::ResourceFilter;
use serde::Deserialize;

use super::line::LineView;
use super::page::released;
use super::session::{Visit, page};
use super::shell::Shell;
use super::trouble::Trouble;
use super::words::Words;
use crate::app::App;

/// Lines on one page.
const PER_PAGE: usize = 50;

#[derive(Template)]
#[template(path = "lines.html")]
struct LinesPage {
    shell: Shell,
    title: String,
    help: String,
    /// The address of this page without a place in it.
    base: String,
    /// Lines under a heading each: the year, or that they have no date.
    groups: Vec<(String, Vec<LineView>)>,
    next: Option<String>,
    is_first: bool,
    /// Where the entries without a date are, on the pages that have a date each.
    undated: Option<String>,
    /// What was typed as the date to jump to, and whether it is none.
    jump: String,
    is_no_date: bool,
    kinds: Vec<(String, String, bool)>,
}

/// Which page is wanted.
#[derive(Deserialize)]
pub(super) struct Wanted {
    /// `date.entry` of the last line before.
    behind: Option<String>,
    /// A date of any precision: the page begins there.
    at: Option<String>,
    /// Whether entries without a date are wanted.
    undated: Option<String>,
}

/// Everything, newest first.
pub(super) async fn timeline(
    State(app): State<App>,
    Path(record): Path<String>,
    Query(wanted): Query<Wanted>,
    visit: Visit,
) -> Result<Response, Trouble> {
    page(&app, visit, move |phr, visit| shown(&visit.signed(phr, &record)?, None, &wanted)).await
}

/// The entries of one kind.
pub(super) async fn list(
    State(app): State<App>,
    Path((record, kind)): Path<(String, String)>,
    Query(wanted): Query<Wanted>,
    visit: Visit,
) -> Result<Response, Trouble> {
    let kind = Kind::parse(&kind).ok_or_else(|| Trouble::not_here().in_words(visit.words))?;
    page(&app, visit, move |phr, visit| shown(&visit.signed(phr, &record)?, Some(kind), &wanted)).await
}

fn shown(signed: &super::session::Signed<'_>, kind: Option<Kind>, wanted: &Wanted) -> Result<Response, Trouble> {
    let jump = wanted.at.clone().unwrap_or_default();
    let jump = jump.trim();
    let until_us = bounds_of(jump, 0).map(|bounds| bounds.end_us);
    let behind = match (&wanted.behind, until_us) {
        (Some(behind), _) => place(behind).ok_or_else(Trouble::not_here)?,
        (None, Some(until_us)) => TimePlace { dated_us: until_us, entry_no: i64::MIN },
        (None, None) => TimePlace::NEWEST,
    };
    let query = LinesQuery {
        narrowed: kind.map_or(ResourceFilter::Every, Kind::filter),
        undated: wanted.undated.is_some(),
        behind,
        count: PER_PAGE,
    };
    let place = kind.map_or("timeline", Kind::word);
    let lines =
        view::lines(signed.phr, &signed.caller, signed.record, &query, &signed.asked(&format!("page {place}")))?;
    let here = if kind.is_some() { "record" } else { "timeline" };
    let counts = view::kind_counts(signed.phr, &signed.caller, signed.record, &signed.asked("kinds"))?;
    let both = signed.shell(here)?.with(lines.with(counts));
    let is_no_date = !jump.is_empty() && until_us.is_none();
    released(both.map(|(shell, (lines, counts))| {
        let mut page = made(shell, kind, &query, lines, &counts);
        page.jump = jump.to_owned();
        page.is_no_date = is_no_date;
        page
    }))
}

fn made(shell: Shell, kind: Option<Kind>, query: &LinesQuery, lines: Lines, counts: &[(Kind, i64)]) -> LinesPage {
    let words = shell.words;
    let word = kind.map_or("timeline", Kind::word);
    let base = kind.map_or_else(|| shell.at("timeline"), |kind| shell.at(&format!("list/{}", kind.word())));
    let undated = if query.undated { "&undated=1" } else { "" };
    let next = lines.next.map(|next| format!("{base}?behind={}.{}{undated}", next.dated_us, next.entry_no));
    let views = lines.lines.iter().map(|line| LineView::of(line, &shell));
    let groups = grouped(views.collect(), words);
    let kinds = counts.iter().map(|(of, n)| {
        let name = format!("{} {n}", words.say(&format!("kind-{}", of.word())));
        (shell.at(&format!("list/{}", of.word())), name, Some(*of) == kind)
    });
    LinesPage {
        title: words.say(&kind.map_or_else(|| "timeline-title".to_owned(), |_| format!("kind-{word}"))),
        help: words.say(&kind.map_or_else(|| "timeline-help".to_owned(), |_| format!("kind-{word}-help"))),
        is_first: query.behind == TimePlace::NEWEST,
        undated: (!query.undated && next.is_none()).then(|| format!("{base}?undated=1")),
        kinds: kinds.collect(),
        jump: String::new(),
        is_no_date: false,
        groups,
        next,
        base,
        shell,
    }
}

/// Lines under the year of their date.
fn grouped(lines: Vec<LineView>, words: Words) -> Vec<(String, Vec<LineView>)> {
    let heading = |line: &LineView| match line.dated_us {
        Some(at_us) => mecum_fhir::date::format_instant(at_us).chars().take_while(|digit| *digit != '-').collect(),
        None => words.say("timeline-undated"),
    };
    let mut groups: Vec<(String, Vec<LineView>)> = Vec::new();
    for line in lines {
        let heading = heading(&line);
        match groups.last_mut() {
            Some((last, of)) if *last == heading => of.push(line),
            _ => groups.push((heading, vec![line])),
        }
    }
    groups
}

fn place(text: &str) -> Option<TimePlace> {
    let (dated, entry) = text.split_once('.')?;
    Some(TimePlace { dated_us: dated.parse().ok()?, entry_no: entry.parse().ok()? })
}
