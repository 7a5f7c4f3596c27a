//! A lock file beside the database that lets processes write by turns.
//!
//! SQLite's write lock is not fair: a busy server that begins its next transaction right after a commit would starve the command line.
//! Whoever wants to begin holds the turnstile until it has the write lock, so the one who just committed has to stand behind. The
//! lock belongs to the open file and goes when its process dies.

use std::fs::{File, OpenOptions, TryLockError};
use std::path::Path;
use std::time::{Duration, Instant};

use crate::db::DbError;

/// Waits between two looks: short, since the one in front passes as soon as it can write.
const FIRST_WAIT: Duration = Duration::from_micros(200);
const LONGEST_WAIT: Duration = Duration::from_millis(4);

/// The lock file.
pub(super) struct Turnstile(File);

/// Held while beginning a transaction.
pub(super) struct Turn<'a>(&'a File);

impl Turnstile {
    /// Opens or makes `<database>-turn`.
    pub(super) fn open(database: &Path) -> Result<Turnstile, DbError> {
        let mut name = database.as_os_str().to_owned();
        name.push("-turn");
        let mut options = OpenOptions::new();
        options.read(true).write(true).create(true).truncate(false);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        options.open(name).map(Turnstile).map_err(|error| DbError::from_io(&error))
    }

    /// Waits for the turn, at most until the deadline.
    pub(super) fn take(&self, deadline: Instant) -> Result<Turn<'_>, DbError> {
        let mut wait = FIRST_WAIT;
        loop {
            match self.0.try_lock() {
                Ok(()) => return Ok(Turn(&self.0)),
                Err(TryLockError::WouldBlock) if Instant::now() < deadline => std::thread::sleep(wait),
                Err(TryLockError::WouldBlock) => return Err(DbError::Busy),
                Err(TryLockError::Error(error)) => return Err(DbError::from_io(&error)),
            }
            wait = (wait * 2).min(LONGEST_WAIT);
        }
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        // If it fails, the lock goes with the file at the latest.
        let _ = self.0.unlock();
    }
}
