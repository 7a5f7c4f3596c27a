//! Trends as SVG drawn by the server: one chart per unit, dates as the stretches they are, comparators open, gaps as gaps.

use std::fmt::Write;

use super::words::Words;

const WIDTH: f64 = 720.0;
const HEIGHT: f64 = 260.0;
const LEFT: f64 = 56.0;
const RIGHT: f64 = 14.0;
const TOP: f64 = 14.0;
const BOTTOM: f64 = 34.0;

/// More points than this are drawn as the highest and lowest of each column of the picture.
const MAX_DRAWN: usize = 1500;

const DAY_US: f64 = 86_400_000_000.0;

/// One measured value.
#[derive(Clone, PartialEq)]
pub(super) struct Point {
    /// The stretch of time its date covers, microseconds since the epoch.
    pub(super) from_us: i64,
    /// Its end, not included.
    pub(super) until_us: i64,
    /// The number, for its height in the picture only; the table has the digits as written.
    pub(super) height: f64,
    /// `<`, `>` and the like: drawn open, because the value itself is not known.
    pub(super) comparator: String,
    /// Which of two values that belong together, e.g. systolic 0 and diastolic 1.
    pub(super) line: u8,
}

/// What one chart shows.
pub(super) struct Chart<'a> {
    /// In words, for those who do not see it.
    pub(super) title: &'a str,
    pub(super) unit: &'a str,
    /// Oldest first.
    pub(super) points: &'a [Point],
    /// The reference range of the newest value that has one; either side may be open.
    pub(super) range: (Option<f64>, Option<f64>),
}

struct Scale {
    from: f64,
    until: f64,
    low: f64,
    high: f64,
}

/// The chart as SVG; empty if there is nothing to draw.
pub(super) fn svg(chart: &Chart<'_>, words: Words) -> String {
    let Some(scale) = Scale::of(chart) else {
        return String::new();
    };
    let mut out = String::with_capacity(16 << 10);
    let title = escaped(&words.say1("chart-label", "what", format!("{} ({})", chart.title, chart.unit)));
    // Writing into a String cannot fail, here and below.
    let _ = write!(
        out,
        "<svg class=\"chart\" viewBox=\"0 0 {WIDTH} {HEIGHT}\" role=\"img\" aria-label=\"{title}\"><title>{title}</title>"
    );
    band(&mut out, chart, &scale);
    axes(&mut out, chart.unit, &scale);
    for line in 0..2u8 {
        series(&mut out, chart, line, &scale);
    }
    out.push_str("</svg>");
    out
}

impl Scale {
    fn of(chart: &Chart<'_>) -> Option<Scale> {
        let heights = || chart.points.iter().map(|point| point.height).filter(|height| height.is_finite());
        let (range_low, range_high) = chart.range;
        let low = heights().chain(range_low).reduce(f64::min)?;
        let high = heights().chain(range_high).reduce(f64::max)?;
        let from = chart.points.iter().map(|point| point.from_us).min()? as f64;
        let until = chart.points.iter().map(|point| point.until_us).max()? as f64;
        let room = if high > low { (high - low) * 0.08 } else { high.abs().max(1.0) * 0.1 };
        let until = if until - from < DAY_US { from + DAY_US } else { until };
        Some(Scale { from, until, low: low - room, high: high + room })
    }

    fn x(&self, at_us: f64) -> f64 {
        LEFT + (at_us - self.from) / (self.until - self.from) * (WIDTH - LEFT - RIGHT)
    }

    fn y(&self, height: f64) -> f64 {
        HEIGHT - BOTTOM - (height - self.low) / (self.high - self.low) * (HEIGHT - TOP - BOTTOM)
    }
}

/// The reference range, behind everything.
fn band(out: &mut String, chart: &Chart<'_>, scale: &Scale) {
    let (low, high) = chart.range;
    if low.is_none() && high.is_none() {
        return;
    }
    let top = scale.y(high.unwrap_or(scale.high));
    let bottom = scale.y(low.unwrap_or(scale.low));
    let (width, height) = (WIDTH - LEFT - RIGHT, bottom - top);
    let _ =
        write!(out, "<rect class=\"band\" x=\"{LEFT}\" y=\"{top:.1}\" width=\"{width:.1}\" height=\"{height:.1}\"/>");
}

