//! `mecum find`: what a record holds about something, a line for each.

use clap::Args;
use mecum_phr::disclose::Asked;
use mecum_phr::interaction::search::{FindRequest, Findings, Hit, find};
use mecum_phr::words::{Headline, Standing};
use serde_json::{Value, json};

use crate::config::Settings;
use crate::console::answer;
use crate::opening::with_records;
use crate::stop::Stop;

/// The longest text of a line, characters.
const MAX_SHOWN: usize = 90;

/// Find resources by words, or by a FHIR query.
///
/// Plain words are looked for in names, codes, texts and notes, without regard to case and accents; all must occur, the last one as a
/// beginning. `Type?…` is a search of FHIR R4, `?…` one over all types.
#[derive(Args)]
#[command(
    after_help = "Examples:\n  mecum find thyroid --record Ada\n  mecum find 'blood pres' --record Ada --limit 5\n  mecum find \
'Observation?code=8867-4&date=ge2024&_sort=-date' --record Ada\n  mecum find '?_lastUpdated=ge2026-01-01' --record Ada --json"
)]
pub(crate) struct Find {
    /// Words, or a query.
    #[arg(value_name = "TEXT|QUERY", allow_hyphen_values = true)]
    what: String,
    /// The record, by number or name.
    #[arg(long)]
    record: String,
    /// How many at most.
    #[arg(long, default_value_t = 50, value_parser = clap::value_parser!(u32).range(1..=1000))]
    limit: u32,
    /// The next page, as the one before named it.
    #[arg(long, value_name = "PAGE")]
    page: Option<String>,
}

impl Find {
    pub(crate) fn run(self, settings: &Settings) -> Result<(), Stop> {
        with_records(settings, |opened| {
            let record = opened.record(&self.record)?.record;
            let (what, limit, page) = (self.what.as_str(), self.limit, self.page.as_deref());
            let request = FindRequest { record, what, limit, page };
            let found = find(&opened.phr, &opened.caller, &request, &Asked::new("find"))?.deliver();
            let hits: Vec<Value> = found.hits.iter().map(hit_json).collect();
            let json = json!({"total": found.total, "hits": hits, "next": found.next});
            answer(settings.json, &json, &lines(&found, what.contains("_sort=")).join("\n"))
        })
    }
}

/// The hits by their kind, each kind where its first hit is; the newest first, unless they came in an order that was asked for.
fn lines(found: &Findings, is_in_order: bool) -> Vec<String> {
    if found.hits.is_empty() {
        return vec!["Nothing was found.".to_owned()];
    }
    let mut kinds: Vec<(&str, Vec<&Hit>)> = Vec::new();
    for hit in &found.hits {
        match kinds.iter_mut().find(|(kind, _)| *kind == hit.kind) {
            Some((_, hits)) => hits.push(hit),
            None => kinds.push((&hit.kind, vec![hit])),
        }
    }
    let mut lines = Vec::new();
    for (kind, mut hits) in kinds {
        if !is_in_order {
            hits.sort_by_key(|hit| std::cmp::Reverse(hit.headline.as_ref().map(date_of)));
        }
        lines.push(kind.to_owned());
        lines.extend(hits.into_iter().map(line));
    }
    match (found.total, &found.next) {
        (Some(total), Some(next)) => {
            lines.push(format!("{} of {total} shown. The next: add --page {next}", found.hits.len()));
        }
        (None, Some(next)) => lines.push(format!("There is more. The next: add --page {next}")),
        (_, None) => {}
    }
    lines
}

/// Date, what it says, and the name to get it by.
fn line(hit: &Hit) -> String {
    let date = hit.headline.as_ref().map_or_else(String::new, date_of);
    let text = hit.headline.as_ref().map_or_else(String::new, text_of);
    format!("  {date:<10}  {:<40}  {}", shown(&text), hit.name)
}

/// The day as it was written; of a stretch its beginning.
fn date_of(headline: &Headline) -> String {
    let Some(when) = &headline.when else { return String::new() };
    let written = if when.start.is_empty() { &when.end } else { &when.start };
    written.chars().take(10).collect()
}

/// Nothing may read what was taken back as something that holds.
fn text_of(headline: &Headline) -> String {
    let said = match headline.value.as_str() {
        "" => headline.title.clone(),
        value => format!("{}: {value}", headline.title),
    };
    match headline.standing {
        Standing::Holds => said,
        Standing::InError => format!("{said} (entered in error)"),
        Standing::Uncertain | Standing::Planned | Standing::Over | Standing::Refuted => {
            format!("{said} ({})", headline.standing_text)
        }
    }
}

/// The beginning of a text, without what a terminal would obey.
fn shown(text: &str) -> String {
    let line: String = text.chars().take(MAX_SHOWN).map(|c| if c.is_control() { ' ' } else { c }).collect();
    if text.chars().nth(MAX_SHOWN).is_some() { format!("{line}…") } else { line }
}

fn hit_json(hit: &Hit) -> Value {
    let headline = hit.headline.as_ref();
    let when = headline.and_then(|headline| headline.when.as_ref());
    let text = |read: fn(&Headline) -> &String| headline.map(read).filter(|text| !text.is_empty());
    json!({
        "kind": hit.kind,
        "resource": hit.name,
        "title": text(|headline| &headline.title),
        "value": text(|headline| &headline.value),
        "standing": text(|headline| &headline.standing_text),
        "start": when.map(|when| &when.start).filter(|text| !text.is_empty()),
        "end": when.map(|when| &when.end).filter(|text| !text.is_empty()),
    })
}
