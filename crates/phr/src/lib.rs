//! What a person can do with a record; rules meet storage only here.
//!
//! - [`Phr`]: the store, a clock and the disclosure desk; every function below takes it first
//! - [`installation`]: the data folder, its key, and opening both; [`words`]: what a door says of the rooms below
//! - [`interaction`]: create, read, vread, history, update, delete, transaction
//! - [`commits`]: the log of commits, what one changed, and taking it back; [`backup`]: a copy of the whole, and back
//! - [`disclose`]: `Released` and the desk that writes down what leaves
//! - [`projection`]: what is computed and never stored: Provenance, AuditEvent, originals
//! - [`export`]: carrying a record away
//! - [`job`]: exports that are asked for first and fetched later
//! - [`failure`]: why something was not done
//! - `adopt`: taking a resource in without losing a byte of it
//! - [`moment`]: clock and randomness
//! - [`sign_in`]: links that work once, and the sessions they become
//! - [`token`]: bearer tokens
//! - [`view`]: what pages show

pub mod adopt;
pub mod backup;
pub mod commits;
pub mod disclose;
pub mod export;
pub mod failure;
pub mod import;
pub mod installation;
pub mod interaction;
pub mod job;
pub mod moment;
mod permission;
pub mod projection;
pub mod record;
mod render;
pub mod sign_in;
pub mod token;
pub mod view;
pub mod words;

use std::sync::Arc;

use mecum_record::caller::Caller;
use mecum_store::Store;

pub use failure::{Failure, Fault};
pub use moment::{Clock, SystemClock};
pub use render::Rendered;

use disclose::Desk;

/// Everything a request needs: one per process.
pub struct Phr {
    store: Store,
    clock: Arc<dyn Clock>,
    desk: Desk,
}

impl Phr {
    /// Puts the parts together.
    #[must_use]
    pub fn new(store: Store, clock: Arc<dyn Clock>) -> Phr {
        Phr { store, clock, desk: Desk::default() }
    }

    /// The store, for the functions of this room only.
    pub(crate) fn store(&self) -> &Store {
        &self.store
    }

    /// Microseconds since the epoch.
    #[must_use]
    pub fn now_us(&self) -> i64 {
        self.clock.now_us()
    }

    /// The desk where what leaves is written down.
    #[must_use]
    pub fn desk(&self) -> &Desk {
        &self.desk
    }

    /// Whether the store answers a question within moments, without waiting for another process.
    #[must_use]
    pub fn is_in_process(&self) -> bool {
        self.store.is_in_process()
    }

    /// Whether a resource that this caller reads is most likely released within moments: nothing has to be on a disk first, nor
    /// asked of another process.
    #[must_use]
    pub fn answers_at_once(&self, caller: &Caller) -> bool {
        self.is_in_process() && self.desk.has_open(caller, self.now_us())
    }

    /// Writes down everything that was released and closes the open disclosures: what a program does before it ends.
    ///
    /// # Errors
    /// When the access log cannot be written.
    pub fn close(&self) -> Result<(), Failure> {
        self.desk.close_all(&self.store, self.now_us())
    }

    /// Writes down what was released in the last moments; called every half second while the program serves.
    ///
    /// # Errors
    /// When the access log cannot be written; the callers concerned are refused until it can.
    pub fn flush_access_log(&self) -> Result<(), Failure> {
        self.desk.flush(&self.store, self.now_us())
    }
}
