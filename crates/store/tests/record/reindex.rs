//! Making the index again: what it was, resumed after a crash, after an upgrade, and beside writers.

use mecum_record::access::Act;
use mecum_record::ids::RecordId;
use mecum_store::db::Db;
use mecum_store::schema::RECORD;
use mecum_store::{Change, Store, StoreError};

use crate::filled::filled;
use crate::house::{House, NOW_US, app_permit, assert_whole, findings, new_record, on_both, permit, staging};
use crate::resource::{commit, pulse};
use crate::search::{all_pages, asked, searcher};
use crate::tamper::{Content, LISTED, TABLES, replace, table_names};

fn reindex(store: &Store, record: RecordId) -> Result<i64, StoreError> {
    let mut n_read = 0;
    store.reindex(&permit(store, record, Act::Administer), NOW_US, &mut |n, _| n_read = n)?;
    Ok(n_read)
}

/// The rows of the index, in the order of their columns.
fn index(main: &Db) -> Vec<Vec<String>> {
    let tables = TABLES.iter().filter(|table| table.name.ends_with("_index") || table.name.starts_with("term"));
    let mut all = Vec::new();
    for table in tables.map(|table| table.name).chain(["entry"]) {
        let rows = Content::of(main, table).rows.into_iter().map(|row| format!("{table} {}", told(&row)));
        let mut rows: Vec<String> = rows.collect();
        rows.sort();
        all.push(rows);
    }
    all
}

fn told(row: &[mecum_store::db::Value<'static>]) -> String {
    use mecum_store::db::Value;
    let each = row.iter().map(|value| match value {
        Value::Null => "null".to_owned(),
        Value::Int(int) => int.to_string(),
        Value::Text(text) => text.to_string(),
        Value::Bytes(bytes) => format!("{bytes:?}"),
    });
    each.collect::<Vec<_>>().join("|")
}

/// Takes a store back to the first schema: what came later is gone, what was there before is as it was.
fn take_back(main: &Db) {
    let first = RECORD[0].sql;
    main.write(|tx| {
        for table in table_names(main) {
            if table != "schema_version" && !first.contains(&format!("CREATE TABLE {table} ")) {
                tx.execute(&format!("DROP TABLE {table}"), &[])?;
            }
        }
        for gone in ["identifier", "reference"] {
            tx.execute(&format!("CREATE TABLE {gone} (record_id BIGINT)"), &[])?;
        }
        tx.execute("DELETE FROM schema_version WHERE version > 1", &[])
    })
    .unwrap();
}

#[test]
fn an_index_that_is_made_again_is_what_it_was() {
    for house in House::each() {
        let store = house.open();
        let [record, _] = filled(&store);
        let (main, _) = house.below();
        let written = index(&main);
        assert!(reindex(&store, record).unwrap() > 5);
        assert_eq!(index(&main), written);
        assert_whole(&store);
        // Whatever was done to its rows.
        for table in TABLES.iter().filter(|table| table.name.ends_with("_index")) {
            let content = Content::of(&main, table.name);
            assert!(replace(&main, table.name, &content, &content.rows[1..]));
        }
        assert!(!findings(&store).is_empty());
        for record in store.record_numbers().unwrap() {
            reindex(&store, record).unwrap();
        }
        assert_eq!(index(&main), written);
        assert_whole(&store);
    }
}

#[test]
fn a_store_of_the_first_schema_is_indexed_by_its_first_search() {
    for house in House::each() {
        let (store, mut records) = (house.open(), Vec::new());
        records.extend(filled(&store));
        let (main, _) = house.below();
        let written = index(&main);
        drop(store);
        take_back(&main);
        let store = house.open();
        assert_eq!(store.owed_indexes().unwrap().len(), 3);
        let owed = "search index: it has still to be made: run mecum reindex";
        assert!(findings(&store).iter().all(|what| what == owed) && findings(&store).len() == 3);
        let found = all_pages(&store, &searcher(&store, records[0]), &asked("Patient?identifier=a7"), 9);
        assert_eq!(found, ["Patient/a-p"]);
        assert_eq!(store.owed_indexes().unwrap().len(), 2);
        drop(staging(&store, records[1]));
        assert_eq!(store.owed_indexes().unwrap(), [RecordId::DIRECTORY]);
        reindex(&store, RecordId::DIRECTORY).unwrap();
        assert_eq!(index(&main), written);
        assert_whole(&store);
        assert!(LISTED.iter().any(|(name, _)| *name == "index_owed"));
    }
}

#[test]
fn what_was_cut_off_is_gone_on_with_and_writers_are_not_kept_waiting() {
    on_both(|house, store, record| {
        for batch in 0..5 {
            let many: Vec<Change> = (0..100).map(|n| pulse(&format!("o{n}"), &format!("text {batch}"))).collect();
            commit(store, record, &many).unwrap();
        }
        let (main, _) = house.below();
        let written = index(&main);
        // As a crash leaves it after the first batch: the progress of that batch is heard when it is durable.
        let administer = permit(store, record, Act::Administer);
        let crash = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            store.reindex(&administer, NOW_US, &mut |_, _| panic!("killed"))
        }));
        assert!(crash.is_err());
        assert_eq!(store.owed_indexes().unwrap(), [record]);
        assert_ne!(index(&main), written);
        // Meanwhile somebody writes: one whose earlier versions have their rows already, one whose have not.
        commit(store, record, &[pulse("o1", "later"), pulse("o99", "later"), pulse("new", "later")]).unwrap();
        assert_eq!(reindex(store, record).unwrap(), 300);
        assert_eq!(store.owed_indexes().unwrap(), []);
        let found = all_pages(store, &searcher(store, record), &asked("Observation?code:text=later"), 9);
        assert_eq!(found, ["Observation/new", "Observation/o1", "Observation/o99"]);
        assert_whole(store);
    });
}

#[test]
fn only_who_administers_makes_an_index_again_and_not_while_an_import_runs() {
    on_both(|_, store, record| {
        commit(store, record, &[pulse("o", "one")]).unwrap();
        let search = app_permit(store, record, Act::Search, "patient/*.rs");
        assert!(matches!(store.reindex(&search, NOW_US, &mut |_, _| {}), Err(StoreError::NotCovered)));
        let mut staged = staging(store, record);
        staged.put(&[pulse("s", "x")], &[], NOW_US).unwrap();
        assert!(matches!(reindex(store, record), Err(StoreError::ImportRunning)));
        drop(staged);
        assert_eq!(reindex(store, record).unwrap(), 1);
        assert_eq!(reindex(store, new_record(store)).unwrap(), 0);
        assert_whole(store);
    });
}
