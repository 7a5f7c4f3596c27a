//! One connection and the statements it keeps ready.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Instant;

use rusqlite::types::{ToSql, ToSqlOutput, ValueRef};

use crate::db::tx::Visit;
use crate::db::{DbError, OnConflict, Row, Value, dialect};

/// Prepared statements kept by a connection; a few KiB each.
const N_STATEMENTS: usize = 128;
/// After so many steps of its machine SQLite looks whether the time is over; about a millisecond.
const STEPS: i32 = 20_000;
/// Rewritten texts kept by a connection.
const N_TEXTS: usize = 512;

/// A connection of this program to its own file. Used by one thread at a time.
pub(in crate::db) struct Connection {
    raw: rusqlite::Connection,
    texts: HashMap<Box<str>, Arc<str>>,
}

impl Connection {
    pub(super) fn new(raw: rusqlite::Connection) -> Connection {
        raw.set_prepared_statement_cache_capacity(N_STATEMENTS);
        Connection { raw, texts: HashMap::new() }
    }

    /// The connection as the library gives it.
    pub(super) fn raw(&self) -> &rusqlite::Connection {
        &self.raw
    }

    /// Ends whatever runs when this moment has passed; nothing is ended without one.
    pub(super) fn bound(&mut self, deadline: Option<Instant>) -> Result<(), DbError> {
        let is_over = deadline.map(|deadline| move || Instant::now() >= deadline);
        Ok(self.raw.progress_handler(STEPS, is_over)?)
    }

    /// Runs a fixed statement without parameters, such as `BEGIN`.
    pub(super) fn run(&self, sql: &'static str) -> Result<(), DbError> {
        self.raw.prepare_cached(sql)?.raw_execute()?;
        Ok(())
    }

    /// Runs several statements.
    pub(in crate::db) fn batch(&mut self, sql: &str) -> Result<(), DbError> {
        Ok(self.raw.execute_batch(sql)?)
    }

    /// Shows the rows of a result one by one.
    pub(in crate::db) fn visit(&mut self, sql: &str, params: &[Value<'_>], show: Visit<'_>) -> Result<(), DbError> {
        let text = self.text(sql);
        let mut statement = self.raw.prepare_cached(&text)?;
        bind(&mut statement, params)?;
        let (n_columns, readonly) = (statement.column_count(), statement.readonly());
        let mut rows = statement.raw_query();
        let mut row = Row::default();
        let mut wanted = true;
        while let Some(found) = rows.next()? {
            if wanted {
                fill(&mut row, found, n_columns)?;
                wanted = show(&mut row).is_continue();
            }
            // A statement that writes is run to its end even if no more rows are wanted.
            if !wanted && readonly {
                break;
            }
        }
        Ok(())
    }

    /// Runs a statement that returns no rows.
    pub(in crate::db) fn execute(&mut self, sql: &str, params: &[Value<'_>]) -> Result<u64, DbError> {
        let text = self.text(sql);
        let mut statement = self.raw.prepare_cached(&text)?;
        bind(&mut statement, params)?;
        let n_rows = statement.raw_execute()?;
        Ok(u64::try_from(n_rows).unwrap_or(u64::MAX))
    }

    /// One prepared statement, run for each row.
    pub(in crate::db) fn insert_many(
        &mut self,
        table: &str,
        columns: &[&str],
        rows: &[Vec<Value<'_>>],
        on_conflict: OnConflict,
    ) -> Result<u64, DbError> {
        let places: Vec<String> = (1..=columns.len()).map(|n| format!("?{n}")).collect();
        let otherwise = match on_conflict {
            OnConflict::Fail => "",
            OnConflict::Ignore => " ON CONFLICT DO NOTHING",
        };
        let sql = format!("INSERT INTO {table} ({}) VALUES ({}){otherwise}", columns.join(", "), places.join(", "));
        self.run_for_each(&sql, rows)
    }

    /// One prepared statement, run for each row.
    pub(in crate::db) fn delete_many(
        &mut self,
        table: &str,
        columns: &[&str],
        rows: &[Vec<Value<'_>>],
    ) -> Result<u64, DbError> {
        let equal: Vec<String> = (1..).zip(columns).map(|(n, column)| format!("{column} = ?{n}")).collect();
        self.run_for_each(&format!("DELETE FROM {table} WHERE {}", equal.join(" AND ")), rows)
    }

    fn run_for_each(&mut self, sql: &str, rows: &[Vec<Value<'_>>]) -> Result<u64, DbError> {
        let mut statement = self.raw.prepare_cached(sql)?;
        let mut n_rows = 0_u64;
        for row in rows {
            bind(&mut statement, row)?;
            n_rows += u64::try_from(statement.raw_execute()?).unwrap_or(0);
        }
        Ok(n_rows)
    }

    fn text(&mut self, sql: &str) -> Arc<str> {
        if let Some(text) = self.texts.get(sql) {
            return Arc::clone(text);
        }
        if self.texts.len() >= N_TEXTS {
            self.texts.clear();
        }
        let text: Arc<str> = dialect::for_sqlite(sql).into();
        self.texts.insert(sql.into(), Arc::clone(&text));
        text
    }
}

fn bind(statement: &mut rusqlite::Statement<'_>, params: &[Value<'_>]) -> Result<(), DbError> {
    let wanted = statement.parameter_count();
    if wanted != params.len() {
        let found = format!("{} values for {wanted} parameters", params.len());
        return Err(DbError::Type { place: "the statement".to_owned(), wanted: "given a value for each", found });
    }
    for (n, value) in params.iter().enumerate() {
        statement.raw_bind_parameter(n + 1, value)?;
    }
    Ok(())
}

impl ToSql for Value<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self {
            Self::Null => ValueRef::Null,
            Self::Int(value) => ValueRef::Integer(*value),
            Self::Text(text) => ValueRef::Text(text.as_bytes()),
            Self::Bytes(bytes) => ValueRef::Blob(bytes),
        }))
    }
}

fn fill(row: &mut Row, found: &rusqlite::Row<'_>, n_columns: usize) -> Result<(), DbError> {
    row.clear();
    for column in 0..n_columns {
        match found.get_ref(column)? {
            ValueRef::Null => row.push_null(),
            ValueRef::Integer(value) => row.push_int(value),
            ValueRef::Text(text) => row.push_text(text),
            ValueRef::Blob(bytes) => row.push_bytes(bytes),
            ValueRef::Real(_) => row.push_foreign("a floating-point number"),
        }
    }
    Ok(())
}
