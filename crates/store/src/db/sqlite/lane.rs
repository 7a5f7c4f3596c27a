//! The queue for the writer's connection: first come, first served, handed over directly.

use std::collections::VecDeque;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::ThreadId;
use std::time::{Duration, Instant};

use super::connection::Connection;
use super::group::Group;
use crate::db::DbError;

/// Where the baton is: lying here, or in somebody's hands while others queue.
pub(super) struct Lane(Mutex<State>);

struct State {
    baton: Option<Box<Baton>>,
    queue: VecDeque<Arc<Waiting>>,
    holder: Option<ThreadId>,
}

/// What goes from hand to hand: the connection, and the group whose transaction is open on it.
pub(super) struct Baton {
    pub(super) connection: Connection,
    pub(super) group: Option<Group>,
}

/// A caller in the queue.
struct Waiting {
    thread: ThreadId,
    given: Mutex<Option<Box<Baton>>>,
    arrived: Condvar,
}

impl Lane {
    pub(super) fn new(connection: Connection) -> Lane {
        let baton = Some(Box::new(Baton { connection, group: None }));
        Lane(Mutex::new(State { baton, queue: VecDeque::new(), holder: None }))
    }

    /// The baton, waiting for it at most this long.
    pub(super) fn take(&self, patience: Duration) -> Result<Box<Baton>, DbError> {
        let deadline = Instant::now() + patience;
        let me = std::thread::current().id();
        let mut state = self.state();
        if state.holder == Some(me) {
            return Err(DbError::Other("a write was begun inside a write of the same thread".to_owned()));
        }
        if let Some(baton) = state.baton.take() {
            state.holder = Some(me);
            return Ok(baton);
        }
        let waiting = Arc::new(Waiting { thread: me, given: Mutex::new(None), arrived: Condvar::new() });
        state.queue.push_back(Arc::clone(&waiting));
        drop(state);
        match waiting.until(Some(deadline)) {
            Some(baton) => Ok(baton),
            None => self.give_up(&waiting),
        }
    }

    /// Hands the baton to the next in the queue, or puts it down. With a group open and nobody waiting it comes back, to be committed.
    pub(super) fn pass(&self, baton: Box<Baton>) -> Option<Box<Baton>> {
        let mut state = self.state();
        if let Some(next) = state.queue.pop_front() {
            state.holder = Some(next.thread);
            drop(state);
            next.give(baton);
            return None;
        }
        if baton.group.is_some() {
            return Some(baton);
        }
        state.holder = None;
        state.baton = Some(baton);
        None
    }

    /// Leaves the queue; if the baton is on its way meanwhile, takes it after all.
    fn give_up(&self, waiting: &Arc<Waiting>) -> Result<Box<Baton>, DbError> {
        let mut state = self.state();
        if let Some(at) = state.queue.iter().position(|other| Arc::ptr_eq(other, waiting)) {
            state.queue.remove(at);
            return Err(DbError::Busy);
        }
        drop(state);
        waiting.until(None).ok_or(DbError::Busy)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Waiting {
    /// The baton, when it comes; `None` only after the deadline.
    fn until(&self, deadline: Option<Instant>) -> Option<Box<Baton>> {
        let mut given = self.given.lock().unwrap_or_else(PoisonError::into_inner);
        while given.is_none() {
            given = match deadline {
                None => self.arrived.wait(given).unwrap_or_else(PoisonError::into_inner),
                Some(deadline) => {
                    let left = deadline.checked_duration_since(Instant::now())?;
                    self.arrived.wait_timeout(given, left).unwrap_or_else(PoisonError::into_inner).0
                }
            };
        }
        given.take()
    }

    fn give(&self, baton: Box<Baton>) {
        *self.given.lock().unwrap_or_else(PoisonError::into_inner) = Some(baton);
        self.arrived.notify_one();
    }
}
