//! Proof: whatever is altered, deleted, swapped or added below the application is found and named (PHR-91).

use std::collections::{BTreeMap, BTreeSet};

use mecum_fhir::reference::ResourceType;
use mecum_record::access::{Act, Permit};
use mecum_record::ids::ImportId;
use mecum_store::db::Db;
use mecum_store::{Change, ImportIssue, Store};
use mecum_testkit::harness::Random;

use crate::filled::filled;
use crate::house::{House, assert_whole, new_record, permit, verify_all};
use crate::resource::{commit, key, observation, pulse};
use crate::tamper::{Content, LISTED, TABLES, Table, replace, sampled, table_names, tamperings};

fn is_thorough() -> bool {
    std::env::var_os("MECUM_SOAK").is_some()
}

/// Tampers with a table in every way, or in a sample of them, and looks that each is found, named, and gone when it is put back.
fn check_table(store: &Store, db: &Db, table: &Table, random: &mut Random) {
    let written = Content::of(db, table.name);
    assert!(written.rows.len() > 2, "{} is not filled", table.name);
    let all = tamperings(table, &written);
    let chosen = if is_thorough() { all } else { sampled(all, 4, random) };
    let mut n_done: BTreeMap<String, usize> = BTreeMap::new();
    for tampering in chosen {
        let is_done = replace(db, table.name, &written, &tampering.rows);
        *n_done.entry(tampering.kind.clone()).or_default() += usize::from(is_done);
        if is_done {
            let found = verify_all(store).unwrap_or_else(|error| panic!("{} {}: {error}", table.name, tampering.kind));
            let is_named = |part: &&str| found.iter().any(|what| what.starts_with(&format!("{part}: ")));
            // Rows of a record that is not there are named by their table.
            let is_named = table.parts.iter().chain([&table.name]).any(is_named);
            assert!(is_named, "{} {}: {found:?}", table.name, tampering.kind);
        }
    }
    assert!(replace(db, table.name, &written, &written.rows));
    for column in &written.columns {
        let n: usize = ["alter", "swap"].iter().filter_map(|verb| n_done.get(&format!("{verb} {column}"))).sum();
        assert!(n > 0, "no row of {} could be altered in {column}", table.name);
    }
    println!("{}: {} tamperings found", table.name, n_done.values().sum::<usize>());
}

fn check_tables(names: &[&str]) {
    for house in House::each() {
        println!("on {}", house.name());
        let store = house.open();
        filled(&store);
        assert_whole(&store);
        let (main, access) = house.below();
        let mut random = Random::seeded(7);
        for table in TABLES.iter().filter(|table| names.contains(&table.name)) {
            check_table(&store, table.database((&main, &access)), table, &mut random);
        }
        assert_whole(&store);
    }
}

#[test]
fn phr_91_a_version_that_is_not_as_written_is_found() {
    check_tables(&["version"]);
}

#[test]
fn phr_91_a_commit_or_head_that_is_not_as_written_is_found() {
    check_tables(&["commit_log", "chain_head"]);
}

#[test]
fn phr_91_a_mapping_that_is_not_as_written_is_found() {
    check_tables(&["origin"]);
}

#[test]
fn phr_91_a_row_of_an_index_that_is_not_as_written_is_found() {
    check_tables(&["entry", "id_directory"]);
    check_tables(&["token_index", "string_index", "reference_index", "uri_index"]);
    check_tables(&["date_index", "number_index", "quantity_index"]);
    check_tables(&["term_index", "term_prefix"]);
}

#[test]
fn aud_7_a_line_of_the_access_log_that_is_not_as_written_is_found() {
    check_tables(&["access_log", "access_head"]);
}

