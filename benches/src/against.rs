//! Mecum beside another FHIR server: the same people, the same requests, in turns.

use crate::arguments::Arguments;
use crate::client::ServiceAddress;
use crate::error::BenchError;
use crate::figure::Figure;
use crate::house::House;
use crate::machine::Machine;
use crate::people::settle;
use crate::row::{Bench, Side, settle_house, take_turns, words_of};
use crate::shape::{SHAPES, answers};

/// Puts the same people into both and asks both the same.
///
/// # Errors
/// A server that does not take the people. A shape that the other server does not know is told and left out.
pub(crate) fn run(
    arguments: &Arguments,
    machine: &Machine,
    url: &str,
    figures: &mut Vec<Figure>,
) -> Result<(), BenchError> {
    let bench = Bench::new(arguments, machine)?;
    let base = ServiceAddress::parse(url)?;
    let tokens = vec![arguments.token.clone(); bench.size.n_people];
    eprintln!("putting {} people into the other server, and the same into ours", bench.size.n_people);
    let theirs = settle(&bench.runtime, &base, &tokens, bench.size)?;
    for database in arguments.database.names() {
        let house = House::new(database, &arguments.scratch())?;
        let server = house.serve(arguments)?;
        let ours = settle_house(&bench, &house, &server)?;
        for shape in SHAPES.iter().filter(|shape| arguments.wants(shape.name)) {
            eprintln!("{} ({database}): {}", shape.name, shape.what);
            let load = theirs.load(shape)?;
            if let Err(error) = bench.runtime.block_on(answers(&load)) {
                eprintln!("   the other server does not do this: {error}");
                continue;
            }
            let ours = Side { load: ours.load(shape)?, child: Some(&server) };
            let [ours, theirs] = take_turns(&bench, [&ours, &Side { load, child: None }])?;
            let note = format!("ours {}; theirs {}", words_of(&ours), words_of(&theirs));
            let figure = Figure::new(shape.name, shape.what, (ours.rate, "/s"));
            figures.push(Figure { database, floor: Some(theirs.rate), note, ..figure });
        }
    }
    Ok(())
}
