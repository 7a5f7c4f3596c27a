//! One transaction: statements in order, and an error that nobody may overlook.

use std::ops::ControlFlow;

use super::postgres::PgSession;
use super::sqlite::Connection;
use super::value::refuse_nul;
use super::{DbError, Row, Value, dialect};

/// A transaction, as a closure given to `Db::read` or `Db::write` sees it.
///
/// After a statement has failed the transaction is over, on both databases: later statements fail with the same error, and it is
/// not kept even if the closure returns `Ok`.
pub struct Tx<'a> {
    session: Session<'a>,
    failure: Option<DbError>,
}

/// Where the statements go.
pub(super) enum Session<'a> {
    Sqlite(&'a mut Connection),
    Postgres(PgSession<'a>),
}

/// Gets the rows of a result one by one; may take the row out of its place.
pub(super) type Visit<'a> = &'a mut dyn FnMut(&mut Row) -> ControlFlow<()>;

/// What to do with a row whose key is there already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OnConflict {
    /// The whole transaction fails with `Unique`.
    Fail,
    /// The row that is there stays, the new one is left out.
    Ignore,
}

impl<'a> Tx<'a> {
    pub(super) fn new(session: Session<'a>) -> Tx<'a> {
        Tx { session, failure: None }
    }

    /// The first error of the transaction, and the session that it ran in.
    pub(super) fn end(self) -> (Option<DbError>, Session<'a>) {
        (self.failure, self.session)
    }

    /// All rows of a result. For results that are bounded; see [`Tx::each`].
    ///
    /// # Errors
    /// Whatever the database says.
    pub fn query(&mut self, sql: &str, params: &[Value<'_>]) -> Result<Vec<Row>, DbError> {
        let mut rows = Vec::new();
        self.collect(sql, params, &mut |row| {
            rows.push(std::mem::take(row));
            ControlFlow::Continue(())
        })?;
        Ok(rows)
    }

    /// The first row of a result, if there is one.
    ///
    /// # Errors
    /// Whatever the database says.
    pub fn query_opt(&mut self, sql: &str, params: &[Value<'_>]) -> Result<Option<Row>, DbError> {
        let mut first = None;
        self.collect(sql, params, &mut |row| {
            first = Some(std::mem::take(row));
            ControlFlow::Break(())
        })?;
        Ok(first)
    }

    /// The first row of a result.
    ///
    /// # Errors
    /// `NoRow` if there is none (the transaction goes on); whatever the database says.
    pub fn query_one(&mut self, sql: &str, params: &[Value<'_>]) -> Result<Row, DbError> {
        self.query_opt(sql, params)?.ok_or(DbError::NoRow)
    }

    /// Shows the rows of a result one by one, until the closure breaks off or fails. Memory is bounded by a few hundred rows.
    ///
    /// # Errors
    /// The closure's own error (the transaction goes on); whatever the database says.
    pub fn each<E: From<DbError>>(
        &mut self,
        sql: &str,
        params: &[Value<'_>],
        mut f: impl FnMut(&Row) -> Result<ControlFlow<()>, E>,
    ) -> Result<(), E> {
        let mut stopped = None;
        let show: Visit<'_> = &mut |row| {
            f(row).unwrap_or_else(|error| {
                stopped = Some(error);
                ControlFlow::Break(())
            })
        };
        self.run(params, |session| match session {
            Session::Sqlite(connection) => connection.visit(sql, params, show),
            Session::Postgres(session) => session.visit_in_portions(sql, params, show),
        })?;
        stopped.map_or(Ok(()), Err)
    }

    /// Runs a statement that returns no rows. Returns how many rows it wrote or deleted.
    ///
    /// # Errors
    /// Whatever the database says.
    pub fn execute(&mut self, sql: &str, params: &[Value<'_>]) -> Result<u64, DbError> {
        self.run(params, |session| match session {
            Session::Sqlite(connection) => connection.execute(sql, params),
            Session::Postgres(session) => session.execute(sql, params),
        })
    }

    /// Inserts many rows at once, in batches that the database likes. Returns how many were inserted.
    ///
    /// # Errors
    /// `Unique` if a key is there already and `on_conflict` is `Fail`; whatever the database says.
    pub fn insert_many(
        &mut self,
        table: &str,
        columns: &[&str],
        rows: &[Vec<Value<'_>>],
        on_conflict: OnConflict,
    ) -> Result<u64, DbError> {
        self.run(&[], |session| {
            refuse_shape(table, columns, rows)?;
            match session {
                Session::Sqlite(connection) => connection.insert_many(table, columns, rows, on_conflict),
                Session::Postgres(session) => session.insert_many(table, columns, rows, on_conflict),
            }
        })
    }

    /// Deletes the rows that have these values in these columns. Returns how many there were.
    ///
    /// # Errors
    /// Whatever the database says.
    pub fn delete_many(&mut self, table: &str, columns: &[&str], rows: &[Vec<Value<'_>>]) -> Result<u64, DbError> {
        self.run(&[], |session| {
            refuse_shape(table, columns, rows)?;
            match session {
                Session::Sqlite(connection) => connection.delete_many(table, columns, rows),
                Session::Postgres(session) => session.delete_many(table, columns, rows),
            }
        })
    }

    /// Runs several statements of a migration, separated by `;`.
    pub(super) fn schema(&mut self, sql: &str) -> Result<(), DbError> {
        self.run(&[], |session| match session {
            Session::Sqlite(connection) => connection.batch(&dialect::schema_for_sqlite(sql)),
            Session::Postgres(session) => session.batch(&dialect::schema_for_postgres(sql)),
        })
    }

    /// Changes settings of this transaction, in words that only PostgreSQL knows.
    pub(super) fn settings(&mut self, sql: &str) -> Result<(), DbError> {
        self.run(&[], |session| match session {
            Session::Sqlite(_) => Ok(()),
            Session::Postgres(session) => session.batch(sql),
        })
    }

    /// Keeps other migrators out until the transaction ends; SQLite's writer is alone anyway.
    pub(super) fn lock_schema(&mut self) -> Result<(), DbError> {
        self.run(&[], |session| match session {
            Session::Sqlite(_) => Ok(()),
            Session::Postgres(session) => session.lock_schema(),
        })
    }

    /// Whether there is a table of this name.
    pub(super) fn has_table(&mut self, name: &str) -> Result<bool, DbError> {
        let sql = match self.session {
            Session::Sqlite(_) => "SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = $1",
            Session::Postgres(_) => "SELECT 1 FROM pg_tables WHERE schemaname = current_schema() AND tablename = $1",
        };
        Ok(self.query_opt(sql, &[name.into()])?.is_some())
    }

    fn collect(&mut self, sql: &str, params: &[Value<'_>], show: Visit<'_>) -> Result<(), DbError> {
        self.run(params, |session| match session {
            Session::Sqlite(connection) => connection.visit(sql, params, show),
            Session::Postgres(session) => session.visit(sql, params, show),
        })
    }

    fn run<T>(
        &mut self,
        params: &[Value<'_>],
        work: impl FnOnce(&mut Session<'a>) -> Result<T, DbError>,
    ) -> Result<T, DbError> {
        if let Some(failure) = &self.failure {
            return Err(failure.clone());
        }
        let result = refuse_nul(params).and_then(|()| work(&mut self.session));
        if let Err(error) = &result {
            self.failure = Some(error.clone());
        }
        result
    }
}

fn refuse_shape(table: &str, columns: &[&str], rows: &[Vec<Value<'_>>]) -> Result<(), DbError> {
    if columns.is_empty() || !dialect::is_identifier(table) || !columns.iter().all(|name| dialect::is_identifier(name))
    {
        return Err(DbError::Other("rows are inserted into plain names only".to_owned()));
    }
    for row in rows {
        if row.len() != columns.len() {
            let found = format!("{} values", row.len());
            return Err(DbError::Type {
                place: format!("a row for {table}"),
                wanted: "one value for each column",
                found,
            });
        }
        refuse_nul(row)?;
    }
    Ok(())
}
