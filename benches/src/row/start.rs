//! From nothing to the first answer, what the server holds while nobody asks, and how large the program is.

use std::time::Duration;

use crate::error::BenchError;
use crate::figure::{Figure, Goal};
use crate::house::House;
use crate::load::median;
use crate::row::{Bench, settle_house};

/// How long a server is left alone before its memory is looked at.
const REST: Duration = Duration::from_millis(1_500);

/// Goals: milliseconds, megabytes of memory, megabytes of the file.
const GOALS: (f64, f64, f64) = (200.0, 60.0, 60.0);

/// Measures it.
pub(crate) fn run(bench: &Bench<'_>, database: &'static str, figures: &mut Vec<Figure>) -> Result<(), BenchError> {
    let house = House::new(database, &bench.arguments.scratch())?;
    {
        let server = house.serve(bench.arguments)?;
        settle_house(bench, &house, &server)?;
    }
    let (mut started_ms, mut idle) = (Vec::new(), Vec::new());
    for _ in 0..bench.size.n_starts {
        let server = house.serve(bench.arguments)?;
        started_ms.push(server.started_in.as_secs_f64() * 1e3);
        std::thread::sleep(REST.min(bench.size.turn * 2));
        idle.extend(server.resident_bytes().map(|bytes| bytes as f64 / 1e6));
    }
    let note = format!("{} starts with a key file, {} people in the records", bench.size.n_starts, bench.size.n_people);
    let figure = Figure::new("start", "process to first answer of /health", (median(&started_ms), "ms"));
    figures.push(Figure { database, goal: Some(Goal::AtMost(GOALS.0)), note, ..figure });
    if !idle.is_empty() {
        let figure = Figure::new("start", "memory resident while nobody asks", (median(&idle), "MB"));
        figures.push(Figure { database, goal: Some(Goal::AtMost(GOALS.1)), ..figure });
    }
    if let Some(mecum) = &bench.arguments.mecum {
        let megabytes = std::fs::metadata(mecum)?.len() as f64 / 1e6;
        let figure = Figure::new("start", "the binary", (megabytes, "MB"));
        figures.push(Figure { database, goal: Some(Goal::AtMost(GOALS.2)), ..figure });
    }
    Ok(())
}
