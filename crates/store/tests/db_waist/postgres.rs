//! What only a server can do: go away, be slow, be on another machine.

use std::time::Duration;

use mecum_store::db::{Db, DbError, Distributed, OnConflict, PgOptions, Tx, Value};
use mecum_testkit::harness::{self, Place, TestDatabase};

use crate::place::{TABLES, add, ids, ids_in, open, sqlite, while_writing};

fn fresh() -> Option<(TestDatabase, Db)> {
    let database = harness::postgres()?;
    let db = open(&database);
    db.migrate(TABLES).unwrap();
    Some((database, db))
}

fn url(database: &TestDatabase) -> &str {
    match database.place() {
        Place::Postgres(url) => url,
        Place::Sqlite(_) => panic!("this test is about PostgreSQL"),
    }
}

/// Ends every other connection to this database, as a restart or an operator would.
fn end_connections(db: &Db) -> i64 {
    let sql = "SELECT COUNT(pg_terminate_backend(pid)) FROM pg_stat_activity \
               WHERE datname = current_database() AND pid <> pg_backend_pid() AND application_name = 'mecum'";
    db.read(|tx| tx.query_one(sql, &[])).unwrap().int(0).unwrap()
}

#[test]
fn a_connection_lost_within_a_write_is_a_clear_error_and_the_next_call_works() {
    let Some((database, db)) = fresh() else { return };
    let operator = open(&database);
    let lost = db.write(|tx| {
        add(tx, 1)?;
        assert!(end_connections(&operator) >= 1);
        add(tx, 2)
    });
    assert_eq!(lost, Err(DbError::ConnectionLost));
    db.write(|tx| add(tx, 3)).unwrap();
    assert_eq!(ids(&db), [3]);
}

#[test]
fn connections_lost_while_idle_are_not_noticed_by_anybody() {
    let Some((database, db)) = fresh() else { return };
    let operator = open(&database);
    for id in 0..5 {
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| ids(&db));
            }
        });
        end_connections(&operator);
        db.write(|tx| add(tx, id)).unwrap();
    }
    assert_eq!(ids(&db).len(), 5);
}

#[test]
fn a_connection_lost_within_a_commit_leaves_it_unknown_and_says_so() {
    let Some((database, db)) = fresh() else { return };
    let operator = open(&database);
    db.write::<_, DbError>(|tx| {
        tx.execute("CREATE FUNCTION dawdle() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN PERFORM pg_sleep(20); RETURN NULL; END'", &[])?;
        let sql = "CREATE CONSTRAINT TRIGGER dawdle AFTER INSERT ON thing DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION dawdle()";
        tx.execute(sql, &[])
    })
    .unwrap();
    let unknown = std::thread::scope(|scope| {
        let committing = scope.spawn(|| db.write(|tx| add(tx, 1)));
        let asleep = "SELECT COUNT(*) FROM pg_stat_activity WHERE datname = current_database() AND query = 'COMMIT' AND state = 'active'";
        while operator.read(|tx| tx.query_one(asleep, &[])).unwrap().int(0).unwrap() == 0 {
            std::thread::sleep(Duration::from_millis(5));
        }
        end_connections(&operator);
        committing.join().unwrap()
    });
    assert_eq!(unknown, Err(DbError::CommitUnknown));
    assert!(ids(&db).is_empty());
}

#[test]
fn a_row_that_somebody_else_holds_for_too_long_is_busy() {
    let Some((database, db)) = fresh() else { return };
    db.write(|tx| add(tx, 1)).unwrap();
    let options = PgOptions { lock_timeout_ms: 100, ..PgOptions::default() };
    let other = Db::open_postgres(url(&database), "mecum", options).unwrap();
    let rename = |db: &Db| db.write(|tx| tx.execute("UPDATE thing SET name = $1 WHERE id = 1", &["x".into()]));
    let lock = |tx: &mut Tx<'_>| tx.query("SELECT id FROM thing FOR UPDATE", &[]).map(drop);
    while_writing(&db, lock, || assert_eq!(rename(&other), Err(DbError::Busy)));
    assert_eq!(rename(&other), Ok(1));
}

#[test]
fn a_statement_that_runs_too_long_is_stopped() {
    let Some((database, _db)) = fresh() else { return };
    let options = PgOptions { statement_timeout_ms: 100, ..PgOptions::default() };
    let db = Db::open_postgres(url(&database), "mecum", options).unwrap();
    assert_eq!(db.read(|tx| tx.query("SELECT pg_sleep(20)", &[])).err(), Some(DbError::TooCostly));
    assert!(ids(&db).is_empty());
}

#[test]
fn when_all_connections_are_taken_a_call_waits_and_then_says_busy() {
    let Some((database, _db)) = fresh() else { return };
    let options = PgOptions { n_connections: 1, lock_timeout_ms: 100, ..PgOptions::default() };
    let db = Db::open_postgres(url(&database), "mecum", options).unwrap();
    let busy = db.read::<_, DbError>(|_| Ok(db.read(ids_in)));
    assert_eq!(busy, Ok(Err(DbError::Busy)));
    assert!(ids(&db).is_empty());
}

