//! A test over time: a chart for each unit, and the table that says the same.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use mecum_phr::view::{self, Series, Trend};

use super::chart::{Chart, Point, svg};
use super::entry::key;
use super::page::released;
use super::session::{Visit, page};
use super::shell::Shell;
use super::trouble::Trouble;
use super::when::when_text;
use crate::app::App;

/// Rows of one table; the chart has all of them.
const MAX_ROWS: usize = 300;

#[derive(Template)]
#[template(path = "trend.html")]
struct TrendPage {
    shell: Shell,
    title: String,
    series: Vec<SeriesView>,
    others: Vec<Row>,
    is_cut: bool,
}

struct SeriesView {
    unit: String,
    svg: String,
    /// Names of the two lines, where there are two.
    parts: Vec<String>,
    rows: Vec<Row>,
    n_more: usize,
}

struct Row {
    when: String,
    part: String,
    value: String,
    range: String,
    address: String,
}

/// The test that an observation is of, over time.
pub(super) async fn trend(
    State(app): State<App>,
    Path((record, id)): Path<(String, String)>,
    visit: Visit,
) -> Result<Response, Trouble> {
    page(&app, visit, move |phr, visit| {
        let signed = visit.signed(phr, &record)?;
        let key = key("Observation", &id)?;
        let trend = view::trend(phr, &signed.caller, &key, &signed.asked("page trend"))?;
        released(signed.shell("record")?.with(trend).map(|(shell, trend)| made(shell, trend)))
    })
    .await
}

fn made(shell: Shell, trend: Trend) -> TrendPage {
    let series = trend.series.iter().map(|series| of_series(&shell, &trend.title, series)).collect();
    let others = trend.others.iter().map(|(key, line)| Row {
        when: line.when.as_ref().map_or_else(String::new, |when| when_text(when, shell.words)),
        part: String::new(),
        value: line.value.clone(),
        range: String::new(),
        address: shell.at(&format!("e/Observation/{}", key.id)),
    });
    TrendPage { title: trend.title.clone(), others: others.collect(), is_cut: trend.is_cut, series, shell }
}

fn of_series(shell: &Shell, title: &str, series: &Series) -> SeriesView {
    let number = |text: &str| text.parse::<f64>().ok().filter(|number| number.is_finite());
    let points: Vec<Point> = series
        .values
        .iter()
        .filter_map(|value| {
            Some(Point {
                from_us: value.dated_us.0,
                until_us: value.dated_us.1,
                height: number(&value.number)?,
                comparator: value.comparator.clone(),
                line: u8::try_from(value.part.min(1)).unwrap_or(1),
            })
        })
        .collect();
    let newest = series.values.iter().rev().find(|value| value.part == 0 && value.range != Default::default());
    let range = newest.map_or((None, None), |value| (number(&value.range.0), number(&value.range.1)));
    let rows = series.values.iter().rev().take(MAX_ROWS).map(|value| Row {
        when: value.headline.when.as_ref().map_or_else(String::new, |when| when_text(when, shell.words)),
        part: series.parts.get(value.part).cloned().unwrap_or_default(),
        value: [value.comparator.as_str(), &value.number, &series.unit].join(" ").trim().to_owned(),
        range: match (&value.range.0, &value.range.1) {
            (low, high) if low.is_empty() && high.is_empty() => String::new(),
            (low, high) => format!("{low} – {high}"),
        },
        address: shell.at(&format!("e/Observation/{}", value.key.id)),
    });
    SeriesView {
        svg: svg(&Chart { title, unit: &series.unit, points: &points, range }, shell.words),
        unit: series.unit.clone(),
        parts: series.parts.iter().filter(|part| !part.is_empty()).take(2).cloned().collect(),
        rows: rows.collect(),
        n_more: series.values.len().saturating_sub(MAX_ROWS),
    }
}
