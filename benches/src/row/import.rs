//! An import with all that belongs to it, beside the bare insertion of the same rows and bytes into the same kind of database.

use std::time::Instant;

use mecum_phr::moment::fill_random;
use mecum_store::db::{Db, OnConflict, PageKey, PgOptions, SqliteOptions, Value};
use mecum_store::{codec, schema, seal};

use crate::error::BenchError;
use crate::figure::{Figure, Goal};
use crate::house::House;
use crate::row::{Bench, large};

/// The share of the bare rate that is the goal, and the rate.
const GOAL: (f64, f64) = (0.25, 5_000.0);

/// Rows that are made durable together.
const BATCH: usize = 500;

/// Measures it.
pub(crate) fn run(bench: &Bench<'_>, database: &'static str, figures: &mut Vec<Figure>) -> Result<(), BenchError> {
    let large = large::imported(bench, database)?;
    let rate = large.n_created as f64 / large.seconds;
    drop(large.house);
    let bare = bare_rate(bench, database)?;
    let note = format!(
        "{} resources of {:.0} MB in {:.1} s, the original kept too; floor: one row each with the same number of stored bytes, made beforehand, one key, {BATCH} rows a transaction",
        large.n_created,
        bench.size.large_bytes as f64 / 1e6,
        large.seconds
    );
    let what = "a .phr with validation and indexes";
    let figure = |goal, floor, note| Figure {
        database,
        floor,
        goal: Some(goal),
        note,
        ..Figure::new("import", what, (rate, "/s"))
    };
    figures.push(figure(Goal::ShareOfFloor(GOAL.0), Some(bare), note));
    figures.push(figure(Goal::AtLeast(GOAL.1), None, String::new()));
    Ok(())
}

/// Rows a second, when each resource's stored bytes are one row and nothing else is done.
fn bare_rate(bench: &Bench<'_>, database: &'static str) -> Result<f64, BenchError> {
    let house = House::new(database, &bench.arguments.scratch())?;
    let db = open(&house)?;
    db.migrate(schema::RECORD)?;
    let bodies: Vec<Vec<u8>> = large::lines(bench).map(|line| stored(line.trim_end())).collect();
    let started = Instant::now();
    for (number, batch) in bodies.chunks(BATCH).enumerate() {
        let rows = batch.iter().enumerate().map(|(at, body)| row((number * BATCH + at) as i64, body));
        let rows: Vec<Vec<Value<'_>>> = rows.collect();
        // The plainest table of the schema: one key, one run of bytes, no second index.
        let columns = ["record_id", "source_id", "kind", "created_at", "name"];
        db.write(|tx| tx.insert_many("source", &columns, &rows, OnConflict::Fail))?;
    }
    Ok(bodies.len() as f64 / started.elapsed().as_secs_f64())
}

fn row(number: i64, body: &[u8]) -> Vec<Value<'_>> {
    vec![1_i64.into(), number.into(), "Observation".into(), number.into(), body.into()]
}

/// As many bytes as are stored of a line: packed, and the overhead of being sealed.
fn stored(line: &str) -> Vec<u8> {
    let mut stored = codec::pack(line.as_bytes());
    stored.resize(stored.len() + seal::OVERHEAD, 0);
    stored
}

/// A database of the same kind and with the same encryption, apart from the installation's.
fn open(house: &House) -> Result<Db, BenchError> {
    match house.url() {
        Some(url) => Ok(Db::open_postgres(url, "bare", PgOptions::default())?),
        None => {
            let mut key = [0u8; 32];
            fill_random(&mut key);
            Ok(Db::open_sqlite(&house.folder.path().join("bare.db"), &PageKey::new(key), SqliteOptions::default())?)
        }
    }
}
