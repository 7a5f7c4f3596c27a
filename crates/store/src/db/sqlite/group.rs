//! A group of writes that one commit makes durable: everyone waits for its outcome.

use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::{Duration, Instant};

use crate::db::DbError;

/// A group that is open: it travels with the writer's connection, whose transaction holds its members' writes.
pub(super) struct Group {
    outcome: Arc<Outcome>,
    began: Instant,
    /// Members that ran, kept or not.
    pub(super) n_joined: usize,
    /// Members whose writes are in the transaction.
    pub(super) n_kept: usize,
}

/// How the group ended, once it has.
pub(super) struct Outcome {
    result: Mutex<Option<Result<(), DbError>>>,
    known: Condvar,
}

impl Group {
    pub(super) fn open() -> Group {
        let outcome = Arc::new(Outcome { result: Mutex::new(None), known: Condvar::new() });
        Group { outcome, began: Instant::now(), n_joined: 0, n_kept: 0 }
    }

    /// What a member waits for.
    pub(super) fn outcome(&self) -> Arc<Outcome> {
        Arc::clone(&self.outcome)
    }

    /// Whether it has to be committed before more join.
    pub(super) fn is_full(&self, most_members: usize, longest: Duration) -> bool {
        self.n_joined >= most_members || self.began.elapsed() >= longest
    }

    /// Tells every member how it ended.
    pub(super) fn end(self, result: Result<(), DbError>) {
        *self.outcome.result.lock().unwrap_or_else(PoisonError::into_inner) = Some(result);
        self.outcome.known.notify_all();
    }
}

impl Outcome {
    /// Waits until the group has ended. It always ends: its transaction is in somebody's hands until then.
    pub(super) fn wait(&self) -> Result<(), DbError> {
        let mut result = self.result.lock().unwrap_or_else(PoisonError::into_inner);
        loop {
            match &*result {
                Some(result) => return result.clone(),
                None => result = self.known.wait(result).unwrap_or_else(PoisonError::into_inner),
            }
        }
    }
}
