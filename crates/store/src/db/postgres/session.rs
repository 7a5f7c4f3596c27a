//! One transaction on one connection.

use std::pin::pin;

use deadpool_postgres::{Client, Transaction};
use futures_util::TryStreamExt as _;
use tokio::runtime::Handle;
use tokio_postgres::Statement;
use tokio_postgres::types::ToSql;

use super::codec;
use crate::db::tx::Visit;
use crate::db::{DbError, Row, Value, dialect};

/// Rows fetched at a time by a visit that may be long.
const PORTION_ROWS: i32 = 256;
/// Prepared statements kept by a connection.
const N_STATEMENTS: usize = 512;
/// Migrators of all processes wait for this lock; the number means nothing else.
const SCHEMA_LOCK: i64 = 0x6d_6563_756d;

/// An open transaction.
pub(in crate::db) struct PgSession<'a> {
    transaction: Transaction<'a>,
    runtime: &'static Handle,
}

/// Forgets the prepared statements of a connection that has gathered too many.
pub(super) fn bound_statements(client: &Client) {
    if client.statement_cache.size() > N_STATEMENTS {
        client.statement_cache.clear();
    }
}

impl<'a> PgSession<'a> {
    pub(super) fn new(transaction: Transaction<'a>, runtime: &'static Handle) -> PgSession<'a> {
        PgSession { transaction, runtime }
    }

    /// Shows the rows of a result that is not large. It is read to its end even if no more rows are wanted: an error after them has
    /// ended the transaction on the server, which would answer COMMIT with a silent ROLLBACK.
    pub(in crate::db) fn visit(&mut self, sql: &str, params: &[Value<'_>], show: Visit<'_>) -> Result<(), DbError> {
        let transaction = &self.transaction;
        self.runtime.block_on(async {
            let statement = prepare(transaction, sql, params).await?;
            let mut rows = pin!(transaction.query_raw(&statement, params).await?);
            let mut row = Row::default();
            let mut wanted = true;
            while let Some(found) = rows.try_next().await? {
                if wanted {
                    codec::fill(&mut row, &found)?;
                    wanted = show(&mut row).is_continue();
                }
            }
            Ok(())
        })
    }

    /// Shows the rows of a result that may be large: fetched in portions, and the rest is never sent.
    pub(in crate::db) fn visit_in_portions(
        &mut self,
        sql: &str,
        params: &[Value<'_>],
        show: Visit<'_>,
    ) -> Result<(), DbError> {
        let transaction = &self.transaction;
        let portal = self.runtime.block_on(async {
            let statement = prepare(transaction, sql, params).await?;
            Ok::<_, DbError>(transaction.bind_raw(&statement, params).await?)
        })?;
        let mut row = Row::default();
        loop {
            let portion = self.runtime.block_on(transaction.query_portal(&portal, PORTION_ROWS))?;
            for found in &portion {
                codec::fill(&mut row, found)?;
                if show(&mut row).is_break() {
                    return Ok(());
                }
            }
            if portion.len() < usize::try_from(PORTION_ROWS).unwrap_or(usize::MAX) {
                return Ok(());
            }
        }
    }

    /// Runs a statement that returns no rows.
    pub(in crate::db) fn execute(&mut self, sql: &str, params: &[Value<'_>]) -> Result<u64, DbError> {
        let transaction = &self.transaction;
        self.runtime.block_on(async {
            let statement = prepare(transaction, sql, params).await?;
            Ok(transaction.execute_raw(&statement, params).await?)
        })
    }

    /// Runs a statement whose parameters are lists.
    pub(super) fn execute_lists(&mut self, sql: &str, lists: &[&(dyn ToSql + Sync)]) -> Result<u64, DbError> {
        let transaction = &self.transaction;
        self.runtime.block_on(async {
            let statement = transaction.prepare_cached(sql).await?;
            Ok(transaction.execute(&statement, lists).await?)
        })
    }

    /// Prepares a statement only to see its columns.
    pub(super) fn describe(&mut self, sql: &str) -> Result<Statement, DbError> {
        Ok(self.runtime.block_on(self.transaction.prepare_cached(sql))?)
    }

    /// Runs several statements.
    pub(in crate::db) fn batch(&mut self, sql: &str) -> Result<(), DbError> {
        Ok(self.runtime.block_on(self.transaction.batch_execute(sql))?)
    }

    /// Keeps other migrators out until the transaction ends, and gives long statements their time.
    pub(in crate::db) fn lock_schema(&mut self) -> Result<(), DbError> {
        self.batch(&format!(
            "SET LOCAL lock_timeout = '10min'; SET LOCAL statement_timeout = 0; SELECT pg_advisory_xact_lock({SCHEMA_LOCK})"
        ))
    }

    pub(super) fn commit(self) -> Result<(), tokio_postgres::Error> {
        self.runtime.block_on(self.transaction.commit())
    }

    pub(super) fn rollback(self) -> Result<(), tokio_postgres::Error> {
        self.runtime.block_on(self.transaction.rollback())
    }
}

/// The statement, prepared once per connection; refuses a wrong number of values, over which the library would panic.
async fn prepare(transaction: &Transaction<'_>, sql: &str, params: &[Value<'_>]) -> Result<Statement, DbError> {
    let statement = transaction.prepare_cached(&dialect::for_postgres(sql)).await?;
    let wanted = statement.params().len();
    if wanted == params.len() {
        return Ok(statement);
    }
    let found = format!("{} values for {wanted} parameters", params.len());
    Err(DbError::Type { place: "the statement".to_owned(), wanted: "given a value for each", found })
}
