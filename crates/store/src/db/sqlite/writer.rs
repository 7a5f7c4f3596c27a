//! The one writer of this process, with group commit: many callers, one transaction, one write to the disk (design §4).
//!
//! The connection goes from hand to hand. Whoever holds it runs its closure, on its own thread, inside a savepoint of the open
//! transaction, and hands the connection on with the transaction still open; if nobody waits, or the group is full, it commits for all.
//! Callers that arrive during the commit wait for the connection and form the next group. Nobody returns before the commit that holds
//! its writes is on the disk, not even one that failed: it may have read what the group is about to commit.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use super::connection::Connection;
use super::group::{Group, Outcome};
use super::lane::{Baton, Lane};
use super::turnstile::Turnstile;
use super::{Place, open};
use crate::db::tx::Session;
use crate::db::{DbError, Tx, WriteCounts};

/// A group is committed when it has this many members, or is this old, even if more are waiting.
const MOST_MEMBERS: usize = 64;
const LONGEST_GROUP: Duration = Duration::from_millis(8);
/// Pages in the log, not yet in the database file, that make a checkpoint due; 4 KiB each. The longer the log, the more often a page
/// is in it that is written again before it is moved, and moving is what most of a small write costs.
const CHECKPOINT_PAGES: i64 = 2_000;

/// The writer's connection and the queue for it.
pub(super) struct Writer {
    lane: Lane,
    turnstile: Turnstile,
    patience: Duration,
    n_writes: AtomicU64,
    n_commits: AtomicU64,
}

/// The baton in a caller's hands; it goes on however the caller ends.
struct Held<'a> {
    writer: &'a Writer,
    baton: Option<Box<Baton>>,
}

/// What a member's closure came to: its own result, or its panic.
type Ran<T, E> = Result<Result<T, E>, Box<dyn Any + Send>>;

impl Writer {
    pub(super) fn open(place: &Place) -> Result<Writer, DbError> {
        Ok(Writer {
            lane: Lane::new(open::writer(place)?),
            turnstile: Turnstile::open(&place.path)?,
            patience: place.patience(),
            n_writes: AtomicU64::new(0),
            n_commits: AtomicU64::new(0),
        })
    }

    pub(super) fn write<T, E: From<DbError>>(&self, work: impl FnOnce(&mut Tx<'_>) -> Result<T, E>) -> Result<T, E> {
        let mut held = self.take()?;
        held.begin()?;
        let (ran, failure) = run_member(&mut held.baton().connection, work);
        let outcome = held.join(failure);
        match ran {
            Err(panic) => resume_unwind(panic),
            Ok(result) => outcome.wait().map_err(E::from).and(result),
        }
    }

    /// The connection alone, outside any transaction.
    pub(super) fn alone<T>(&self, work: impl FnOnce(&Connection) -> Result<T, DbError>) -> Result<T, DbError> {
        let mut held = self.take()?;
        held.end_group();
        work(&held.baton().connection)
    }

    pub(super) fn counts(&self) -> WriteCounts {
        WriteCounts {
            n_writes: self.n_writes.load(Ordering::Relaxed),
            n_commits: self.n_commits.load(Ordering::Relaxed),
        }
    }

    fn take(&self) -> Result<Held<'_>, DbError> {
        Ok(Held { writer: self, baton: Some(self.lane.take(self.patience)?) })
    }
}

/// Why a member's writes are not kept.
enum Failure {
    /// The closure failed or panicked.
    Own,
    /// A statement failed, with this.
    Statement(DbError),
}

