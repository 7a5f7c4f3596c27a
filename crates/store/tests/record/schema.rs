//! The schema distributes on `record_id` (design §4): what Citus asks of it, looked up in PostgreSQL's own catalogue.

use std::collections::{BTreeMap, BTreeSet};

use mecum_store::db::Db;
use mecum_store::schema::{DISTRIBUTED, DISTRIBUTED_ACCESS};
use mecum_testkit::harness;

use crate::house::House;

/// Tables that every server has in full or that stay on one: they hold no part of one record.
const UNDISTRIBUTED: [&str; 5] = ["counter", "token", "schema_version", "sign_in_link", "session"];

/// The columns of each unique index and of each other index, in order, by table.
#[derive(Default)]
struct Keys {
    unique: Vec<Vec<String>>,
    other: Vec<Vec<String>>,
}

fn keys_of(db: &Db) -> BTreeMap<String, Keys> {
    let sql = "SELECT CAST(t.relname AS TEXT), CAST(i.relname AS TEXT), x.indisunique, CAST(a.attname AS TEXT) \
               FROM pg_index x JOIN pg_class t ON t.oid = x.indrelid JOIN pg_class i ON i.oid = x.indexrelid \
               JOIN pg_namespace n ON n.oid = t.relnamespace \
               CROSS JOIN LATERAL unnest(CAST(x.indkey AS SMALLINT[])) WITH ORDINALITY AS k (attnum, place) \
               JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = k.attnum \
               WHERE n.nspname = current_schema() ORDER BY t.relname, i.relname, k.place";
    let rows = db.read(|tx| tx.query(sql, &[])).unwrap();
    let mut indexes: BTreeMap<(String, String, bool), Vec<String>> = BTreeMap::new();
    for row in &rows {
        let name = (row.text(0).unwrap().to_owned(), row.text(1).unwrap().to_owned(), row.int(2).unwrap() != 0);
        indexes.entry(name).or_default().push(row.text(3).unwrap().to_owned());
    }
    let mut keys: BTreeMap<String, Keys> = BTreeMap::new();
    for ((table, _, is_unique), columns) in indexes {
        let keys = keys.entry(table).or_default();
        if is_unique { keys.unique.push(columns) } else { keys.other.push(columns) }
    }
    keys
}

fn tables_of(db: &Db) -> BTreeSet<String> {
    let sql = "SELECT CAST(tablename AS TEXT) FROM pg_tables WHERE schemaname = current_schema()";
    let names = db.read(|tx| tx.query(sql, &[])).unwrap();
    names.iter().map(|row| row.text(0).unwrap().to_owned()).collect()
}

#[test]
fn every_unique_rule_holds_the_column_its_table_is_distributed_by() {
    let Some(database) = harness::postgres() else { return };
    let house = House::on(database);
    drop(house.open());
    let (main, access) = house.below();
    for (db, distributed) in [(&main, DISTRIBUTED), (&access, DISTRIBUTED_ACCESS)] {
        let keys = keys_of(db);
        for (table, column) in distributed {
            let unique = &keys[*table].unique;
            assert!(!unique.is_empty(), "{table} has no key");
            for columns in unique {
                assert!(columns.iter().any(|name| name == column), "{table} is unique by {columns:?} without {column}");
            }
        }
    }
}

#[test]
fn every_key_of_a_record_begins_with_the_record() {
    let Some(database) = harness::postgres() else { return };
    let house = House::on(database);
    drop(house.open());
    let (main, access) = house.below();
    for (db, distributed) in [(&main, DISTRIBUTED), (&access, DISTRIBUTED_ACCESS)] {
        let keys = keys_of(db);
        for (table, _) in distributed.iter().filter(|(_, column)| *column == "record_id") {
            for columns in keys[*table].unique.iter().chain(&keys[*table].other) {
                // Jobs are claimed across records, by time.
                let is_job_queue = *table == "job" && columns == &["state", "run_at"];
                assert!(columns[0] == "record_id" || is_job_queue, "{table} has a key {columns:?}");
            }
        }
    }
}

#[test]
fn every_table_is_either_distributed_or_named_as_one_that_is_not() {
    let Some(database) = harness::postgres() else { return };
    let house = House::on(database);
    drop(house.open());
    let (main, access) = house.below();
    for (db, distributed) in [(&main, DISTRIBUTED), (&access, DISTRIBUTED_ACCESS)] {
        let known: BTreeSet<String> =
            distributed.iter().map(|(table, _)| *table).chain(UNDISTRIBUTED).map(str::to_owned).collect();
        let tables = tables_of(db);
        assert_eq!(tables.difference(&known).count(), 0, "{tables:?}");
        assert!(distributed.iter().all(|(table, _)| tables.contains(*table)), "{tables:?}");
    }
}
