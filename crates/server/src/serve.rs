//! Listening: the address, the access log's beat, and shutting down without losing a line.

use std::future::Future;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use mecum_phr::{Failure, Phr};
use tokio::net::TcpListener;
use tokio::sync::Notify;

use crate::app::App;
use crate::router::routes;
use crate::watch::counters;

/// How often what was released is written down.
const BEAT: Duration = Duration::from_millis(500);

/// How long running requests may take once the program is told to stop.
const LAST_REQUESTS: Duration = Duration::from_secs(20);

/// How to serve.
#[derive(Clone, Debug)]
pub struct ServerConfig {
    /// The address to listen on.
    pub listen: SocketAddr,
    /// Whether a proxy that speaks TLS stands in front; its `X-Forwarded-Proto` and `-Host` are then believed.
    pub behind_proxy: bool,
}

/// Why serving did not begin or ended.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// An address that others reach, and nothing that encrypts.
    #[error(
        "{0} can be reached from outside, and this version does not speak TLS yet: listen on 127.0.0.1, \
         or put a proxy that speaks TLS in front and say --behind-proxy"
    )]
    Unprotected(SocketAddr),
    /// The address cannot be listened on.
    #[error("cannot listen on {0}")]
    Listen(SocketAddr, #[source] std::io::Error),
    /// The listener failed.
    #[error("serving ended")]
    Serve(#[source] std::io::Error),
    /// The last lines of the access log could not be written.
    #[error("the access log could not be closed")]
    Close(#[source] Failure),
}

/// Serves until `shutdown` ends, then lets running requests finish and writes down what was released.
///
/// # Errors
/// [`ServeError`] says which step failed.
pub async fn serve(
    phr: Arc<Phr>,
    config: ServerConfig,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> Result<(), ServeError> {
    if !config.listen.ip().is_loopback() && !config.behind_proxy {
        return Err(ServeError::Unprotected(config.listen));
    }
    let listener = TcpListener::bind(config.listen).await.map_err(|error| ServeError::Listen(config.listen, error))?;
    if let Ok(address) = listener.local_addr() {
        tracing::info!(%address, "listening on {address}");
    }
    let stopping = Arc::new(Notify::new());
    let told = Arc::clone(&stopping);
    let server = axum::serve(listener, routes(App::new(Arc::clone(&phr), config.behind_proxy)));
    let server = server.with_graceful_shutdown(async move {
        shutdown.await;
        told.notify_one();
    });
    let beat = tokio::spawn(beat(Arc::clone(&phr)));
    let served = tokio::select! {
        served = server => served.map_err(ServeError::Serve),
        () = async { stopping.notified().await; tokio::time::sleep(LAST_REQUESTS).await } => Ok(()),
    };
    beat.abort();
    let closed = tokio::task::spawn_blocking(move || phr.close()).await;
    served?;
    closed.unwrap_or_else(|_| Err(Failure::Broken("closing was broken off".to_owned()))).map_err(ServeError::Close)
}

/// Writes the access log every half second. A failure is told, and the desk refuses what it could not account for.
async fn beat(phr: Arc<Phr>) {
    let mut ticks = tokio::time::interval(BEAT);
    ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        let phr = Arc::clone(&phr);
        match tokio::task::spawn_blocking(move || phr.flush_access_log()).await {
            Ok(Ok(())) => {}
            Ok(Err(failure)) => tracing::error!(%failure, "the access log could not be written"),
            Err(_) => tracing::error!("writing the access log panicked"),
        }
        if let Some(counters) = counters() {
            counters.run_upkeep();
        }
    }
}
