//! Spreading tables over several PostgreSQL servers with Citus, where it is installed.

use super::{Db, DbError, Tx, dialect};

/// What [`Db::distribute`] did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Distributed {
    /// The database is one server: nothing to do.
    OneServer,
    /// So many tables were distributed now; those that already were are not counted.
    Tables(usize),
}

impl Db {
    /// Distributes each table by the column named beside it, or copies it to every server if the column's name is empty (a reference
    /// table). Does nothing, and says so, on SQLite and on PostgreSQL without the extension `citus`. Can be repeated.
    ///
    /// # Errors
    /// `Other` if Citus refuses a table, for instance because a unique key lacks the column.
    pub fn distribute(&self, tables: &[(&str, &str)]) -> Result<Distributed, DbError> {
        let Db::Postgres(postgres) = self else { return Ok(Distributed::OneServer) };
        let installed = postgres.read(|tx| tx.query_opt("SELECT 1 FROM pg_extension WHERE extname = 'citus'", &[]))?;
        if installed.is_none() {
            return Ok(Distributed::OneServer);
        }
        let mut n_tables = 0;
        for (table, column) in tables {
            n_tables += usize::from(postgres.write(|tx| distribute_one(tx, table, column))?);
        }
        Ok(Distributed::Tables(n_tables))
    }
}

fn distribute_one(tx: &mut Tx<'_>, table: &str, column: &str) -> Result<bool, DbError> {
    if !dialect::is_identifier(table) || !(column.is_empty() || dialect::is_identifier(column)) {
        return Err(DbError::Other("only plain names can be distributed".to_owned()));
    }
    let known = "SELECT 1 FROM pg_dist_partition WHERE logicalrelid = CAST(CAST($1 AS TEXT) AS REGCLASS)";
    if tx.query_opt(known, &[table.into()])?.is_some() {
        return Ok(false);
    }
    if column.is_empty() {
        tx.query("SELECT create_reference_table(CAST(CAST($1 AS TEXT) AS REGCLASS))", &[table.into()])?;
    } else {
        let sql = "SELECT create_distributed_table(CAST(CAST($1 AS TEXT) AS REGCLASS), CAST($2 AS TEXT))";
        tx.query(sql, &[table.into(), column.into()])?;
    }
    Ok(true)
}
