//! Servers as processes of their own: started, asked how they do, and stopped however the measurement ended.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child as Process, Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use mecum_phr::installation::{Installation, KeyPlace, Site, Workload};
use mecum_server::ServerConfig;

use crate::arguments::Serve;
use crate::error::BenchError;

/// How long a server may take to answer for the first time.
const PATIENCE: Duration = Duration::from_secs(30);

/// Between two looks whether a server answers.
const BLINK: Duration = Duration::from_millis(1);

/// What the system counts processor time in, a second.
const TICKS: f64 = 100.0;

/// A server in a process of its own, stopped when dropped.
pub(crate) struct Child {
    process: Process,
    /// `host:port`.
    pub(crate) authority: String,
    /// From the start of the process to its first answer.
    pub(crate) started_in: Duration,
}

impl Child {
    /// Starts a server that takes `--listen`, and waits until it answers.
    pub(crate) fn start(mut command: Command, shows_log: bool) -> Result<Child, BenchError> {
        let address = TcpListener::bind(("127.0.0.1", 0))?.local_addr()?;
        command.arg("--listen").arg(address.to_string()).stdin(Stdio::null()).stdout(Stdio::null());
        command.stderr(if shows_log { Stdio::inherit() } else { Stdio::null() });
        let started = Instant::now();
        let process = command.spawn()?;
        let mut child = Child { process, authority: address.to_string(), started_in: Duration::ZERO };
        while !is_healthy(address) {
            if let Some(status) = child.process.try_wait()? {
                return Err(BenchError::said(format!("a server ended at once ({status}); --server-log shows why")));
            }
            if started.elapsed() > PATIENCE {
                return Err(BenchError::said("a server does not answer; --server-log shows what it says"));
            }
            std::thread::sleep(BLINK);
        }
        child.started_in = started.elapsed();
        Ok(child)
    }

    /// The floor that gives these answers.
    pub(crate) fn still(answers: &Path) -> Result<Child, BenchError> {
        let mut command = Command::new(std::env::current_exe()?);
        command.arg("still").arg("--answers").arg(answers);
        Child::start(command, true)
    }

    /// Memory that the process holds, bytes; `None` where the system does not tell.
    pub(crate) fn resident_bytes(&self) -> Option<u64> {
        resident_bytes(self.process.id())
    }

    /// The process's number, for whoever watches it from another thread.
    pub(crate) fn id(&self) -> u32 {
        self.process.id()
    }

    /// Processor time that the process has used, seconds; `None` where the system does not tell.
    pub(crate) fn processor_s(&self) -> Option<f64> {
        processor_s(self.process.id())
    }
}

impl Drop for Child {
    fn drop(&mut self) {
        // One that has ended already is what we want.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Processor time that a process has used, seconds.
pub(crate) fn processor_s(id: u32) -> Option<f64> {
    let stat = std::fs::read_to_string(format!("/proc/{id}/stat")).ok()?;
    // The name before the last parenthesis may hold anything. After it, user and system time are the 12th and 13th.
    let mut fields = stat.rsplit_once(')')?.1.split_whitespace().skip(11);
    let ticks = fields.next()?.parse::<f64>().ok()? + fields.next()?.parse::<f64>().ok()?;
    Some(ticks / TICKS)
}

/// Memory that a process holds, bytes.
pub(crate) fn resident_bytes(id: u32) -> Option<u64> {
    let status = std::fs::read_to_string(format!("/proc/{id}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    Some(line.split_whitespace().next()?.parse::<u64>().ok()? * 1024)
}

fn is_healthy(address: SocketAddr) -> bool {
    let ask = || -> std::io::Result<bool> {
        let mut stream = TcpStream::connect(address)?;
        stream.set_read_timeout(Some(Duration::from_secs(1)))?;
        stream.write_all(b"GET /health HTTP/1.1\r\nhost: bench\r\nconnection: close\r\n\r\n")?;
        let mut start = [0u8; 12];
        stream.read_exact(&mut start)?;
        Ok(start.ends_with(b" 200"))
    };
    ask().unwrap_or(false)
}

/// The server inside this program, for when no `mecum` was named: the same lines of code, with its log switched on like there.
pub(crate) fn serve(serve: &Serve) -> Result<(), BenchError> {
    tracing_subscriber::fmt().with_writer(std::io::stderr).json().init();
    let site = Site { data_folder: serve.data.clone(), database_url: serve.database.clone() };
    let installation = Installation::find(site)?.ok_or_else(|| BenchError::said("there is no installation"))?;
    let phr = Arc::new(installation.open(KeyPlace::File(serve.key_file.clone()), Workload::SERVER)?);
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let config = ServerConfig { listen: serve.listen, behind_proxy: false };
    let served = runtime.block_on(mecum_server::serve(phr, config, std::future::pending()));
    served.map_err(|error| BenchError::said(error.to_string()))
}