#[test]
fn every_table_is_proved_or_listed_with_the_reason_why_not() {
    for house in House::each() {
        drop(house.open());
        let (main, access) = house.below();
        let known: BTreeSet<&str> =
            TABLES.iter().map(|table| table.name).chain(LISTED.iter().map(|(name, _)| *name)).collect();
        let names: BTreeSet<String> = [&main, &access].into_iter().flat_map(table_names).collect();
        assert_eq!(names.iter().map(String::as_str).collect::<BTreeSet<_>>(), known);
        assert!(LISTED.iter().all(|(_, reason)| reason.len() > 20));
    }
}

#[test]
fn verify_names_the_resource_and_says_how_far_it_is() {
    for house in House::each() {
        let store = house.open();
        let record = new_record(&store);
        let many: Vec<Change> = (0..1200).map(|n| pulse(&format!("o{n}"), "x")).collect();
        commit(&store, record, &many).unwrap();
        let (main, _) = house.below();
        let sql = "UPDATE version SET labels = labels + 1 WHERE id = 'o7'";
        assert_eq!(main.write(|tx| tx.execute(sql, &[])).unwrap(), 1);
        let mut heard = Vec::new();
        let verified = store.verify(record, &mut |done, of| heard.push((done, of))).unwrap();
        assert_eq!(heard, [(500, 1200), (1000, 1200)]);
        assert_eq!((verified.n_versions, verified.n_commits), (1200, 1));
        let told: Vec<&str> = verified.findings.iter().map(|finding| finding.what.as_str()).collect();
        assert!(told.contains(&"Observation/o7 version 1 is altered"), "{told:?}");
    }
}

#[test]
fn sealed_columns_of_tables_that_are_not_proved_do_not_open_when_altered() {
    for house in House::each() {
        let store = house.open();
        let [record, _] = filled(&store);
        let import = permit(&store, record, Act::Import);
        let issue = ImportIssue { ordinal: 1, kind: "repaired".to_owned(), detail: b"x".to_vec() };
        store.add_import_issues(&import, ImportId(1), &[issue]).unwrap();
        type Read = fn(&Store, &Permit) -> bool;
        let sealed: [(&str, &str, Read); 4] = [
            ("record", "profile", |store, permit| store.record(permit.over()).is_ok()),
            ("source", "name", |store, permit| store.sources(permit).is_ok()),
            ("import_batch", "report", |store, permit| store.imports(permit).is_ok()),
            ("import_issue", "detail", |store, permit| store.import_issues(permit, ImportId(1), 0, 10).is_ok()),
        ];
        let (main, _) = house.below();
        for (table, column, read) in sealed {
            assert!(read(&store, &import), "{table}.{column}");
            let content = Content::of(&main, table);
            let at = content.column(column);
            for altered in [vec![], vec![1], vec![0; 100]] {
                let rows = content.rows.iter().cloned().map(|mut row| {
                    row[at] = altered.clone().into();
                    row
                });
                assert!(replace(&main, table, &content, &rows.collect::<Vec<_>>()));
                assert!(!read(&store, &import), "{table}.{column}");
            }
            assert!(replace(&main, table, &content, &content.rows));
        }
        assert_whole(&store);
    }
}

#[test]
fn what_is_damaged_is_refused_when_it_is_read() {
    for house in House::each() {
        let store = house.open();
        let record = new_record(&store);
        commit(&store, record, &[pulse("o", "one"), pulse("n", "two")]).unwrap();
        let (main, _) = house.below();
        let alter = |sql: &str| assert!(main.write(|tx| tx.execute(sql, &[])).unwrap() > 0, "{sql}");
        alter("UPDATE version SET body = (SELECT body FROM version WHERE id = 'n') WHERE id = 'o'");
        let permit = permit(&store, record, Act::Read(ResourceType::OBSERVATION));
        assert!(store.read(&permit, &key(ResourceType::OBSERVATION, "o")).is_err());
        assert!(store.read(&permit, &observation("n")).is_ok());
        alter("UPDATE chain_head SET seq = 7");
        assert!(commit(&store, record, &[pulse("x", "x")]).is_err());
        assert!(store.head(&permit).is_err());
    }
}
