//! Proof: whatever is altered, deleted, swapped or added below the application is found and named (PHR-91).

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::PathBuf;

use mecum_fhir::reference::ResourceType;
use mecum_record::access::Act;
use mecum_record::commit::CommitAct;
use mecum_record::ids::RecordId;
use mecum_store::body::BlobContent;
use mecum_store::db::{Db, Value};
use mecum_store::{Change, Content as Put, NewImport, Store};
use mecum_testkit::harness::Random;

use crate::access_log::line;
use crate::house::{House, NOW_US, assert_whole, findings, new_record, permit, read, source, verify_all};
use crate::resource::{
    Changed, commit, deletion, digest_of, key, mapping, observation, pulse, put_from, reverting, words,
};
use crate::tamper::{Content, LISTED, TABLES, Table, columns, replace, sampled, table_names, tamperings};

/// Two records with a bit of everything, and the directory.
fn filled(store: &Store) -> [RecordId; 2] {
    let records = [new_record(store), new_record(store)];
    for (record, mark) in records.into_iter().zip(["a", "b"]) {
        fill(store, record, mark);
    }
    let practitioner = put_from(r#"{"resourceType":"Practitioner","id":"d","identifier":[{"value":"npi"}]}"#, None);
    commit(store, RecordId::DIRECTORY, &[practitioner]).unwrap();
    let lines = [line(records[0], "one"), line(records[1], "two"), line(records[0], "three"), line(records[0], "four")];
    store.append_access(&lines).unwrap();
    records
}

fn fill(store: &Store, record: RecordId, mark: &str) {
    let id = |name: &str| format!("{mark}-{name}");
    let by_hand = [pulse(&id("hand"), "one"), pulse(&id("gone"), "one")];
    commit(store, record, &by_hand).unwrap();
    let import = import(store, record, mark);
    commit(store, record, &[pulse(&id("hand"), "two").at_version(1)]).unwrap();
    let gone = deletion(&read(store, record, &observation(&id("gone"))).unwrap());
    commit(store, record, &[gone]).unwrap();
    let imported = read(store, record, &observation(&id("line"))).unwrap();
    let restore = permit(store, record, Act::Restore);
    store.commit(&[restore], &reverting(import), &[deletion(&imported)]).unwrap();
}

/// A staged import with mappings, identifiers, references, labels, dates, an original and a Binary beside its blob.
fn import(store: &Store, record: RecordId, mark: &str) -> mecum_record::ids::CommitId {
    let clinic = source(store, record, "clinic");
    let blob = |content: String| store.put_blob(record, &mut content.as_bytes()).unwrap();
    let original = blob(format!("the original of {mark}"));
    let image = blob(format!("an image of {mark}").repeat(10_000));
    let new = NewImport { source: clinic, at_us: NOW_US, originals: vec![original.name], report: b"report".to_vec() };
    let mut staged = store.begin_staging(&permit(store, record, Act::Import), Some(&new), "test", NOW_US).unwrap();
    let patient = format!(
        r#"{{"resourceType":"Patient","id":"{mark}-p","identifier":[{{"system":"urn:mrn","value":"{mark}7"}},{{"value":"{mark}8"}}]}}"#
    );
    let labelled = format!(
        r#"{{"resourceType":"Observation","id":"{mark}-line","meta":{{"security":[{{"system":"http://terminology.hl7.org/CodeSystem/v3-Confidentiality","code":"R"}}]}},"category":[{{"coding":[{{"code":"laboratory"}}]}}],"effectiveDateTime":"2024-05-01","subject":{{"reference":"Patient/{mark}-p"}},"performer":[{{"reference":"Practitioner/{mark}-d"}}]}}"#
    );
    let mut binary =
        put_from(&format!(r#"{{"resourceType":"Binary","id":"{mark}-bin","contentType":"image/png"}}"#), None);
    if let Put::Put(body) = &mut binary.content {
        body.blob = Some(BlobContent { name: image.name.to_string(), size_bytes: image.size });
    }
    let labelled = put_from(&labelled, Some(clinic)).of_line(digest_of(store, record, "line"));
    let origins = [mapping(clinic, "1", &format!("{mark}-line")), mapping(clinic, "2", &format!("{mark}-other"))];
    staged.put(&[put_from(&patient, Some(clinic)), labelled], &origins, NOW_US).unwrap();
    staged.put(&[binary], &[mapping(clinic, "3", "x")], NOW_US).unwrap();
    staged.publish(&words(CommitAct::Import), b"done").unwrap().unwrap().commit
}

fn is_thorough() -> bool {
    std::env::var_os("MECUM_SOAK").is_some()
}

fn database_of<'a>(table: &Table, (main, access): (&'a Db, &'a Db)) -> &'a Db {
    if table.name.starts_with("access_") { access } else { main }
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
            check_table(&store, database_of(table, (&main, &access)), table, &mut random);
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
    check_tables(&["identifier", "reference", "id_directory"]);
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
        assert_eq!(findings(&store), ["chain head: a row has a damaged chain head"]);
    }
}

#[test]
fn a_roll_back_of_everything_is_seen_only_against_a_head_kept_elsewhere() {
    for house in House::each() {
        let store = house.open();
        let record = new_record(&store);
        commit(&store, record, &[pulse("o", "one")]).unwrap();
        let (main, _) = house.below();
        let earlier: Vec<_> = TABLES[..7].iter().map(|table| Content::of(&main, table.name)).collect();
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
fn a_record_whose_rows_are_all_gone_but_its_own_is_found() {
    for house in House::each() {
        let store = house.open();
        let [record, _] = filled(&store);
        let (main, access) = house.below();
        for table in &TABLES {
            let db = database_of(table, (&main, &access));
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
        for table in ["version", "commit_log", "chain_head", "origin", "identifier", "reference", "access_log", "blob"]
        {
            assert!(found.iter().any(|what| what.starts_with(&format!("{table}: there are"))), "{table}: {found:?}");
        }
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

/// Each file of a record's blobs.
fn blob_files(house: &House, record: RecordId) -> Vec<PathBuf> {
    let shelves = fs::read_dir(house.blob_folder().join(record.to_string())).unwrap();
    let mut files: Vec<PathBuf> = shelves
        .flat_map(|shelf| fs::read_dir(shelf.unwrap().path()).unwrap().map(|file| file.unwrap().path()))
        .collect();
    files.sort();
    files
}

fn assert_blob_found(store: &Store, told: &str) {
    let found = findings(store);
    assert!(found.iter().any(|what| what.starts_with("blob: ")), "{told}: {found:?}");
}

#[test]
fn a_blob_that_is_not_as_written_is_found() {
    for house in House::each() {
        let store = house.open();
        let [record, other] = filled(&store);
        let (mine, theirs) = (blob_files(&house, record), blob_files(&house, other));
        assert_eq!((mine.len(), theirs.len()), (2, 2));
        for path in &mine {
            let sealed = fs::read(path).unwrap();
            for at in [0, 5, 20, sealed.len() / 2, sealed.len() - 1] {
                let mut altered = sealed.clone();
                altered[at] ^= 1;
                fs::write(path, altered).unwrap();
                assert_blob_found(&store, &format!("byte {at} altered"));
            }
            for length in [0, 10, sealed.len() - 1] {
                fs::write(path, &sealed[..length]).unwrap();
                assert_blob_found(&store, &format!("cut off at {length}"));
            }
            fs::write(path, [sealed.as_slice(), b"x"].concat()).unwrap();
            assert_blob_found(&store, "a byte added");
            fs::remove_file(path).unwrap();
            assert_blob_found(&store, "deleted");
            for stranger in mine.iter().chain(&theirs).filter(|stranger| *stranger != path) {
                fs::copy(stranger, path).unwrap();
                assert_blob_found(&store, "another blob's file");
            }
            fs::write(path, sealed).unwrap();
        }
        assert_whole(&store);
    }
}

#[test]
fn sealed_columns_of_tables_that_are_not_proved_do_not_open_when_altered() {
    for house in House::each() {
        let store = house.open();
        let [record, _] = filled(&store);
        let import = permit(&store, record, Act::Import);
        let issue = mecum_store::ImportIssue { ordinal: 1, kind: "repaired".to_owned(), detail: b"x".to_vec() };
        store.add_import_issues(&import, mecum_record::ids::ImportId(1), &[issue]).unwrap();
        type Read = fn(&Store, &mecum_record::access::Permit) -> bool;
        let sealed: [(&str, &str, Read); 4] = [
            ("record", "profile", |store, permit| store.record(permit.over()).is_ok()),
            ("source", "name", |store, permit| store.sources(permit).is_ok()),
            ("import_batch", "report", |store, permit| store.imports(permit).is_ok()),
            ("import_issue", "detail", |store, permit| {
                store.import_issues(permit, mecum_record::ids::ImportId(1), 0, 10).is_ok()
            }),
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
        assert!(!columns(&main, "record").is_empty());
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
