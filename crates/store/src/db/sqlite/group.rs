//! A group of writes that one commit makes durable: everyone waits for its outcome.

use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::thread::Thread;
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

/// How the group ended, once it has. Who waits is woken by name: woken through one lock, they would queue for it again.
pub(super) struct Outcome {
    result: OnceLock<Result<(), DbError>>,
    waiting: Mutex<Vec<Thread>>,
}

impl Group {
    pub(super) fn open() -> Group {
        let outcome = Arc::new(Outcome { result: OnceLock::new(), waiting: Mutex::new(Vec::new()) });
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
        self.outcome.result.get_or_init(|| result);
        let waiting = std::mem::take(&mut *self.outcome.waiting.lock().unwrap_or_else(PoisonError::into_inner));
        waiting.iter().for_each(Thread::unpark);
    }
}

impl Outcome {
    /// Waits until the group has ended. It always ends: its transaction is in somebody's hands until then.
    pub(super) fn wait(&self) -> Result<(), DbError> {
        if let Some(result) = self.result.get() {
            return result.clone();
        }
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner).push(std::thread::current());
        loop {
            // Looked at after the name is in the list: whoever ends the group meanwhile finds it there, or is seen here.
            if let Some(result) = self.result.get() {
                return result.clone();
            }
            std::thread::park();
        }
    }
}
