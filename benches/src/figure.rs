//! What came out, beside its floor and its goal.

use serde_json::{Value, json};

use crate::machine::Machine;

/// One line of the table.
pub(crate) struct Figure {
    /// The row it belongs to.
    pub(crate) row: &'static str,
    /// What was measured.
    pub(crate) what: String,
    /// On which database, or `-` where none is in it.
    pub(crate) database: &'static str,
    /// What Mecum does.
    pub(crate) ours: f64,
    /// In which unit.
    pub(crate) unit: &'static str,
    /// What is compared with: a value in the same unit from the same run.
    pub(crate) floor: Option<f64>,
    /// What was asked of it.
    pub(crate) goal: Option<Goal>,
    /// What else a reader should know.
    pub(crate) note: String,
}

/// What is asked of a figure.
#[derive(Clone, Copy)]
pub(crate) enum Goal {
    /// This share of the floor at least.
    ShareOfFloor(f64),
    /// So many times the floor at most.
    TimesFloor(f64),
    /// So much, in the figure's unit, at least.
    AtLeast(f64),
    /// So much, in the figure's unit, at most.
    AtMost(f64),
}

impl Figure {
    /// A figure that stands alone.
    pub(crate) fn new(row: &'static str, what: impl Into<String>, (ours, unit): (f64, &'static str)) -> Figure {
        Figure { row, what: what.into(), database: "-", ours, unit, floor: None, goal: None, note: String::new() }
    }

    /// Ours as a multiple of the floor.
    pub(crate) fn ratio(&self) -> Option<f64> {
        self.floor.filter(|floor| *floor > 0.0).map(|floor| self.ours / floor)
    }

    /// Whether the goal is met; `None` without one.
    pub(crate) fn is_met(&self) -> Option<bool> {
        match self.goal? {
            Goal::ShareOfFloor(share) => self.ratio().map(|ratio| ratio >= share),
            Goal::TimesFloor(times) => self.ratio().map(|ratio| ratio <= times),
            Goal::AtLeast(bound) => Some(self.ours >= bound),
            Goal::AtMost(bound) => Some(self.ours <= bound),
        }
    }

    fn verdict(&self) -> &'static str {
        match self.is_met() {
            Some(true) => "met",
            Some(false) => "MISSED",
            None => "",
        }
    }

    fn cells(&self) -> [String; 7] {
        let goal = self.goal.map_or_else(String::new, |goal| match goal {
            Goal::ShareOfFloor(share) => format!("≥ {:.0} %", share * 100.0),
            Goal::TimesFloor(times) => format!("≤ {times} ×"),
            Goal::AtLeast(bound) => format!("≥ {}", quantity(bound, self.unit)),
            Goal::AtMost(bound) => format!("≤ {}", quantity(bound, self.unit)),
        });
        let ratio = self.ratio().map_or_else(String::new, |ratio| match self.goal {
            Some(Goal::TimesFloor(_)) => format!("{ratio:.2} ×"),
            _ => format!("{:.0} %", ratio * 100.0),
        });
        let floor = self.floor.map_or_else(String::new, |floor| quantity(floor, self.unit));
        let what = format!("{}: {}", self.row, self.what);
        [what, self.database.to_owned(), quantity(self.ours, self.unit), floor, ratio, goal, self.verdict().to_owned()]
    }

    fn json(&self) -> Value {
        json!({
            "row": self.row, "what": self.what, "database": self.database, "ours": self.ours, "unit": self.unit,
            "floor": self.floor, "ratio": self.ratio(), "goal": self.cells()[5], "met": self.is_met(), "note": self.note,
        })
    }
}

/// A number with the digits that mean something, and its unit.
fn quantity(value: f64, unit: &str) -> String {
    let digits = match value.abs() {
        at_least if at_least >= 100.0 => 0,
        at_least if at_least >= 10.0 => 1,
        _ => 2,
    };
    format!("{value:.digits$} {unit}")
}

/// The whole table, as text that is Markdown too, or as JSON.
pub(crate) fn show(figures: &[Figure], machine: &Machine, as_json: bool) -> String {
    if as_json {
        let figures: Vec<Value> = figures.iter().map(Figure::json).collect();
        let machine = json!({
            "cores": machine.n_cores, "load": machine.load, "syncsASecond": machine.syncs_a_second,
        });
        return format!("{}\n", json!({"machine": machine, "figures": figures}));
    }
    const TITLES: [&str; 7] = ["row", "database", "ours", "floor", "ratio", "goal", ""];
    let mut lines = vec![TITLES.map(str::to_owned)];
    lines.extend(figures.iter().map(Figure::cells));
    let width = |column: usize| lines.iter().map(|cells| cells[column].chars().count()).max().unwrap_or_default();
    let widths: Vec<usize> = (0..TITLES.len()).map(width).collect();
    let mut text = format!("{}\n\n", machine.sentence());
    for (at, cells) in lines.iter().enumerate() {
        text.push_str(&line(cells, &widths));
        if at == 0 {
            text.push_str(&line(&std::array::from_fn(|column| "-".repeat(widths[column].max(3))), &widths));
        }
    }
    text.push('\n');
    for figure in figures.iter().filter(|figure| !figure.note.is_empty()) {
        text.push_str(&format!("- {} ({}): {}\n", figure.row, figure.database, figure.note));
    }
    text
}

fn line(cells: &[String; 7], widths: &[usize]) -> String {
    let padded: Vec<String> = cells.iter().zip(widths).map(|(cell, width)| format!("{cell:<width$}")).collect();
    format!("| {} |\n", padded.join(" | "))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn figure(ours: f64, floor: Option<f64>, goal: Option<Goal>) -> Figure {
        Figure { floor, goal, ..Figure::new("x", "something", (ours, "/s")) }
    }

    #[test]
    fn a_goal_is_met_from_its_bound_on_and_missed_before_it() {
        let met = |ours, goal| figure(ours, Some(100.0), Some(goal)).is_met().unwrap();
        assert!(met(40.0, Goal::ShareOfFloor(0.4)) && !met(39.0, Goal::ShareOfFloor(0.4)));
        assert!(met(1000.0, Goal::TimesFloor(10.0)) && !met(1001.0, Goal::TimesFloor(10.0)));
        assert!(met(5.0, Goal::AtLeast(5.0)) && !met(4.9, Goal::AtLeast(5.0)));
        assert!(met(5.0, Goal::AtMost(5.0)) && !met(5.1, Goal::AtMost(5.0)));
    }

    #[test]
    fn without_a_floor_there_is_no_share_of_it() {
        assert_eq!(figure(1.0, None, Some(Goal::ShareOfFloor(0.4))).is_met(), None);
        assert_eq!(figure(1.0, Some(0.0), Some(Goal::ShareOfFloor(0.4))).is_met(), None);
        assert_eq!(figure(1.0, Some(2.0), None).is_met(), None);
    }

    #[test]
    fn the_table_says_what_was_missed() {
        let machine = Machine { n_cores: 2, load: Some(1.25), syncs_a_second: 900.0 };
        let figures = [figure(30.0, Some(100.0), Some(Goal::ShareOfFloor(0.4)))];
        let text = show(&figures, &machine, false);
        assert!(text.contains("| x: something | -        | 30.0 /s | 100 /s | 30 %  | ≥ 40 % | MISSED |"), "{text}");
        let json: Value = serde_json::from_str(&show(&figures, &machine, true)).unwrap();
        assert_eq!(json["figures"][0]["met"], false);
        assert_eq!(json["machine"]["syncsASecond"], 900.0);
    }
}
