//! What every request shares, and the one dispatch of a request onto a thread that may block.

use std::sync::Arc;
use std::time::Duration;

use mecum_phr::{Failure, Phr};
use mecum_record::caller::Caller;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::caller::{Bearer, caller_of};
use crate::error::Refusal;
use crate::portal::Jobs;

/// Requests that work with the record at the same time; more wait their turn.
const MAX_SHORT: usize = 64;

/// Exports and imports at the same time: each holds a thread as long as it streams.
const MAX_STREAMS: usize = 16;

/// How long a request waits for its turn before it is told to come again.
const MAX_WAIT: Duration = Duration::from_secs(10);

/// What every request shares.
#[derive(Clone)]
pub(crate) struct App {
    pub(crate) phr: Arc<Phr>,
    /// Whether a proxy in front says how the client reached it.
    pub(crate) is_behind_proxy: bool,
    /// Imports at the portal, from the upload to the report.
    pub(crate) jobs: Arc<Jobs>,
    short: Arc<Semaphore>,
    streams: Arc<Semaphore>,
}

impl App {
    pub(crate) fn new(phr: Arc<Phr>, is_behind_proxy: bool) -> App {
        let (short, streams) = (Arc::new(Semaphore::new(MAX_SHORT)), Arc::new(Semaphore::new(MAX_STREAMS)));
        App { phr, is_behind_proxy, jobs: Arc::default(), short, streams }
    }

    /// The caller the token stands for: nothing of a request is looked at before it is known who asks.
    pub(crate) async fn caller(&self, bearer: Bearer) -> Result<Arc<Caller>, Refusal> {
        if self.phr.is_in_process() {
            return caller_of(&self.phr, &bearer).map(Arc::new);
        }
        let phr = Arc::clone(&self.phr);
        self.on_a_thread(move || caller_of(&phr, &bearer)).await?.map(Arc::new)
    }

    /// Does one request's work on a thread that may block.
    pub(crate) async fn run<T: Send + 'static, E: Into<Refusal>>(
        &self,
        caller: Arc<Caller>,
        work: impl FnOnce(&Phr, &Caller) -> Result<T, E> + Send + 'static,
    ) -> Result<T, Refusal> {
        let phr = Arc::clone(&self.phr);
        self.on_a_thread(move || work(&phr, &caller).map_err(Into::into)).await?
    }

    /// Does work on a thread that may block, when its turn has come.
    pub(crate) async fn on_a_thread<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Refusal> {
        let turn = turn(&self.short).await?;
        let done = tokio::task::spawn_blocking(move || {
            let _turn = turn;
            work()
        });
        done.await.map_err(|_| Refusal::panicked())
    }

    /// Reads a little: here, when it is answered within moments anyway and changing threads would take longer than the work; else as
    /// [`App::run`].
    pub(crate) async fn read<T: Send + 'static, E: Into<Refusal>>(
        &self,
        caller: Arc<Caller>,
        work: impl FnOnce(&Phr, &Caller) -> Result<T, E> + Send + 'static,
    ) -> Result<T, Refusal> {
        if self.phr.answers_at_once(&caller) {
            return work(&self.phr, &caller).map_err(Into::into);
        }
        self.run(caller, work).await
    }

    /// The turn of a request that streams; held until it is dropped.
    pub(crate) async fn stream_turn(&self) -> Result<OwnedSemaphorePermit, Refusal> {
        turn(&self.streams).await
    }
}

async fn turn(semaphore: &Arc<Semaphore>) -> Result<OwnedSemaphorePermit, Refusal> {
    match tokio::time::timeout(MAX_WAIT, Arc::clone(semaphore).acquire_owned()).await {
        Ok(Ok(turn)) => Ok(turn),
        Ok(Err(_)) | Err(_) => Err(Failure::Busy("too many requests at once: try again shortly".to_owned()).into()),
    }
}
