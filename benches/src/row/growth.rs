//! The same questions about one person, when the installation holds few people and when it holds many.

use mecum_phr::{Phr, record};
use mecum_testkit::people::population;

use crate::error::BenchError;
use crate::figure::{Figure, Goal};
use crate::house::{House, import, open_record};
use crate::load::{Load, Until};
use crate::people::{SEED, World};
use crate::row::{Bench, settle_house};
use crate::shape::SHAPES;

/// How many times slower a question may become.
const GOAL_TIMES: f64 = 1.3;

/// Resources of each of the many.
const N_RESOURCES: usize = 60;

/// The shapes whose questions are asked.
const ASKED: [&str; 2] = ["read", "page-history"];

/// Clients at once: few, so that what is measured is the answer and not the queue.
const N_CLIENTS: usize = 2;

/// Measures it.
pub(crate) fn run(bench: &Bench<'_>, database: &'static str, figures: &mut Vec<Figure>) -> Result<(), BenchError> {
    let (few, many) = bench.size.growth;
    let house = House::new(database, &bench.arguments.scratch())?;
    let mut world = {
        let server = house.serve(bench.arguments)?;
        settle_house(bench, &house, &server)?
    };
    let before = ask_among(bench, &house, &mut world, few)?;
    let after = ask_among(bench, &house, &mut world, many)?;
    for ((name, before_ms), (_, after_ms)) in before.into_iter().zip(after) {
        let what = format!("p50 of {name} among {many} people, beside {few}");
        let goal = Some(Goal::TimesFloor(GOAL_TIMES));
        let note = format!("{name}: {N_CLIENTS} clients; most people have {N_RESOURCES} resources each");
        let figure = Figure::new("growth", what, (after_ms, "ms"));
        figures.push(Figure { database, floor: Some(before_ms), goal, note, ..figure });
    }
    Ok(())
}

/// Fills the installation up to so many people and asks the questions of a server that has just been started: what one remembers
/// of its first hundred people must not answer for it.
fn ask_among(
    bench: &Bench<'_>,
    house: &House,
    world: &mut World,
    n_people: usize,
) -> Result<Vec<(&'static str, f64)>, BenchError> {
    let phr = house.open()?;
    fill(&phr, house, n_people)?;
    phr.close()?;
    let server = house.serve(bench.arguments)?;
    world.base.authority.clone_from(&server.authority);
    let mut asked = Vec::new();
    for shape in SHAPES.iter().filter(|shape| ASKED.contains(&shape.name)) {
        let load = Load { n_connections: N_CLIENTS, ..world.load(shape)? };
        load.run(&bench.runtime, &Until::Elapsed(bench.warm_up()))?;
        let answered = load.run(&bench.runtime, &Until::Elapsed(bench.size.turn * 2))?;
        asked.push((shape.name, answered.all_within_ms(0.5).unwrap_or_default()));
    }
    Ok(asked)
}

/// Opens records and imports a person into each, until there are so many.
fn fill(phr: &Phr, house: &House, n_people: usize) -> Result<(), BenchError> {
    let file = house.folder.path().join("person.phr");
    let n_there = record::list(phr)?.len();
    let people = population(SEED, n_people).with_resources(N_RESOURCES);
    for number in n_there..n_people {
        std::fs::write(&file, people.person(number).phr())?;
        let (record, _) = open_record(phr, &format!("one of many {number}"))?;
        import(phr, record, &file)?;
    }
    Ok(())
}
