//! The scale-out database: PostgreSQL 15 or later through a small pool of connections.

mod codec;
mod connect;
mod error;
mod insert;
mod runtime;
mod session;
mod upkeep;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use deadpool_postgres::{Client, Pool, Transaction};
use tokio::runtime::Handle;
use tokio_postgres::IsolationLevel;

pub(super) use session::PgSession;

use self::error::{ended, is_lost};
use super::tx::Session;
use super::{DbError, PgOptions, Tx, WriteCounts};

/// An open PostgreSQL schema; cheap to clone.
#[derive(Clone)]
pub struct Postgres(Arc<Inner>);

struct Inner {
    pool: Pool,
    runtime: &'static Handle,
    schema: String,
    options: PgOptions,
    n_writes: AtomicU64,
    n_commits: AtomicU64,
    /// Whether somebody looks whether the planner's statistics are still true.
    is_looking: AtomicBool,
}

/// How a transaction sees the others.
#[derive(Clone, Copy)]
enum Mode {
    /// One snapshot, nothing written.
    Read,
    /// Each statement sees what is committed when it begins.
    Write,
}

impl Postgres {
    pub(super) fn open(url: &str, schema: &str, options: PgOptions) -> Result<Postgres, DbError> {
        let runtime = runtime::shared()?;
        let pool = connect::pool(url, schema, options)?;
        let inner = Inner {
            pool,
            runtime,
            schema: schema.to_owned(),
            options,
            n_writes: AtomicU64::new(0),
            n_commits: AtomicU64::new(0),
            is_looking: AtomicBool::new(false),
        };
        let postgres = Postgres(Arc::new(inner));
        postgres.refuse_old_server()?;
        Ok(postgres)
    }

    pub(super) fn read<T, E: From<DbError>>(&self, work: impl FnOnce(&mut Tx<'_>) -> Result<T, E>) -> Result<T, E> {
        self.transact(Mode::Read, work)
    }

    pub(super) fn read_within<T, E: From<DbError>>(
        &self,
        limit: Duration,
        work: impl FnOnce(&mut Tx<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        let limit_ms = limit.as_millis().clamp(1, 600_000);
        self.transact(Mode::Read, |tx| {
            // Sets of entries are looked up in memory: with the few MiB that are usual they would be gone through one by one.
            tx.settings(&format!("SET LOCAL statement_timeout = {limit_ms}; SET LOCAL work_mem = '64MB'"))?;
            work(tx)
        })
    }

    pub(super) fn write<T, E: From<DbError>>(&self, work: impl FnOnce(&mut Tx<'_>) -> Result<T, E>) -> Result<T, E> {
        let n_before = self.0.n_writes.fetch_add(1, Ordering::Relaxed);
        let result = self.transact(Mode::Write, work);
        self.0.n_commits.fetch_add(u64::from(result.is_ok()), Ordering::Relaxed);
        if upkeep::is_time_to_look(n_before + 1) {
            self.look_at_statistics();
        }
        result
    }

    /// Every write is its own commit here.
    pub(super) fn write_counts(&self) -> WriteCounts {
        WriteCounts {
            n_writes: self.0.n_writes.load(Ordering::Relaxed),
            n_commits: self.0.n_commits.load(Ordering::Relaxed),
        }
    }

    pub(super) fn schema(&self) -> &str {
        &self.0.schema
    }

    fn transact<T, E: From<DbError>>(
        &self,
        mode: Mode,
        work: impl FnOnce(&mut Tx<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        // A connection that died while it lay in the pool shows at BEGIN, when nothing is lost yet: another is taken then.
        let mut n_dead = 0;
        loop {
            let mut client = self.client()?;
            match self.0.runtime.block_on(begin(&mut client, mode)) {
                Ok(transaction) => return run(PgSession::new(transaction, self.0.runtime), mode, work),
                Err(error) if is_lost(&error) && n_dead <= self.0.options.n_connections => n_dead += 1,
                Err(error) => return Err(DbError::from(error).into()),
            }
            drop(Client::take(client));
        }
    }

    fn client(&self) -> Result<Client, DbError> {
        let client = self.0.runtime.block_on(self.0.pool.get())?;
        session::bound_statements(&client);
        Ok(client)
    }
}

async fn begin(client: &mut Client, mode: Mode) -> Result<Transaction<'_>, tokio_postgres::Error> {
    let builder = match mode {
        Mode::Read => client.build_transaction().isolation_level(IsolationLevel::RepeatableRead).read_only(true),
        Mode::Write => client.build_transaction().isolation_level(IsolationLevel::ReadCommitted),
    };
    builder.start().await
}

/// Runs the closure and ends the transaction; if the closure panics, dropping the transaction rolls it back.
fn run<T, E: From<DbError>>(
    session: PgSession<'_>,
    mode: Mode,
    work: impl FnOnce(&mut Tx<'_>) -> Result<T, E>,
) -> Result<T, E> {
    let mut tx = Tx::new(Session::Postgres(session));
    let outcome = work(&mut tx);
    let (failure, Session::Postgres(session)) = tx.end() else { return outcome };
    let outcome = match failure {
        // The server would turn COMMIT into a silent ROLLBACK.
        Some(failure) => outcome.and(Err(failure.into())),
        None => outcome,
    };
    match (outcome, mode) {
        (Ok(value), Mode::Write) => session.commit().map(|()| value).map_err(|error| ended(error).into()),
        // Dropping it sends ROLLBACK without waiting for the answer: the next user of the connection comes after it anyway.
        (outcome, Mode::Read) => outcome,
        (outcome, Mode::Write) => {
            // Waited for, so that its locks are free when the caller hears of it. If it does not arrive, the server rolls back itself.
            let _ = session.rollback();
            outcome
        }
    }
}
