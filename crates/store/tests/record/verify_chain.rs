//! Proof of the chain as a whole: tails cut off, roll-backs, records that are gone.

use mecum_record::access::Act;
use mecum_record::commit::CommitAct;
use mecum_store::Store;
use mecum_store::db::{Db, Value};

use crate::filled::filled;
use crate::house::{House, NOW_US, assert_whole, findings, new_record, permit, source, staging};
use crate::resource::{commit, mapping, pulse, words};
use crate::tamper::{Content, TABLES, replace};

/// The tables that are in the database of the records, which come first.
const N_MAIN: usize = 15;

/// Removes the rows for which `is_cut` holds.
fn cut(db: &Db, table: &str, is_cut: impl Fn(&Content, &[Value<'static>]) -> bool) {
    let content = Content::of(db, table);
    let kept: Vec<_> = content.rows.iter().filter(|row| !is_cut(&content, row)).cloned().collect();
    assert!(kept.len() < content.rows.len(), "nothing of {table} was cut");
    assert!(replace(db, table, &content, &kept));
}

fn is(content: &Content, row: &[Value<'static>], column: &str, wanted: i64) -> bool {
    row[content.column(column)] == Value::Int(wanted)
}

#[test]
fn a_tail_cut_off_with_all_that_belongs_to_it_is_found_by_the_head() {
    for house in House::each() {
        let store = house.open();
        let record = new_record(&store);
        commit(&store, record, &[pulse("o", "one")]).unwrap();
        let log = store.log(&permit(&store, record, Act::Restore), i64::MAX, 1).unwrap();
        let made = commit(&store, record, &[pulse("o", "two"), pulse("n", "one")]).unwrap();
        let (main, _) = house.below();
        cut(&main, "version", |content, row| is(content, row, "commit_id", made.commit.0));
        cut(&main, "commit_log", |content, row| is(content, row, "commit_id", made.commit.0));
        cut(&main, "id_directory", |content, row| row[content.column("id")] == Value::Text("n".into()));
        assert!(findings(&store).iter().any(|what| what.starts_with("chain head: ")));
        // Whoever knows how a head is made writes one that fits; its signature they cannot make.
        let heads = Content::of(&main, "chain_head");
        let mut rows = heads.rows.clone();
        let row = rows.iter_mut().find(|row| is(&heads, row, "record_id", record.0)).unwrap();
        row[heads.column("seq")] = 1.into();
        row[heads.column("n_versions")] = 1.into();
        row[heads.column("hash")] = log[0].hash.clone().into();
        assert!(replace(&main, "chain_head", &heads, &rows));
        let found = findings(&store);
        assert_eq!(found[0], "chain head: a row has a damaged chain head");
        assert!(found[1..].iter().all(|what| what.starts_with("search index: ")), "{found:?}");
    }
}

#[test]
fn a_roll_back_of_everything_is_seen_only_against_a_head_kept_elsewhere() {
    for house in House::each() {
        let store = house.open();
        let record = new_record(&store);
        commit(&store, record, &[pulse("o", "one")]).unwrap();
        let (main, _) = house.below();
        let earlier: Vec<_> = TABLES[..N_MAIN].iter().map(|table| Content::of(&main, table.name)).collect();
        commit(&store, record, &[pulse("o", "two")]).unwrap();
        let head = |store: &Store| store.verify(record, &mut |_, _| {}).unwrap().head.unwrap();
        let kept_elsewhere = head(&store);
        assert_eq!(kept_elsewhere.0, 2);
        for (table, content) in TABLES.iter().zip(&earlier) {
            assert!(replace(&main, table.name, content, &content.rows));
        }
        assert_whole(&store);
        assert_ne!(head(&store), kept_elsewhere);
    }
}

#[test]
fn a_row_of_a_history_that_was_rolled_back_does_not_fit_into_the_next() {
    for house in House::each() {
        let store = house.open();
        let record = new_record(&store);
        let clinic = source(&store, record, "clinic");
        let (main, _) = house.below();
        let import = |text: &str, origin_id: &str| {
            let mut staged = staging(&store, record);
            staged.put(&[pulse("o", text)], &[mapping(clinic, origin_id, "o")], NOW_US).unwrap();
            staged.publish(&words(CommitAct::Import), b"").unwrap();
        };
        let before: Vec<_> = TABLES[..N_MAIN].iter().map(|table| Content::of(&main, table.name)).collect();
        import("one", "a");
        let (version, origin) = (Content::of(&main, "version"), Content::of(&main, "origin"));
        for (table, content) in TABLES.iter().zip(&before) {
            assert!(replace(&main, table.name, content, &content.rows));
        }
        import("another", "b");
        assert_whole(&store);
        // Sealed for the same place by the same key, and still not what the chain says.
        for (table, old) in [("version", &version), ("origin", &origin)] {
            let new = Content::of(&main, table);
            assert!(replace(&main, table, old, &old.rows));
            let found = findings(&store);
            assert!(found.iter().any(|what| what.starts_with(&format!("{table}: commit 1 "))), "{table}: {found:?}");
            assert!(replace(&main, table, &new, &new.rows));
        }
        assert_whole(&store);
    }
}

#[test]
fn a_record_whose_rows_are_all_gone_but_its_own_is_found() {
    for house in House::each() {
        let store = house.open();
        let [record, _] = filled(&store);
        let (main, access) = house.below();
        for table in &TABLES {
            let db = table.database((&main, &access));
            cut(db, table.name, |content, row| is(content, row, "record_id", record.0));
        }
        let found = findings(&store);
        assert!(found.iter().any(|what| what == "chain head: it is missing"), "{found:?}");
        assert!(found.iter().any(|what| what == "access log: its head is missing"), "{found:?}");
    }
}

#[test]
fn rows_of_a_record_that_is_not_there_are_found() {
    for house in House::each() {
        let store = house.open();
        let [record, _] = filled(&store);
        let (main, _) = house.below();
        cut(&main, "record", |content, row| is(content, row, "record_id", record.0));
        let found = findings(&store);
        for table in ["version", "commit_log", "chain_head", "origin", "entry", "token_index", "access_log", "blob"] {
            assert!(found.iter().any(|what| what.starts_with(&format!("{table}: there are"))), "{table}: {found:?}");
        }
    }
}
