//! What other clients notice of a large import: how long their reads and writes take at most, quiet and meanwhile.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::client::{Connection, ServiceAddress, is_success};
use crate::error::BenchError;
use crate::figure::{Figure, Goal};
use crate::house::{House, open_record};
use crate::load::{Answered, Load, Until};
use crate::people::World;
use crate::row::http::GENTLY;
use crate::row::{Bench, large, settle_house};
use crate::shape::{CREATE, READ, each};

/// How many times slower the slowest hundredth may become.
const GOAL_TIMES: f64 = 10.0;

/// Clients that read and write meanwhile, each resting between its requests: they are other people, and no load test.
const N_OTHERS: usize = 4;

/// Measures it.
pub(crate) fn run(bench: &Bench<'_>, database: &'static str, figures: &mut Vec<Figure>) -> Result<(), BenchError> {
    let house = House::new(database, &bench.arguments.scratch())?;
    let file = large::write_file(bench, &house)?;
    let phr = house.open()?;
    let (_, token) = open_record(&phr, "large")?;
    phr.close()?;
    let server = house.serve(bench.arguments)?;
    let world = settle_house(bench, &house, &server)?;
    let load = gentle(&world);
    load.run(&bench.runtime, &Until::Elapsed(bench.warm_up()))?;
    let quiet = load.run(&bench.runtime, &Until::Elapsed(bench.size.turn * 3))?;
    let pieces: Vec<Vec<u8>> = std::fs::read(&file)?.chunks(64 << 10).map(<[u8]>::to_vec).collect();
    let (meanwhile, seconds) = bench.runtime.block_on(beside_import(&world.base, &token, &pieces, &load))?;
    for (what, kind) in [("p99 of reads", READ), ("p99 of creates", CREATE)] {
        let (Some(before), Some(now)) = (quiet.within_ms(kind, 0.99), meanwhile.within_ms(kind, 0.99)) else {
            return Err(BenchError::said("the import was over before anybody else had asked: it must be larger"));
        };
        let middle = |answered: &Answered| answered.within_ms(kind, 0.5).unwrap_or_default();
        let note = format!(
            "{what} while {:.0} MB come in by $import, {seconds:.1} s; p50 {:.2} ms, quiet {:.2} ms; {N_OTHERS} clients resting {} ms between requests",
            bench.size.large_bytes as f64 / 1e6,
            middle(&meanwhile),
            middle(&quiet),
            GENTLY.as_millis()
        );
        let what = format!("{what} during an import, beside quiet");
        let goal = Some(Goal::TimesFloor(GOAL_TIMES));
        figures.push(Figure { database, floor: Some(before), goal, note, ..Figure::new("others", what, (now, "ms")) });
    }
    Ok(())
}

/// Reads and creates, half and half, at rest in between; two and two, so that connections begin with either.
fn gentle(world: &World) -> Load {
    let mut turn = 0;
    let requests = each(world, 8, |to, person, kept| {
        turn += 1;
        if turn % 4 < 2 { to.get(person, &format!("/Observation/{}", kept.id)) } else { to.post(person, kept) }
    });
    let authority = world.base.authority.clone();
    Load { authority, requests: Arc::new(requests), n_connections: N_OTHERS, pause: GENTLY }
}

/// Sends the load for as long as the import takes.
async fn beside_import(
    base: &ServiceAddress,
    token: &str,
    pieces: &[Vec<u8>],
    load: &Load,
) -> Result<(Answered, f64), BenchError> {
    let length: usize = pieces.iter().map(Vec::len).sum();
    let head = format!(
        "POST {}/Bundle/$import HTTP/1.1\r\nhost: {}\r\nauthorization: Bearer {token}\r\n\
         content-type: application/x-ndjson\r\ncontent-length: {length}\r\n\r\n",
        base.path, base.authority
    );
    let mut connection = Connection::open(&base.authority).await?;
    let stop = Arc::new(AtomicBool::new(false));
    let import = async {
        let started = std::time::Instant::now();
        let status = connection.upload(head.as_bytes(), pieces).await;
        stop.store(true, Ordering::Relaxed);
        (status, started.elapsed().as_secs_f64())
    };
    let until = Until::Told(Arc::clone(&stop));
    let ((status, seconds), answered) = tokio::join!(import, load.send(&until));
    match status? {
        status if is_success(status) => Ok((answered?, seconds)),
        status => Err(BenchError::said(format!("the import was answered with {status}"))),
    }
}
