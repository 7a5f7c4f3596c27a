//! Many connections at once, each asking again as soon as it is answered, or after a pause.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use tokio::runtime::Runtime;

use crate::client::{Connection, is_success};
use crate::error::BenchError;

/// Kinds of requests whose times are told apart.
pub(crate) const N_KINDS: usize = 3;

/// A request that is ready to be sent.
#[derive(Clone)]
pub(crate) struct Request {
    /// Its method and target, by which the floor knows it.
    pub(crate) line: String,
    /// What is sent.
    pub(crate) bytes: Vec<u8>,
    /// Which of [`N_KINDS`] kinds it is of.
    pub(crate) kind: usize,
}

/// Requests, and how they are sent.
pub(crate) struct Load {
    /// Who answers, `host:port`.
    pub(crate) authority: String,
    /// What is asked, over and over.
    pub(crate) requests: Arc<Vec<Request>>,
    /// Connections at once.
    pub(crate) n_connections: usize,
    /// How long each connection rests between an answer and the next request.
    pub(crate) pause: Duration,
}

/// When a load ends.
pub(crate) enum Until {
    /// After so long.
    Elapsed(Duration),
    /// When this is said.
    Told(Arc<AtomicBool>),
}

/// How a load was answered.
#[derive(Default)]
pub(crate) struct Answered {
    /// How long it lasted, seconds.
    pub(crate) seconds: f64,
    /// The times of the answers of each kind, microseconds, sorted.
    pub(crate) times_us: [Vec<u32>; N_KINDS],
}

impl Load {
    /// Sends the load and waits for its end.
    ///
    /// # Errors
    /// A connection that breaks, and any answer that is no success: a rate of refusals means nothing.
    pub(crate) fn run(&self, runtime: &Runtime, until: &Until) -> Result<Answered, BenchError> {
        runtime.block_on(self.send(until))
    }

    /// As [`Load::run`], from within the runtime.
    ///
    /// # Errors
    /// Likewise.
    pub(crate) async fn send(&self, until: &Until) -> Result<Answered, BenchError> {
        let stop = match until {
            Until::Elapsed(_) => Arc::new(AtomicBool::new(false)),
            Until::Told(stop) => Arc::clone(stop),
        };
        let started = Instant::now();
        let mut tasks = Vec::new();
        for number in 0..self.n_connections {
            let connection = Connection::open(&self.authority).await?;
            let (requests, stop) = (Arc::clone(&self.requests), Arc::clone(&stop));
            // Neighbours begin far from one another, so that they do not ask the same at the same time.
            let first = number * requests.len() / self.n_connections.max(1);
            tasks.push(tokio::spawn(ask(connection, requests, first, self.pause, stop)));
        }
        if let Until::Elapsed(time) = until {
            tokio::time::sleep(*time).await;
            stop.store(true, Ordering::Relaxed);
        }
        let mut answered = Answered::default();
        for task in tasks {
            let times = task.await.map_err(|_| BenchError::said("a connection of the load panicked"))??;
            for (all, some) in answered.times_us.iter_mut().zip(times) {
                all.extend(some);
            }
        }
        answered.seconds = started.elapsed().as_secs_f64();
        answered.times_us.iter_mut().for_each(|times| times.sort_unstable());
        Ok(answered)
    }
}

async fn ask(
    mut connection: Connection,
    requests: Arc<Vec<Request>>,
    first: usize,
    pause: Duration,
    stop: Arc<AtomicBool>,
) -> Result<[Vec<u32>; N_KINDS], BenchError> {
    let mut times: [Vec<u32>; N_KINDS] = Default::default();
    for request in requests.iter().cycle().skip(first) {
        let started = Instant::now();
        let status = connection.exchange(&request.bytes, &mut |_| ()).await?;
        if !is_success(status) {
            return Err(BenchError::said(format!("`{}` was answered with {status}", request.line)));
        }
        times[request.kind].push(u32::try_from(started.elapsed().as_micros()).unwrap_or(u32::MAX));
        if stop.load(Ordering::Relaxed) {
            break;
        }
        if !pause.is_zero() {
            tokio::time::sleep(pause).await;
        }
    }
    Ok(times)
}

impl Answered {
    /// Answers.
    pub(crate) fn count(&self) -> usize {
        self.times_us.iter().map(Vec::len).sum()
    }

    /// Answers a second.
    pub(crate) fn rate(&self) -> f64 {
        self.count() as f64 / self.seconds
    }

    /// The time, in milliseconds, within which this share of the answers of a kind came; `None` without answers.
    pub(crate) fn within_ms(&self, kind: usize, share: f64) -> Option<f64> {
        percentile(&self.times_us[kind], share)
    }

    /// As [`Answered::within_ms`], of all kinds.
    pub(crate) fn all_within_ms(&self, share: f64) -> Option<f64> {
        let mut all = self.times_us.concat();
        all.sort_unstable();
        percentile(&all, share)
    }

    /// Adds the answers of another turn.
    pub(crate) fn add(&mut self, other: Answered) {
        self.seconds += other.seconds;
        for (all, some) in self.times_us.iter_mut().zip(other.times_us) {
            all.extend(some);
            all.sort_unstable();
        }
    }
}

fn percentile(sorted: &[u32], share: f64) -> Option<f64> {
    let at = (sorted.len() as f64 * share) as usize;
    sorted.get(at.min(sorted.len().saturating_sub(1))).map(|time| f64::from(*time) / 1000.0)
}

/// The one in the middle.
pub(crate) fn median(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted.get(sorted.len() / 2).copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_of_times_are_read_off_the_sorted_list() {
        let answered = Answered { seconds: 2.0, times_us: [(1..=100).map(|ms| ms * 1000).collect(), vec![], vec![]] };
        assert_eq!(answered.rate(), 50.0);
        assert_eq!(answered.within_ms(0, 0.5), Some(51.0));
        assert_eq!(answered.within_ms(0, 0.99), Some(100.0));
        assert_eq!(answered.within_ms(0, 1.0), Some(100.0));
        assert_eq!(answered.within_ms(1, 0.5), None);
        assert_eq!(median(&[3.0, 1.0, 2.0]), 2.0);
    }
}
