//! What lies on the disk, or in a database somebody else runs, tells nobody who lacks the key anything (design §5).

use std::fs;
use std::path::Path;

use mecum_record::access::Act;
use mecum_record::commit::{CommitAct, CommitDetail};
use mecum_record::ids::RecordId;
use mecum_store::db::Db;
use mecum_store::{CommitWords, ImportIssue, NewImport, Profile, Store};
use mecum_testkit::harness;

use crate::access_log::line;
use crate::house::{House, NOW_US, new_record, permit, source};
use crate::resource::{commit, mapping, pulse, put};

/// Words that nothing but the imported text could bring to the disk.
const WORDS: [&str; 9] = [
    "Zworykinova",
    "quixotic-pulse",
    "F99.77-odd",
    "urn:mrn:yonder",
    "8675309-q",
    "Clinic of Xanadu",
    "whispered remark",
    "looked at by Ozymandias",
    "Original Blobfish",
];

fn fill(store: &Store, record: RecordId) {
    let import = permit(store, record, Act::Import);
    let clinic = source(store, record, "Clinic of Xanadu");
    let blob = store.put_blob(&import, &mut "Original Blobfish".repeat(50).as_bytes()).unwrap();
    let new =
        NewImport { source: clinic, at_us: NOW_US, originals: vec![blob.name], report: b"whispered remark".into() };
    let mut staged = store.begin_staging(&import, Some(&new), "test", NOW_US).unwrap();
    let patient = put(
        r#"{"resourceType":"Patient","id":"p","name":[{"family":"Zworykinova"}],"identifier":[{"system":"urn:mrn:yonder","value":"8675309-q"}]}"#,
    );
    let changes: Vec<_> =
        (0..50).map(|n| pulse(&format!("o{n}"), "quixotic-pulse F99.77-odd")).chain([patient]).collect();
    staged.put(&changes, &[mapping(clinic, "a", "o1")], NOW_US).unwrap();
    let issue = ImportIssue { ordinal: 1, kind: "repaired".to_owned(), detail: b"whispered remark".into() };
    store.add_import_issues(&import, staged.import().unwrap(), &[issue]).unwrap();
    let detail = CommitDetail { author: "Ozymandias".to_owned(), message: "whispered remark".to_owned() };
    let words = CommitWords { at_us: NOW_US, act: CommitAct::Import, detail, reverts: None };
    staged.publish(&words, b"whispered remark").unwrap();
    // A second, plain commit, so that the write-ahead log holds pages of both kinds.
    commit(store, record, &[pulse("o1", "quixotic-pulse again")]).unwrap();
    let profile = Profile { name: "Zworykinova".to_owned(), ..Profile::default() };
    store.set_profile(&permit(store, record, Act::Administer), &profile).unwrap();
    store.append_access(&[line(record, "looked at by Ozymandias")]).unwrap();
}

/// Fails if one of the words stands in the bytes, in any of the encodings SQLite could use.
fn assert_silent(bytes: &[u8], place: &str) {
    for word in WORDS {
        let utf16: Vec<u8> = word.encode_utf16().flat_map(u16::to_le_bytes).collect();
        for needle in [word.as_bytes(), &utf16] {
            assert!(!bytes.windows(needle.len()).any(|window| window == needle), "{place} holds {word:?}");
        }
    }
}

fn each_file(folder: &Path, look: &mut impl FnMut(&Path)) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { each_file(&path, look) } else { look(&path) }
    }
}

#[test]
fn nothing_readable_is_in_any_file_of_an_embedded_store() {
    let house = House::on(harness::sqlite());
    let store = house.open();
    let record = new_record(&store);
    fill(&store, record);
    let mut seen = Vec::new();
    let mut look = |path: &Path| {
        let bytes = fs::read(path).unwrap();
        assert_silent(&bytes, &path.display().to_string());
        assert!(!bytes.starts_with(b"SQLite format 3"), "{}", path.display());
        seen.push((path.file_name().unwrap().to_string_lossy().into_owned(), bytes.len()));
    };
    each_file(house.folder().unwrap(), &mut look);
    drop(store);
    each_file(house.folder().unwrap(), &mut look);
    for name in ["record.db", "record.db-wal", "access.db", "access.db-wal", "keys.db"] {
        assert!(seen.iter().any(|(seen, size)| seen == name && *size > 0), "{name} was not looked at: {seen:?}");
    }
    assert!(seen.iter().any(|(name, _)| name.len() == 64), "no blob was looked at: {seen:?}");
}

/// The tables and columns that stand readable for whoever runs a PostgreSQL database: search keys (SECURITY.md).
const READABLE: [(&str, &str); 5] = [
    ("token_index", "value"),
    ("string_index", "norm"),
    ("reference_index", "target_id"),
    ("quantity_index", "unit"),
    ("uri_index", "uri"),
];

#[test]
fn whoever_runs_the_database_reads_search_keys_and_nothing_else() {
    for house in House::each() {
        let store = house.open();
        let record = new_record(&store);
        fill(&store, record);
        let (main, access) = house.below();
        let mut n_cells = 0;
        for (db, table, columns) in tables(&main).chain(tables(&access)) {
            for column in columns.iter().filter(|column| !READABLE.contains(&(table, column))) {
                for cell in cells(db, table, column) {
                    assert_silent(&cell, &format!("{table}.{column} on {}", house.name()));
                    n_cells += 1;
                }
            }
        }
        assert!(n_cells > 200, "{n_cells}");
        assert!(cells(&main, "token_index", "value").contains(&b"8675309-q".to_vec()));
        let mut look = |path: &Path| assert_silent(&fs::read(path).unwrap(), &path.display().to_string());
        each_file(&house.blob_folder(), &mut look);
    }
}

/// Each table of a database with its columns of text and bytes.
fn tables(db: &Db) -> impl Iterator<Item = (&Db, &'static str, Vec<String>)> {
    let names = crate::tamper::TABLES
        .iter()
        .map(|table| table.name)
        .chain(crate::tamper::LISTED.iter().map(|(name, ..)| *name));
    names.filter_map(move |table| {
        let columns = crate::tamper::columns(db, table);
        (!columns.is_empty()).then_some((db, table, columns))
    })
}

fn cells(db: &Db, table: &str, column: &str) -> Vec<Vec<u8>> {
    let sql = format!("SELECT {column} FROM {table}");
    let rows = db.read(|tx| tx.query(&sql, &[])).unwrap();
    let cell = |row: &mecum_store::db::Row| match (row.opt_bytes(0), row.opt_text(0)) {
        (Ok(Some(bytes)), _) => Some(bytes.to_vec()),
        (_, Ok(Some(text))) => Some(text.as_bytes().to_vec()),
        _ => None,
    };
    rows.iter().filter_map(cell).collect()
}
