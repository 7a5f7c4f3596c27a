//! `mecum serve`: opens the HTTP door until it is told to stop.

use std::io::IsTerminal;
use std::net::SocketAddr;
use std::sync::Arc;

use clap::Args;
use mecum_phr::Phr;
use mecum_phr::installation::Workload;
use mecum_server::{ServeError, ServerConfig};

use crate::config::Settings;
use crate::opening::open;
use crate::stop::Stop;

/// Serve the records over HTTP, as FHIR R4, to programs that have a token; Ctrl-C stops it.
///
/// Other commands may work on the same records meanwhile.
#[derive(Args)]
#[command(
    after_help = "Examples:\n  mecum serve\n  mecum serve --listen 127.0.0.1:9000\n  mecum serve --listen 0.0.0.0:8080 --behind-proxy"
)]
pub(crate) struct Serve {
    /// The address to listen on; other than 127.0.0.1 only behind a proxy that speaks TLS.
    #[arg(long, default_value = "127.0.0.1:8080", env = "MECUM_LISTEN", hide_env_values = true)]
    listen: SocketAddr,
    /// A proxy that speaks TLS stands in front.
    #[arg(long)]
    behind_proxy: bool,
}

impl Serve {
    pub(crate) fn run(self, settings: &Settings) -> Result<(), Stop> {
        let lines = tracing_subscriber::fmt().with_writer(std::io::stderr);
        if std::io::stderr().is_terminal() {
            lines.init()
        } else {
            lines.json().init()
        }
        let opened = open(settings, Workload::SERVER)?;
        until_stopped(opened.phr, ServerConfig { listen: self.listen, behind_proxy: self.behind_proxy })
    }
}

/// Serves until Ctrl-C or SIGTERM; running requests end first, and what was released is written down.
pub(crate) fn until_stopped(phr: Phr, config: ServerConfig) -> Result<(), Stop> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|error| Stop::Failed(format!("threads cannot be started: {error}")))?;
    let served = runtime.block_on(mecum_server::serve(Arc::new(phr), config, told_to_stop()));
    served.map_err(|error| match error {
        ServeError::Unprotected(_) => Stop::Refused(error.to_string()),
        error => Stop::Failed(with_cause(&error)),
    })
}

fn with_cause(error: &ServeError) -> String {
    match std::error::Error::source(error) {
        Some(cause) => format!("{error}: {cause}"),
        None => error.to_string(),
    }
}

async fn told_to_stop() {
    let interrupted = tokio::signal::ctrl_c();
    #[cfg(unix)]
    {
        match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
            Ok(mut terminated) => {
                tokio::select! {
                    _ = interrupted => {}
                    _ = terminated.recv() => {}
                }
            }
            Err(_) => drop(interrupted.await),
        }
    }
    #[cfg(not(unix))]
    drop(interrupted.await);
}
