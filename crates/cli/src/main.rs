//! The `mecum` command: reads what was typed, does it, and ends with a code that scripts can rely on.

mod arguments;
mod command;
mod config;
mod console;
mod opening;
mod stop;

use std::process::ExitCode;

use clap::Parser;

use arguments::Arguments;
use stop::Stop;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let done = Arguments::try_parse().map_err(Stop::usage).and_then(command::run);
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(stop) => stop.report(),
    }
}