fn axes(out: &mut String, unit: &str, scale: &Scale) {
    let step = nice_step((scale.high - scale.low) / 4.0);
    let mut at = (scale.low / step).ceil() * step;
    while at <= scale.high {
        let y = scale.y(at);
        let label = number(at, step);
        let end = WIDTH - RIGHT;
        let _ = write!(out, "<line class=\"grid\" x1=\"{LEFT}\" x2=\"{end}\" y1=\"{y:.1}\" y2=\"{y:.1}\"/>");
        let _ = write!(out, "<text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"end\">{label}</text>", LEFT - 6.0, y + 4.0);
        at += step;
    }
    let _ = write!(out, "<text x=\"4\" y=\"11\">{}</text>", escaped(unit));
    for (at_us, label) in dates(scale) {
        let (x, foot) = (scale.x(at_us), HEIGHT - BOTTOM);
        let _ = write!(out, "<line class=\"axis\" x1=\"{x:.1}\" x2=\"{x:.1}\" y1=\"{foot}\" y2=\"{}\"/>", foot + 5.0);
        let _ = write!(out, "<text x=\"{x:.1}\" y=\"{}\" text-anchor=\"middle\">{label}</text>", HEIGHT - 12.0);
    }
}

/// One line of the picture; a value whose date is a stretch is drawn as wide as that is.
fn series(out: &mut String, chart: &Chart<'_>, line: u8, scale: &Scale) {
    let points: Vec<&Point> = drawn(chart.points.iter().filter(|point| point.line == line).collect(), scale);
    let two = if line == 0 { "" } else { " two" };
    if points.len() > 1 {
        let middle = |point: &Point| (point.from_us as f64).midpoint(point.until_us as f64);
        let path: Vec<String> =
            points.iter().map(|point| format!("{:.1},{:.1}", scale.x(middle(point)), scale.y(point.height))).collect();
        let _ = write!(out, "<polyline class=\"line{two}\" points=\"{}\"/>", path.join(" "));
    }
    if points.len() > 400 {
        return;
    }
    for point in points {
        let (left, right) = (scale.x(point.from_us as f64), scale.x(point.until_us as f64));
        let y = scale.y(point.height);
        let class = if point.comparator.is_empty() { "dot" } else { "open" };
        if right - left > 8.0 {
            let _ = write!(
                out,
                "<line class=\"line{two}\" x1=\"{left:.1}\" x2=\"{right:.1}\" y1=\"{y:.1}\" y2=\"{y:.1}\"/>"
            );
        }
        let x = left.midpoint(right);
        let _ = write!(out, "<circle class=\"{class}{two}\" cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"3.5\"/>");
    }
}

/// What a picture of this width can show of many points: of each column the first, the lowest, the highest and the last.
fn drawn<'p>(points: Vec<&'p Point>, scale: &Scale) -> Vec<&'p Point> {
    if points.len() <= MAX_DRAWN {
        return points;
    }
    let column = |point: &Point| scale.x(point.from_us as f64) as i64;
    let mut kept: Vec<&Point> = Vec::new();
    for group in points.chunk_by(|one, other| column(one) == column(other)) {
        let by_height = |one: &&&Point, other: &&&Point| one.height.total_cmp(&other.height);
        let four = [group.first(), group.iter().min_by(by_height), group.iter().max_by(by_height), group.last()];
        let mut of_column: Vec<&Point> = four.into_iter().flatten().copied().collect();
        of_column.sort_by_key(|point| point.from_us);
        of_column.dedup_by(|one, other| std::ptr::eq(*one, *other));
        kept.extend(of_column);
    }
    kept
}

