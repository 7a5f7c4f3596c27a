//! `mecum-bench`: measures Mecum against floors taken in the same run, or beside another FHIR server (design §10).
//!
//! - `arguments`, `size`: what was asked for, and how much of it is done
//! - `house`, `people`: a throw-away installation, and synthetic people in it
//! - `client`, `load`: a small HTTP/1.1 client that keeps its connections, and many of them at once
//! - `child`, `still`: the servers, each a process of its own; `still` answers from memory and is the floor
//! - `shape`: the requests that are measured; a row that asks something over HTTP is one entry there
//! - `row`: one file for each kind of row; `figure`: what came out, beside its goal
//!
//! It never judges by a number that was measured another day. The load comes from the same machine: client and server share the
//! cores, for ours and for the floor alike.

mod against;
mod arguments;
mod child;
mod client;
mod error;
mod figure;
mod house;
mod load;
mod machine;
mod people;
mod row;
mod shape;
mod size;
mod still;

use std::process::ExitCode;

use clap::Parser;

use arguments::{Arguments, Part};
use error::BenchError;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let done = match &arguments.part {
        None => measure(&arguments),
        Some(Part::Still(still)) => still::run(still),
        Some(Part::Serve(serve)) => child::serve(serve),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("mecum-bench: {error}");
            ExitCode::FAILURE
        }
    }
}

fn measure(arguments: &Arguments) -> Result<(), BenchError> {
    if arguments.list {
        print!("{}", row::list());
        return Ok(());
    }
    let mut figures = Vec::new();
    let machine = machine::Machine::look(&arguments.scratch())?;
    machine.announce();
    match &arguments.against {
        Some(base) => against::run(arguments, &machine, base, &mut figures)?,
        None => row::run(arguments, &machine, &mut figures)?,
    }
    print!("{}", figure::show(&figures, &machine, arguments.json));
    Ok(())
}
