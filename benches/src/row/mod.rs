//! The rows of the table: requests over HTTP from `shape`, and those that are measured in another way, a file each.

mod export;
mod growth;
mod http;
mod import;
mod large;
mod others;
mod start;
mod validate;

use std::time::Duration;

use tokio::runtime::Runtime;

use crate::arguments::Arguments;
use crate::error::BenchError;
use crate::figure::Figure;
use crate::machine::Machine;
use crate::shape::SHAPES;
use crate::size::Size;

pub(crate) use http::{Side, run_shapes, settle_house, take_turns, words_of};

/// What every row is given.
pub(crate) struct Bench<'a> {
    pub(crate) arguments: &'a Arguments,
    pub(crate) size: &'static Size,
    pub(crate) machine: &'a Machine,
    pub(crate) runtime: Runtime,
}

/// A row that is measured in its own way.
struct Row {
    name: &'static str,
    what: &'static str,
    /// Whether it is measured on each database.
    has_database: bool,
    /// Whether it takes so long that it has to be asked for.
    is_long: bool,
    run: fn(&Bench<'_>, &'static str, &mut Vec<Figure>) -> Result<(), BenchError>,
}

/// Those rows, in the order of the table.
const ROWS: &[Row] = &[
    Row {
        name: "validate",
        what: "a resource of about 1.5 KB",
        has_database: false,
        is_long: false,
        run: validate::run,
    },
    Row {
        name: "import",
        what: "a .phr with validation and indexes",
        has_database: true,
        is_long: false,
        run: import::run,
    },
    Row { name: "export", what: "$phr-export of a large record", has_database: true, is_long: false, run: export::run },
    Row {
        name: "others",
        what: "other clients while a large file comes in",
        has_database: true,
        is_long: false,
        run: others::run,
    },
    Row {
        name: "start",
        what: "cold start, idle memory, the binary",
        has_database: true,
        is_long: false,
        run: start::run,
    },
    Row {
        name: "growth",
        what: "the same questions among 64 times as many people",
        has_database: true,
        is_long: true,
        run: growth::run,
    },
];

/// Measures every row that is wanted.
pub(crate) fn run(arguments: &Arguments, machine: &Machine, figures: &mut Vec<Figure>) -> Result<(), BenchError> {
    check_names(arguments)?;
    let bench = Bench::new(arguments, machine)?;
    for database in arguments.database.names() {
        if SHAPES.iter().any(|shape| arguments.wants(shape.name)) {
            run_shapes(&bench, database, figures)?;
        }
    }
    for row in ROWS.iter().filter(|row| arguments.wants(row.name) && (!row.is_long || is_asked_for(arguments, row))) {
        let databases = if row.has_database { arguments.database.names() } else { &["-"] };
        for database in databases {
            eprintln!("{} ({database}): {}", row.name, row.what);
            (row.run)(&bench, database, figures)?;
        }
    }
    Ok(())
}

/// The rows' names and what they measure.
pub(crate) fn list() -> String {
    let shapes = SHAPES.iter().map(|shape| (shape.name, shape.what, ""));
    let rows = ROWS.iter().map(|row| (row.name, row.what, if row.is_long { " (only with --full)" } else { "" }));
    shapes.chain(rows).map(|(name, what, when)| format!("{name:<14} {what}{when}\n")).collect()
}

fn is_asked_for(arguments: &Arguments, row: &Row) -> bool {
    arguments.full || arguments.tiny || arguments.only.iter().any(|only| only == row.name)
}

fn check_names(arguments: &Arguments) -> Result<(), BenchError> {
    let is_known =
        |name: &str| SHAPES.iter().any(|shape| shape.name == name) || ROWS.iter().any(|row| row.name == name);
    match arguments.only.iter().find(|name| !is_known(name)) {
        Some(name) => Err(BenchError::said(format!("there is no row `{name}`; the rows are:\n{}", list()))),
        None => Ok(()),
    }
}

impl<'a> Bench<'a> {
    /// With threads for the load.
    pub(crate) fn new(arguments: &'a Arguments, machine: &'a Machine) -> Result<Bench<'a>, BenchError> {
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
        Ok(Bench { arguments, size: arguments.size(), machine, runtime })
    }

    /// A moment before the first turn, in which caches fill and connections open.
    pub(crate) fn warm_up(&self) -> Duration {
        self.size.turn / 4
    }
}
