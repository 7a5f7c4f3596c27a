//! Many rows in one statement: a list per column, unrolled by the server.

use std::error::Error;

use bytes::BytesMut;
use tokio_postgres::types::{IsNull, ToSql, Type, to_sql_checked};

use super::session::PgSession;
use crate::db::{DbError, OnConflict, Value};

/// Bounds of one statement; longer lists are sent in several.
const MOST_ROWS: usize = 4_000;
const MOST_BYTES: usize = 8 * 1024 * 1024;

impl PgSession<'_> {
    /// Inserts the rows, in as many statements as their size asks for.
    pub(in crate::db) fn insert_many(
        &mut self,
        table: &str,
        columns: &[&str],
        rows: &[Vec<Value<'_>>],
        on_conflict: OnConflict,
    ) -> Result<u64, DbError> {
        if rows.is_empty() {
            return Ok(0);
        }
        let otherwise = match on_conflict {
            OnConflict::Fail => "",
            OnConflict::Ignore => " ON CONFLICT DO NOTHING",
        };
        let (names, lists) = (columns.join(", "), self.lists(table, columns)?);
        self.execute_rows(
            &format!("INSERT INTO {table} ({names}) SELECT * FROM UNNEST({lists}){otherwise}"),
            columns,
            rows,
        )
    }

    /// Deletes the rows with these values, likewise.
    pub(in crate::db) fn delete_many(
        &mut self,
        table: &str,
        columns: &[&str],
        rows: &[Vec<Value<'_>>],
    ) -> Result<u64, DbError> {
        if rows.is_empty() {
            return Ok(0);
        }
        let equal: Vec<String> = columns.iter().map(|column| format!("t.{column} = k.{column}")).collect();
        let (names, equal, lists) = (columns.join(", "), equal.join(" AND "), self.lists(table, columns)?);
        let sql = format!("DELETE FROM {table} t USING UNNEST({lists}) AS k ({names}) WHERE {equal}");
        self.execute_rows(&sql, columns, rows)
    }

    fn execute_rows(&mut self, sql: &str, columns: &[&str], rows: &[Vec<Value<'_>>]) -> Result<u64, DbError> {
        let mut n_done = 0;
        let mut rest = rows;
        while !rest.is_empty() {
            let (now, later) = rest.split_at(n_that_fit(rest));
            let lists: Vec<List<'_>> = (0..columns.len()).map(|column| List { rows: now, column }).collect();
            let lists: Vec<&(dyn ToSql + Sync)> = lists.iter().map(|list| list as _).collect();
            n_done += self.execute_lists(sql, &lists)?;
            rest = later;
        }
        Ok(n_done)
    }

    /// Placeholders of lists that have the types that the columns have.
    fn lists(&mut self, table: &str, columns: &[&str]) -> Result<String, DbError> {
        let described = self.describe(&format!("SELECT {} FROM {table}", columns.join(", ")))?;
        let lists: Vec<String> = described
            .columns()
            .iter()
            .enumerate()
            .map(|(n, column)| format!("${}::{}[]", n + 1, column.type_().name()))
            .collect();
        Ok(lists.join(", "))
    }
}

/// How many of the first rows go into one statement; at least one.
fn n_that_fit(rows: &[Vec<Value<'_>>]) -> usize {
    let mut n_bytes = 0;
    let more = rows.iter().take(MOST_ROWS).take_while(|row| {
        let fits = n_bytes < MOST_BYTES;
        n_bytes += row.iter().map(Value::size_bytes).sum::<usize>();
        fits
    });
    more.count()
}

/// One column of the rows, as a PostgreSQL array.
#[derive(Debug)]
struct List<'a> {
    rows: &'a [Vec<Value<'a>>],
    column: usize,
}

impl ToSql for List<'_> {
    fn to_sql(&self, ty: &Type, out: &mut BytesMut) -> Result<IsNull, Box<dyn Error + Sync + Send>> {
        let values: Vec<&Value<'_>> = self.rows.iter().filter_map(|row| row.get(self.column)).collect();
        values.to_sql(ty, out)
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    to_sql_checked!();
}
