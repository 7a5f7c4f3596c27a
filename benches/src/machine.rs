//! The machine that a run was made on, and what its disk does.

use std::io::Write;
use std::path::Path;
use std::time::{Duration, Instant};

use crate::error::BenchError;

/// How long the disk is watched.
const LOOK: Duration = Duration::from_millis(700);

/// What is written before each sync, bytes.
const BLOCK: [u8; 4096] = [7; 4096];

/// The machine, as it was when the run began.
pub(crate) struct Machine {
    /// Cores that are there.
    pub(crate) n_cores: usize,
    /// Programs that wanted a core in the last minute, on average.
    pub(crate) load: Option<f64>,
    /// Syncs of a written block a second.
    pub(crate) syncs_a_second: f64,
}

impl Machine {
    /// Looks at it, and at the disk below this folder.
    pub(crate) fn look(folder: &Path) -> Result<Machine, BenchError> {
        Ok(Machine {
            n_cores: std::thread::available_parallelism()?.get(),
            load: load(),
            syncs_a_second: syncs_a_second(folder)?,
        })
    }

    /// What a reader of the table must know of it.
    pub(crate) fn sentence(&self) -> String {
        let load = self.load.map_or_else(String::new, |load| format!(", load {load:.1} before the run"));
        format!(
            "{} cores{load}; the disk does {:.0} fdatasync/s. Client and server share the cores, unpinned, for ours and for the floor alike.",
            self.n_cores, self.syncs_a_second
        )
    }

    /// Says it before the long wait.
    pub(crate) fn announce(&self) {
        eprintln!("{}", self.sentence());
    }
}

fn load() -> Option<f64> {
    std::fs::read_to_string("/proc/loadavg").ok()?.split_whitespace().next()?.parse().ok()
}

fn syncs_a_second(folder: &Path) -> Result<f64, BenchError> {
    let mut file = tempfile::tempfile_in(folder)?;
    let (started, mut n_syncs) = (Instant::now(), 0.0);
    while started.elapsed() < LOOK {
        file.write_all(&BLOCK)?;
        file.sync_data()?;
        n_syncs += 1.0;
    }
    Ok(n_syncs / started.elapsed().as_secs_f64())
}
