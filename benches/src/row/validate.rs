//! How long it takes to read a resource and check it against R4, in memory.

use std::hint::black_box;
use std::time::Instant;

use mecum_fhir::json::{Json, Limits};
use mecum_fhir::validate::validate;
use mecum_testkit::people::population;

use crate::child::processor_s;
use crate::error::BenchError;
use crate::figure::{Figure, Goal};
use crate::load::median;
use crate::people::SEED;
use crate::row::Bench;

/// Resources between these lengths are taken, bytes: about 1.5 KB.
const ABOUT: std::ops::Range<usize> = 1_100..2_000;

/// The goal, microseconds a resource.
const GOAL_US: f64 = 40.0;

/// Measures it.
pub(crate) fn run(bench: &Bench<'_>, database: &'static str, figures: &mut Vec<Figure>) -> Result<(), BenchError> {
    let people = population(SEED, 10);
    let texts: Vec<String> =
        people.flat_map(|person| person.resources).filter(|line| ABOUT.contains(&line.len())).collect();
    if texts.is_empty() {
        return Err(BenchError::said("the generator made no resource of about 1.5 KB"));
    }
    let limits = Limits::default();
    let (mut read_us, mut both_us) = (Vec::new(), Vec::new());
    for _ in 0..bench.size.n_rounds {
        read_us.push(a_resource_us(bench, &texts, |text| drop(black_box(Json::parse(text, &limits)))));
        both_us.push(a_resource_us(bench, &texts, |text| {
            if let Ok(json) = Json::parse(text, &limits) {
                black_box(validate(&json));
            }
        }));
    }
    let mean = texts.iter().map(String::len).sum::<usize>() / texts.len();
    let note = format!(
        "{} different resources of {mean} bytes on average, one thread, processor time; reading the JSON alone {:.1} µs",
        texts.len(),
        median(&read_us)
    );
    let what = "reading and validating a resource of about 1.5 KB";
    let goal = Some(Goal::AtMost(GOAL_US));
    figures.push(Figure { database, goal, note, ..Figure::new("validate", what, (median(&both_us), "µs")) });
    Ok(())
}

fn a_resource_us(bench: &Bench<'_>, texts: &[String], work: impl Fn(&[u8])) -> f64 {
    let (started, spent, mut n_done) = (Instant::now(), processor_s(std::process::id()), 0);
    while n_done == 0 || started.elapsed() < bench.size.turn {
        texts.iter().for_each(|text| work(text.as_bytes()));
        n_done += texts.len();
    }
    // Processor time where the system tells it: others may want the core too.
    let spent = processor_s(std::process::id()).zip(spent).map(|(after, before)| after - before);
    spent.filter(|spent| *spent > 0.0).unwrap_or_else(|| started.elapsed().as_secs_f64()) * 1e6 / n_done as f64
}
