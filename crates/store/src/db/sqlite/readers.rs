//! Connections for reading, each lent to one transaction at a time.

use std::sync::{Condvar, Mutex, PoisonError};
use std::time::Instant;

use super::connection::Connection;
use super::{Place, open};
use crate::db::DbError;

/// The pool. Connections are opened when first needed and kept.
pub(super) struct Readers {
    pool: Mutex<Pool>,
    returned: Condvar,
}

struct Pool {
    idle: Vec<Connection>,
    n_open: usize,
}

/// A connection on loan; ending the loan ends its transaction.
pub(super) struct Reader<'a> {
    readers: &'a Readers,
    connection: Option<Connection>,
}

impl Readers {
    pub(super) fn new() -> Readers {
        Readers { pool: Mutex::new(Pool { idle: Vec::new(), n_open: 0 }), returned: Condvar::new() }
    }

    /// A free connection, waiting for one if all are in use.
    pub(super) fn take(&self, place: &Place) -> Result<Reader<'_>, DbError> {
        let deadline = Instant::now() + place.patience();
        let mut pool = self.pool.lock().unwrap_or_else(PoisonError::into_inner);
        loop {
            if let Some(connection) = pool.idle.pop() {
                return Ok(Reader { readers: self, connection: Some(connection) });
            }
            if pool.n_open < place.options.n_readers.max(1) {
                pool.n_open += 1;
                drop(pool);
                // From here on a failure, or a panic, gives the place back.
                let mut reader = Reader { readers: self, connection: None };
                reader.connection = Some(open::reader(place)?);
                return Ok(reader);
            }
            let left = deadline.checked_duration_since(Instant::now()).ok_or(DbError::Busy)?;
            pool = self.returned.wait_timeout(pool, left).unwrap_or_else(PoisonError::into_inner).0;
        }
    }
}

impl Reader<'_> {
    /// Opens the snapshot: what is committed at the first statement stays in sight until the end.
    pub(super) fn begin(&mut self) -> Result<(), DbError> {
        self.connection().run("BEGIN DEFERRED")
    }

    pub(super) fn connection(&mut self) -> &mut Connection {
        self.connection.as_mut().expect("a reader that was handed out has its connection until it is dropped")
    }
}

impl Drop for Reader<'_> {
    fn drop(&mut self) {
        let ended = self.connection.take().filter(|it| it.raw().is_autocommit() || it.run("ROLLBACK").is_ok());
        let mut pool = self.readers.pool.lock().unwrap_or_else(PoisonError::into_inner);
        match ended {
            Some(connection) => pool.idle.push(connection),
            None => pool.n_open -= 1,
        }
        drop(pool);
        self.readers.returned.notify_one();
    }
}
