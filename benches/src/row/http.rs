//! Rows of requests over HTTP: ours and the floor take turns, so that whatever else the machine does meets both.

use std::time::Duration;

use crate::child::Child;
use crate::client::ServiceAddress;
use crate::error::BenchError;
use crate::figure::{Figure, Goal};
use crate::house::{House, open_record};
use crate::load::{Answered, Load, Until, median};
use crate::people::{World, settle};
use crate::row::Bench;
use crate::shape::{CREATE, READ, SHAPES, Shape, UPDATE, answers};
use crate::still;

/// A disk that syncs less often than this is what a write waits for.
const SLOW_DISK: f64 = 1_000.0;

/// How many durable writes there must be for each sync of such a disk.
const WRITES_A_SYNC: f64 = 2.0;

/// One of the two that take turns.
pub(crate) struct Side<'a> {
    pub(crate) load: Load,
    /// The process that answers, where it is ours to watch.
    pub(crate) child: Option<&'a Child>,
}

/// How one of the two did.
pub(crate) struct Turns {
    /// Answers a second: of all turns the one in the middle.
    pub(crate) rate: f64,
    pub(crate) answered: Answered,
    /// Processor time of the server for each answer, microseconds.
    pub(crate) processor_us: Option<f64>,
}

/// Puts people into an installation, over HTTP.
pub(crate) fn settle_house(bench: &Bench<'_>, house: &House, server: &Child) -> Result<World, BenchError> {
    let phr = house.open()?;
    let tokens: Vec<Option<String>> = (0..bench.size.n_people)
        .map(|number| Ok(Some(open_record(&phr, &format!("person {number}"))?.1)))
        .collect::<Result<_, BenchError>>()?;
    phr.close()?;
    let base = ServiceAddress::parse(&format!("http://{}/fhir", server.authority))?;
    settle(&bench.runtime, &base, &tokens, bench.size)
}

/// Measures the shapes that are wanted, on one installation.
pub(crate) fn run_shapes(
    bench: &Bench<'_>,
    database: &'static str,
    figures: &mut Vec<Figure>,
) -> Result<(), BenchError> {
    let house = House::new(database, &bench.arguments.scratch())?;
    let server = house.serve(bench.arguments)?;
    let world = settle_house(bench, &house, &server)?;
    for shape in SHAPES.iter().filter(|shape| bench.arguments.wants(shape.name)) {
        eprintln!("{} ({database}): {}", shape.name, shape.what);
        let file = house.folder.path().join("answers.json");
        let ours = Side { load: world.load(shape)?, child: Some(&server) };
        still::write(&file, &bench.runtime.block_on(answers(&ours.load))?)?;
        let floor = Child::still(&file)?;
        let still =
            Side { load: Load { authority: floor.authority.clone(), ..world.load(shape)? }, child: Some(&floor) };
        let [ours, still] = take_turns(bench, [&ours, &still])?;
        figures.extend(figures_of(bench, (shape, database), &ours, &still));
    }
    Ok(())
}

/// Lets both answer, turn by turn.
pub(crate) fn take_turns(bench: &Bench<'_>, sides: [&Side<'_>; 2]) -> Result<[Turns; 2], BenchError> {
    for side in sides {
        side.load.run(&bench.runtime, &Until::Elapsed(bench.warm_up()))?;
    }
    let before = sides.map(|side| side.child.and_then(Child::processor_s));
    let mut answered = [Answered::default(), Answered::default()];
    let mut rates = [Vec::new(), Vec::new()];
    for _ in 0..bench.size.n_rounds {
        for (at, side) in sides.iter().enumerate() {
            let turn = side.load.run(&bench.runtime, &Until::Elapsed(bench.size.turn))?;
            rates[at].push(turn.rate());
            answered[at].add(turn);
        }
    }
    let after = sides.map(|side| side.child.and_then(Child::processor_s));
    let mut answered = answered.into_iter();
    Ok(std::array::from_fn(|at| {
        let answered = answered.next().unwrap_or_default();
        let spent_s = before[at].zip(after[at]).map(|(before, after)| after - before);
        let processor_us = spent_s.map(|spent_s| spent_s * 1e6 / answered.count().max(1) as f64);
        Turns { rate: median(&rates[at]), answered, processor_us }
    }))
}

fn figures_of(
    bench: &Bench<'_>,
    (shape, database): (&'static Shape, &'static str),
    ours: &Turns,
    still: &Turns,
) -> Vec<Figure> {
    let mut figures = vec![Figure {
        database,
        floor: Some(still.rate),
        goal: shape.goal.map(Goal::ShareOfFloor),
        note: format!("ours {}; floor {}", words_of(ours), words_of(still)),
        ..Figure::new(shape.name, shape.what, (ours.rate, "/s"))
    }];
    if shape.name == "create" {
        figures.push(writes_a_sync(bench, database, ours.rate));
    }
    if shape.name == "mixed" {
        let kinds = [("read", READ), ("update", UPDATE), ("create", CREATE)];
        figures.extend(kinds.iter().filter_map(|(kind, at)| {
            let p99_ms = ours.answered.within_ms(*at, 0.99)?;
            Some(Figure { database, ..Figure::new("mixed", format!("p99 of a {kind}"), (p99_ms, "ms")) })
        }));
    }
    figures
}

/// How a server did, in words: rates of shared cores say less than the time it works for each answer.
pub(crate) fn words_of(turns: &Turns) -> String {
    let within = |share| turns.answered.all_within_ms(share).unwrap_or_default();
    let processor =
        turns.processor_us.map_or_else(String::new, |spent| format!(", {spent:.0} µs of processor an answer"));
    format!("p50 {:.2} ms, p99 {:.2} ms{processor}", within(0.5), within(0.99))
}

/// Durable writes beside the syncs of the disk; asked only where the disk is what a write waits for.
fn writes_a_sync(bench: &Bench<'_>, database: &'static str, rate: f64) -> Figure {
    let syncs = bench.machine.syncs_a_second;
    let is_slow = syncs < SLOW_DISK;
    let note = if is_slow { String::new() } else { format!("asked of disks below {SLOW_DISK} fdatasync/s only") };
    Figure {
        database,
        floor: Some(syncs),
        goal: is_slow.then_some(Goal::ShareOfFloor(WRITES_A_SYNC)),
        note,
        ..Figure::new("create", "durable writes beside fdatasync/s", (rate, "/s"))
    }
}

/// A pause that keeps a client from asking as fast as it can.
pub(crate) const GENTLY: Duration = Duration::from_millis(4);
