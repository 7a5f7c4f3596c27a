//! `$phr-export` of a large record, beside unsealing and decompressing the same bytes in memory; and the memory it takes.

use std::hint::black_box;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use mecum_phr::moment::fill_random;
use mecum_store::codec;
use mecum_store::seal::{Aad, RecordKey};

use crate::child::{Child, resident_bytes};
use crate::client::{Connection, ServiceAddress, is_success};
use crate::error::BenchError;
use crate::figure::{Figure, Goal};
use crate::load::median;
use crate::row::Bench;
use crate::row::large::{self, Large};

/// The share of the floor's MB/s that is the goal.
const GOAL_SHARE: f64 = 0.5;

/// Memory above idle, MiB.
const GOAL_MIB: f64 = 64.0;

/// A line may be so long, bytes.
const MAX_LINE_BYTES: usize = 64 << 20;

/// Between two looks at the memory of the server.
const BLINK: Duration = Duration::from_millis(10);

/// Measures it.
pub(crate) fn run(bench: &Bench<'_>, database: &'static str, figures: &mut Vec<Figure>) -> Result<(), BenchError> {
    let Large { house, token, .. } = large::imported(bench, database)?;
    let server = house.serve(bench.arguments)?;
    let base = ServiceAddress::parse(&format!("http://{}/fhir", server.authority))?;
    let request = base.request("GET", "/Bundle/$phr-export?_outputFormat=phr", Some(&token), None);
    let idle = server.resident_bytes();
    let highest = Highest::watch(&server);
    let (mut ours, mut floor, mut bytes) = (Vec::new(), Vec::new(), 0);
    let sealed = Sealed::of(large::lines(bench));
    for _ in 0..bench.size.n_rounds {
        let (exported, seconds) = bench.runtime.block_on(fetch(&base, &request))?;
        bytes = exported;
        ours.push(exported as f64 / 1e6 / seconds);
        floor.push(sealed.megabytes_a_second()?);
    }
    let highest = highest.end();
    let note = format!("{:.1} MB; floor: one thread, nothing written", bytes as f64 / 1e6);
    let figure = Figure::new("export", "$phr-export of a large record", (median(&ours), "MB/s"));
    let goal = Some(Goal::ShareOfFloor(GOAL_SHARE));
    figures.push(Figure { database, floor: Some(median(&floor)), goal, note, ..figure });
    if let Some((idle, highest)) = idle.zip(highest) {
        let extra = highest.saturating_sub(idle) as f64 / f64::from(1 << 20);
        let figure = Figure::new("export", "memory above idle while it streams", (extra, "MiB"));
        figures.push(Figure { database, goal: Some(Goal::AtMost(GOAL_MIB)), ..figure });
    }
    Ok(())
}

async fn fetch(base: &ServiceAddress, request: &[u8]) -> Result<(u64, f64), BenchError> {
    let mut connection = Connection::open(&base.authority).await?;
    let (started, mut n_bytes) = (Instant::now(), 0);
    let status = connection.exchange(request, &mut |piece| n_bytes += piece.len() as u64).await?;
    if !is_success(status) {
        return Err(BenchError::said(format!("an export was answered with {status}")));
    }
    Ok((n_bytes, started.elapsed().as_secs_f64()))
}

/// The same lines packed and sealed, in memory.
struct Sealed {
    key: RecordKey,
    bodies: Vec<Vec<u8>>,
    n_bytes: u64,
}

impl Sealed {
    fn of(lines: impl Iterator<Item = String>) -> Sealed {
        let mut secret = [0u8; 32];
        fill_random(&mut secret);
        let key = RecordKey::new(&secret);
        let mut n_bytes = 0;
        let bodies = (0i64..).zip(lines).map(|(number, line)| {
            n_bytes += line.len() as u64;
            key.seal(&aad(number), &codec::pack(line.as_bytes()))
        });
        let bodies = bodies.collect();
        Sealed { key, bodies, n_bytes }
    }

    fn megabytes_a_second(&self) -> Result<f64, BenchError> {
        let damaged = || BenchError::said("what was sealed a moment ago does not open");
        let started = Instant::now();
        for (number, body) in (0i64..).zip(&self.bodies) {
            let packed = self.key.open(&aad(number), body).map_err(|_| damaged())?;
            black_box(codec::unpack(&packed, MAX_LINE_BYTES).map_err(|_| damaged())?);
        }
        Ok(self.n_bytes as f64 / 1e6 / started.elapsed().as_secs_f64())
    }
}

fn aad(number: i64) -> Aad {
    Aad::new("body").int(1).text("Observation").int(number)
}

/// Watches how much memory a server takes at most.
struct Highest {
    stop: Arc<AtomicBool>,
    highest: Arc<AtomicU64>,
    watcher: std::thread::JoinHandle<()>,
}

impl Highest {
    fn watch(server: &Child) -> Highest {
        let (stop, highest) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicU64::new(0)));
        let (told, seen, id) = (Arc::clone(&stop), Arc::clone(&highest), server.id());
        let watcher = std::thread::spawn(move || {
            while !told.load(Ordering::Relaxed) {
                seen.fetch_max(resident_bytes(id).unwrap_or_default(), Ordering::Relaxed);
                std::thread::sleep(BLINK);
            }
        });
        Highest { stop, highest, watcher }
    }

    /// Bytes; `None` where the system does not tell.
    fn end(self) -> Option<u64> {
        self.stop.store(true, Ordering::Relaxed);
        self.watcher.join().ok()?;
        Some(self.highest.load(Ordering::Relaxed)).filter(|highest| *highest > 0)
    }
}