/// Runs one closure inside a savepoint, which is left open.
fn run_member<T, E: From<DbError>>(
    connection: &mut Connection,
    work: impl FnOnce(&mut Tx<'_>) -> Result<T, E>,
) -> (Ran<T, E>, Option<Failure>) {
    if let Err(error) = connection.run("SAVEPOINT member") {
        return (Ok(Err(error.clone().into())), Some(Failure::Statement(error)));
    }
    let mut tx = Tx::new(Session::Sqlite(connection));
    // What the closure left half-done is in the savepoint only, and is rolled back with it.
    let ran = catch_unwind(AssertUnwindSafe(|| work(&mut tx)));
    match (ran, tx.end().0) {
        (Ok(Ok(_)), Some(failure)) => (Ok(Err(failure.clone().into())), Some(Failure::Statement(failure))),
        (ran, Some(failure)) => (ran, Some(Failure::Statement(failure))),
        (ran @ Ok(Ok(_)), None) => (ran, None),
        (ran, None) => (ran, Some(Failure::Own)),
    }
}

impl Held<'_> {
    fn baton(&mut self) -> &mut Baton {
        self.baton.as_mut().expect("the baton is taken away only when it is handed on, which ends its being held")
    }

    /// Opens a transaction and a group, unless one is open.
    fn begin(&mut self) -> Result<(), DbError> {
        let writer = self.writer;
        let baton = self.baton();
        if baton.group.is_some() {
            return Ok(());
        }
        if !baton.connection.raw().is_autocommit() {
            // An earlier rollback failed.
            baton.connection.run("ROLLBACK")?;
        }
        let _turn = writer.turnstile.take(Instant::now() + writer.patience)?;
        baton.connection.run("BEGIN IMMEDIATE")?;
        baton.group = Some(Group::open());
        Ok(())
    }

    /// Keeps or undoes what the member wrote, counts it in, and hands the baton on or commits.
    fn join(mut self, failure: Option<Failure>) -> Arc<Outcome> {
        self.writer.n_writes.fetch_add(1, Ordering::Relaxed);
        let baton = self.baton();
        let group = baton.group.as_mut().expect("a group is open from begin to commit, and this member is in between");
        group.n_joined += 1;
        group.n_kept += usize::from(failure.is_none());
        let (outcome, full) = (group.outcome(), group.is_full(MOST_MEMBERS, LONGEST_GROUP));
        match end_savepoint(&baton.connection, failure) {
            Err(error) => self.abandon(error),
            Ok(()) if full => self.end_group(),
            Ok(()) => {}
        }
        self.pass();
        outcome
    }

    /// Hands the baton to the next in the queue; if there is none, ends the group and puts it down.
    fn pass(&mut self) {
        while let Some(baton) = self.baton.take() {
            self.baton = self.writer.lane.pass(baton);
            if self.baton.is_some() {
                self.end_group();
            }
        }
    }

    /// Commits for all members, tells them, and sees to the log.
    fn end_group(&mut self) {
        let writer = self.writer;
        let baton = self.baton();
        let Some(group) = baton.group.take() else { return };
        let connection = &baton.connection;
        if group.n_kept == 0 {
            group.end(connection.run("ROLLBACK"));
            return;
        }
        let result = connection.run("COMMIT");
        if result.is_err() && !connection.raw().is_autocommit() {
            // The first error is the one that says something; if this fails too, the next transaction tries again.
            let _ = connection.run("ROLLBACK");
        }
        writer.n_commits.fetch_add(u64::from(result.is_ok()), Ordering::Relaxed);
        group.end(result);
        checkpoint_when_due(connection);
    }

    /// The whole transaction is lost: every member learns why.
    fn abandon(&mut self, error: DbError) {
        let baton = self.baton();
        if !baton.connection.raw().is_autocommit() {
            // As above.
            let _ = baton.connection.run("ROLLBACK");
        }
        if let Some(group) = baton.group.take() {
            group.end(Err(error));
        }
    }
}

impl Drop for Held<'_> {
    fn drop(&mut self) {
        if self.baton.is_none() {
            return;
        }
        if std::thread::panicking() {
            self.abandon(DbError::Other("a write broke off in the middle".to_owned()));
        }
        self.pass();
    }
}

/// Keeps or undoes what one member wrote. An error means that the transaction as a whole is gone.
fn end_savepoint(connection: &Connection, failure: Option<Failure>) -> Result<(), DbError> {
    if connection.raw().is_autocommit() {
        // SQLite rolls everything back by itself when the disk is full or fails in the middle of a page.
        return Err(match failure {
            Some(Failure::Statement(error)) => error,
            _ => DbError::Other("the transaction was ended by one of its own statements".to_owned()),
        });
    }
    if failure.is_some() {
        connection.run("ROLLBACK TO member")?;
    }
    connection.run("RELEASE member")
}

/// Moves the log into the database file when it has grown; readers and other processes go on meanwhile.
fn checkpoint_when_due(connection: &Connection) {
    let pages = |sql| connection.raw().prepare_cached(sql)?.query_row([], |row| Ok((row.get(1)?, row.get(2)?)));
    let log: rusqlite::Result<(i64, i64)> = pages("PRAGMA wal_checkpoint(NOOP)");
    if log.is_ok_and(|(n_pages, n_moved)| n_pages - n_moved >= CHECKPOINT_PAGES) {
        // What cannot be moved now, because somebody still reads the old pages, is moved after a later commit.
        let _ = pages("PRAGMA wal_checkpoint(PASSIVE)");
    }
}
