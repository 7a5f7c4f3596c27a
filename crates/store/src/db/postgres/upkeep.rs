//! Looking after the schema: its size, its dead rows, whether anybody wrote, whether the server is new enough.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::sync::atomic::Ordering;

use super::Postgres;
use crate::db::DbError;

/// The oldest server this is tried with.
const OLDEST_SERVER: i64 = 150_000;

/// Between two looks at the statistics, writes of this process, once it has written for a while.
const WRITES_BETWEEN_LOOKS: u64 = 1024;

/// The tables that have doubled since the planner last heard of them. Those of a few pages are read whole whatever it thinks.
const GROWN: &str = "SELECT quote_ident(c.relname) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace \
     WHERE n.nspname = current_schema() AND c.relkind = 'r' \
     AND pg_relation_size(c.oid) / current_setting('block_size')::bigint > 2 * GREATEST(c.relpages, 4)";

/// The tables of which the planner does not know yet that a record may be all of them.
const SELECTIVE: &str = "SELECT quote_ident(c.relname) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace \
     JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'record_id' AND a.attoptions IS NULL \
     WHERE n.nspname = current_schema() AND c.relkind = 'r' ORDER BY c.relname";

/// Whether the statistics are looked at behind this write of the process: often at first, when tables multiply, then seldom.
pub(super) fn is_time_to_look(n_writes: u64) -> bool {
    n_writes >= 8 && (n_writes.is_power_of_two() || n_writes.is_multiple_of(WRITES_BETWEEN_LOOKS))
}

impl Postgres {
    /// Tells the planner how large the tables have become, without anybody waiting for it. The server's own upkeep comes once a
    /// minute: until then it plans for empty tables, and one import of a large record into a new database reads all of it for every
    /// batch of lines.
    pub(super) fn look_at_statistics(&self) {
        if self.0.is_looking.swap(true, Ordering::AcqRel) {
            return;
        }
        let own = self.clone();
        self.0.runtime.spawn(async move {
            if let Err(error) = own.refresh_statistics().await {
                tracing::debug!(%error, "the planner's statistics stay as they are");
            }
            own.0.is_looking.store(false, Ordering::Release);
        });
    }

    /// Has the planner think of every record as of all that a table holds: a seek by the record alone then never looks as good as one by
    /// the whole key, however small the other records are.
    pub(in crate::db) fn plan_for_large_records(&self) -> Result<(), DbError> {
        self.write(|tx| {
            for table in tx.query(SELECTIVE, &[])? {
                tx.schema(&format!("ALTER TABLE {} ALTER COLUMN record_id SET (n_distinct = 1)", table.text(0)?))?;
            }
            Ok(())
        })
    }

    async fn refresh_statistics(&self) -> Result<(), DbError> {
        let client = self.0.pool.get().await?;
        for row in client.query(GROWN, &[]).await? {
            let table: &str = row.try_get(0)?;
            client.batch_execute(&format!("ANALYZE \"{}\".{table}", self.schema())).await?;
        }
        Ok(())
    }

    pub(super) fn refuse_old_server(&self) -> Result<(), DbError> {
        let version =
            self.read(|tx| tx.query_one("SELECT CAST(current_setting('server_version_num') AS BIGINT)", &[]))?;
        if version.int(0)? >= OLDEST_SERVER {
            return Ok(());
        }
        Err(DbError::Unsupported("the PostgreSQL server is older than version 15"))
    }

    /// Bytes of all tables and indexes of the schema.
    pub(in crate::db) fn size_bytes(&self) -> Result<u64, DbError> {
        let sql = "SELECT CAST(COALESCE(SUM(pg_total_relation_size(c.oid)), 0) AS BIGINT) FROM pg_class c \
                   JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = current_schema() AND c.relkind IN ('r', 'm')";
        let row = self.read(|tx| tx.query_one(sql, &[]))?;
        Ok(row.int(0)?.unsigned_abs())
    }

    /// Frees the space of deleted rows, table by table.
    pub(in crate::db) fn vacuum(&self) -> Result<(), DbError> {
        let sql = "SELECT quote_ident(tablename) FROM pg_tables WHERE schemaname = current_schema() ORDER BY tablename";
        let tables = self.read(|tx| tx.query(sql, &[]))?;
        let client = self.client()?;
        for table in tables {
            let statement = format!("VACUUM (ANALYZE) \"{}\".{}", self.schema(), table.text(0)?);
            self.0.runtime.block_on(client.batch_execute(&statement))?;
        }
        Ok(())
    }

    /// A number that changes whenever a transaction that writes begins or ends on the server; none where tables are spread over
    /// several servers, since no single one knows of all.
    pub(in crate::db) fn data_version(&self) -> Result<Option<u64>, DbError> {
        let sql = "SELECT CASE WHEN EXISTS (SELECT 1 FROM pg_extension WHERE extname = 'citus') THEN NULL \
                   ELSE CAST(pg_current_snapshot() AS TEXT) END";
        let row = self.read(|tx| tx.query_one(sql, &[]))?;
        Ok(row.opt_text(0)?.map(|snapshot| {
            let mut hasher = DefaultHasher::new();
            snapshot.hash(&mut hasher);
            hasher.finish()
        }))
    }
}