#[test]
fn schemas_of_one_database_do_not_see_each_other() {
    let Some((database, db)) = fresh() else { return };
    let log = Db::open_postgres(url(&database), "mecum_log", PgOptions::default()).unwrap();
    assert!(log.read(ids_in).is_err());
    log.migrate(TABLES).unwrap();
    log.write(|tx| add(tx, 9)).unwrap();
    assert_eq!((ids(&db), ids(&log)), (vec![], vec![9]));
}

#[test]
fn an_unencrypted_connection_to_another_machine_is_refused() {
    let open = |url: &str| Db::open_postgres(url, "mecum", PgOptions::default()).err();
    for url in [
        "postgres://me:secret@db.example.org/mecum",
        "postgres://me:secret@192.0.2.7/mecum",
        "postgres://me:secret@localhost,db.example.org/mecum",
        "host=localhost hostaddr=192.0.2.7 user=me",
        "postgres://me:secret@localhost/mecum?sslmode=require",
    ] {
        let refused = open(url);
        assert!(matches!(refused, Some(DbError::Unsupported(_))), "{url}: {refused:?}");
        assert!(!format!("{refused:?}").contains("secret"));
    }
}

#[test]
fn addresses_that_lead_nowhere_are_clear_errors_without_the_password() {
    let options = PgOptions { connect_timeout_ms: 500, ..PgOptions::default() };
    let open = |url: &str, schema: &str| Db::open_postgres(url, schema, options).err().unwrap();
    assert_eq!(open("postgres://me:secret@127.0.0.1:1/mecum", "mecum"), DbError::ConnectionLost);
    for (url, schema) in
        [("postgres://me:secret@localhost:port/x", "mecum"), ("postgres://me@localhost/x", "Mecum; DROP")]
    {
        let error = open(url, schema);
        assert!(matches!(error, DbError::Other(_)), "{error:?}");
        assert!(!error.to_string().contains("secret"));
    }
    let Some(database) = harness::postgres() else { return };
    let elsewhere = url(&database).replace("/mecum_test_", "/no_such_");
    assert_eq!(open(&elsewhere, "mecum"), DbError::Missing);
}

#[test]
fn commits_are_on_the_disk_whatever_the_servers_default_is() {
    let Some((database, db)) = fresh() else { return };
    db.write(|tx| {
        tx.execute(
            "DO $$ BEGIN EXECUTE 'ALTER DATABASE ' || current_database() || ' SET synchronous_commit = off'; END $$",
            &[],
        )
    })
    .unwrap();
    let later = open(&database);
    let setting = later.read(|tx| tx.query_one("SELECT current_setting('synchronous_commit')", &[])).unwrap();
    assert_eq!(setting.text(0), Ok("on"));
}

#[test]
fn where_there_is_one_server_nothing_is_distributed() {
    let tables = [("thing", "id"), ("part", "")];
    assert_eq!(sqlite().1.distribute(&tables), Ok(Distributed::OneServer));
    let Some((_database, db)) = fresh() else { return };
    assert_eq!(db.distribute(&tables), Ok(Distributed::OneServer));
}

#[test]
fn an_error_behind_the_first_row_is_not_overlooked() {
    let Some((_database, db)) = fresh() else { return };
    db.write(|tx| (1..=3).try_for_each(|id| add(tx, id))).unwrap();
    let failed = db.write(|tx| {
        add(tx, 4)?;
        // The server sends the first rows before it comes to the one it cannot divide by.
        tx.query_opt("SELECT 1 / (90000 - n) FROM generate_series(1, 100000) AS n", &[])
    });
    assert_eq!(failed.err(), Some(DbError::Other("the database reports state 22012".to_owned())));
    assert_eq!(ids(&db), [1, 2, 3]);
}

#[test]
fn asynchronous_code_may_call_from_threads_that_may_block() {
    let Some((_database, db)) = fresh() else { return };
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).build().unwrap();
    runtime.block_on(async {
        let on_its_own_thread = tokio::task::spawn_blocking({
            let db = db.clone();
            move || db.write(|tx| add(tx, 1))
        });
        on_its_own_thread.await.unwrap().unwrap();
        let in_place = tokio::spawn({
            let db = db.clone();
            async move { tokio::task::block_in_place(|| db.write(|tx| add(tx, 2))) }
        });
        in_place.await.unwrap().unwrap();
    });
    assert_eq!(ids(&db), [1, 2]);
}

#[test]
fn the_planner_hears_that_a_table_has_grown_without_waiting_for_the_servers_own_upkeep() {
    let Some((_database, db)) = fresh() else { return };
    let planned_for = || {
        let sql = "SELECT CAST(reltuples AS BIGINT) FROM pg_class WHERE oid = CAST('thing' AS regclass)";
        db.read(|tx| tx.query_one(sql, &[])).unwrap().int(0).unwrap()
    };
    assert!(planned_for() <= 0, "nobody has looked at it yet");
    for batch in 0..20_i64 {
        let row = |id: i64| -> Vec<Value<'_>> { vec![id.into(), format!("{id} {}", "long ".repeat(30)).into()] };
        let rows: Vec<Vec<Value<'_>>> = (batch * 100..(batch + 1) * 100).map(row).collect();
        db.write(|tx| tx.insert_many("thing", &["id", "name"], &rows, OnConflict::Fail)).unwrap();
    }
    let started = std::time::Instant::now();
    while planned_for() < 500 {
        assert!(started.elapsed() < Duration::from_secs(30), "the planner still thinks of {} rows", planned_for());
        std::thread::sleep(Duration::from_millis(20));
    }
}