/// 1, 2 or 5 times a power of ten, at least as large as asked.
fn nice_step(at_least: f64) -> f64 {
    let power = 10f64.powf(at_least.max(f64::MIN_POSITIVE).log10().floor());
    let step = [1.0, 2.0, 5.0, 10.0].into_iter().map(|times| times * power).find(|step| *step >= at_least);
    step.unwrap_or(power * 10.0)
}

/// As many digits as the steps of the axis need.
fn number(value: f64, step: f64) -> String {
    let digits = if step >= 1.0 { 0 } else { (-step.log10().floor()).clamp(0.0, 9.0) as usize };
    format!("{value:.digits$}")
}

/// Up to seven dates along the foot: years where they are years apart, else months, else days.
fn dates(scale: &Scale) -> Vec<(f64, String)> {
    const ISO_YEAR: usize = 4;
    const ISO_MONTH: usize = 7;
    const ISO_DAY: usize = 10;
    let span_days = (scale.until - scale.from) / DAY_US;
    let (shown, step_days) = match span_days {
        days if days > 3.0 * 366.0 => (ISO_YEAR, (days / 6.0 / 365.25).ceil() * 365.25),
        days if days > 90.0 => (ISO_MONTH, (days / 6.0 / 30.44).ceil() * 30.44),
        days => (ISO_DAY, (days / 6.0).ceil().max(1.0)),
    };
    let mut found = Vec::new();
    let mut at = scale.from;
    while at < scale.until && found.len() < 7 {
        let text = mecum_fhir::date::format_instant(at as i64);
        found.push((at, text.chars().take(shown).collect()));
        at += step_days * DAY_US;
    }
    found
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn point(day: i64, height: f64) -> Point {
        let from_us = day * 86_400_000_000;
        Point { from_us, until_us: from_us + 86_400_000_000, height, comparator: String::new(), line: 0 }
    }

    fn drawn_as(points: &[Point], range: (Option<f64>, Option<f64>)) -> String {
        svg(&Chart { title: "HbA1c <b>", unit: "%", points, range }, Words::for_languages("en"))
    }

    #[test]
    fn nothing_is_drawn_of_nothing_and_one_point_is_a_point() {
        assert_eq!(drawn_as(&[], (None, None)), "");
        let one = drawn_as(&[point(1, 7.1)], (None, None));
        assert_eq!((one.matches("<circle").count(), one.matches("<polyline").count()), (1, 0));
        assert!(!one.contains("<b>") && !one.contains("NaN"), "{one}");
    }

    #[test]
    fn a_reference_range_is_a_band_and_a_comparator_is_open() {
        let mut points = vec![point(1, 7.1), point(90, 6.2)];
        points[1].comparator = "<".to_owned();
        let svg = drawn_as(&points, (None, Some(6.0)));
        assert!(
            svg.contains("class=\"band\"") && svg.contains("class=\"open\"") && svg.contains("class=\"dot\""),
            "{svg}"
        );
    }

    #[test]
    fn a_date_that_is_a_year_is_drawn_as_wide_as_a_year() {
        let mut points = vec![point(0, 5.0), point(2000, 6.0)];
        points[0].until_us = 365 * 86_400_000_000;
        let svg = drawn_as(&points, (None, None));
        assert_eq!(svg.matches("<line class=\"line\"").count(), 1, "{svg}");
    }

    #[test]
    fn a_hundred_thousand_points_are_a_small_picture_with_their_extremes() {
        let mut points: Vec<Point> = (0..100_000).map(|day| point(day, f64::from((day % 97) as u8))).collect();
        points[50_000].height = 500.0;
        let svg = drawn_as(&points, (None, None));
        assert!(svg.len() < 100 << 10, "{}", svg.len());
        let highest = svg.split([' ', '"', ',']).filter_map(|part| part.parse::<f64>().ok()).fold(f64::MAX, f64::min);
        assert!(highest < HEIGHT, "the one high value is in the picture");
        assert!(
            drawn(points.iter().collect(), &Scale { from: 0.0, until: 1e5 * DAY_US, low: 0.0, high: 500.0 })
                .iter()
                .any(|point| point.height == 500.0)
        );
    }
}
