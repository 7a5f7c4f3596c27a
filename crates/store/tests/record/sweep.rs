//! What is left of a staging that was given up, dropped or cut off: nothing.

use mecum_fhir::reference::ResourceType;
use mecum_record::access::Act;
use mecum_record::commit::CommitAct;
use mecum_record::ids::RecordId;
use mecum_store::db::Db;
use mecum_store::{ImportState, NewImport, Staging, Store, StoreError};

use crate::house::{House, NOW_US, assert_whole, on_both, permit, read, source, staging};
use crate::resource::{commit, mapping, observation, pulse, put, text_of, words};

/// Longer than a lease.
const LATER_US: i64 = NOW_US + 600_000_000;

/// Everything that hangs on a staging: versions, the search index, the id directory, mappings; more than one step of sweeping.
fn fill(store: &Store, record: RecordId, staged: &mut Staging<'_>) {
    let clinic = source(store, record, "clinic");
    for batch in 0..3 {
        let changes: Vec<_> = (0..60)
            .map(|n| {
                let id = format!("s{batch}-{n}");
                put(&format!(
                    r#"{{"resourceType":"Observation","id":"{id}","identifier":[{{"value":"{id}"}}],"subject":{{"reference":"Patient/p"}},"code":{{"text":"x {id}"}},"effectiveDateTime":"2024-05-01","valueQuantity":{{"value":{n},"unit":"g"}},"meta":{{"profile":["http://a.example/{id}"]}}}}"#
                ))
            })
            .chain([pulse("o", "staged"), pulse("twice", "staged")])
            .collect();
        let origins: Vec<_> =
            (0..60).map(|n| mapping(clinic, &format!("{batch}/{n}"), &format!("s{batch}-{n}"))).collect();
        staged.put(&changes, &origins, NOW_US).unwrap();
    }
}

fn n_rows(db: &Db, table: &str) -> i64 {
    let sql = format!("SELECT COUNT(*) FROM {table}");
    db.read(|tx| tx.query_one(&sql, &[])?.int(0)).unwrap()
}

const TABLES: [&str; 15] = [
    "version",
    "entry",
    "token_index",
    "string_index",
    "reference_index",
    "date_index",
    "number_index",
    "quantity_index",
    "uri_index",
    "term_index",
    "term_prefix",
    "index_owed",
    "id_directory",
    "origin",
    "staging",
];

fn counts(house: &House) -> Vec<i64> {
    let (main, _) = house.below();
    TABLES.iter().map(|table| n_rows(&main, table)).collect()
}

/// Runs an ending of a filled staging and looks that only what was there before is left.
fn check_swept(end: impl Fn(&Store, RecordId, Staging<'_>)) {
    on_both(|house, store, record| {
        commit(store, record, &[pulse("o", "one")]).unwrap();
        let before = counts(house);
        let mut staged = staging(store, record);
        fill(store, record, &mut staged);
        assert_ne!(counts(house), before);
        end(store, record, staged);
        assert_eq!(counts(house), before);
        assert_eq!(text_of(&read(store, record, &observation("o")).unwrap()), "one");
        assert_eq!(store.locate(&observation("s0-0")).unwrap(), None);
        assert_whole(store);
        // The place is free, and the numbers go on from what is seen.
        let mut staged = staging(store, record);
        staged.put(&[pulse("o", "two")], &[], NOW_US).unwrap();
        staged.publish(&words(CommitAct::Import), b"").unwrap();
        assert_eq!(read(store, record, &observation("o")).unwrap().version.0, 2);
        assert_whole(store);
    });
}

#[test]
fn a_staging_that_is_dropped_leaves_nothing() {
    check_swept(|_, _, staged| drop(staged));
}

#[test]
fn a_staging_that_is_given_up_leaves_nothing() {
    check_swept(|_, _, staged| staged.abandon(b"", NOW_US).unwrap());
}

#[test]
fn what_a_crash_leaves_is_swept_when_its_lease_has_run_out() {
    check_swept(|store, record, staged| {
        std::mem::forget(staged);
        let import = permit(store, record, Act::Import);
        let early = store.begin_staging(&import, None, "next", NOW_US + 1_000_000);
        assert!(matches!(early, Err(StoreError::ImportRunning)));
        assert_eq!(store.sweep_all_expired(NOW_US + 1_000_000).unwrap(), 0);
        drop(store.begin_staging(&import, None, "next", LATER_US).unwrap());
    });
}

#[cfg(target_os = "linux")]
#[test]
fn what_a_dead_process_of_this_machine_left_is_swept_at_once_and_a_living_one_is_waited_for() {
    on_both(|house, store, record| {
        let mut staged = staging(store, record);
        fill(store, record, &mut staged);
        std::mem::forget(staged);
        let (main, _) = house.below();
        let holder =
            main.read(|tx| Ok::<_, StoreError>(tx.query_one("SELECT holder FROM staging", &[])?.text(0)?.to_owned()));
        let holder = holder.unwrap();
        assert_eq!(store.sweep_all_expired(NOW_US).unwrap(), 0, "this process lives");
        // The same number, started at another time: the process that had it is gone.
        let (process, started) = holder.rsplit_once('/').unwrap();
        let earlier = format!("{process}/{}", started.parse::<u64>().unwrap() - 1);
        main.write(|tx| tx.execute("UPDATE staging SET holder = $1", &[earlier.as_str().into()])).unwrap();
        let import = permit(store, record, Act::Import);
        drop(store.begin_staging(&import, None, "next", NOW_US).unwrap());
        assert_eq!(counts(house), [0; TABLES.len()]);
        assert_whole(store);
    });
}

#[test]
fn a_server_sweeps_what_was_left_when_it_starts() {
    check_swept(|store, _, staged| {
        std::mem::forget(staged);
        assert_eq!(store.sweep_all_expired(LATER_US).unwrap(), 1);
        assert_eq!(store.sweep_all_expired(LATER_US).unwrap(), 0);
    });
}

#[test]
fn whoever_was_taken_over_can_add_and_publish_nothing_more() {
    on_both(|_, store, record| {
        let mut old = staging(store, record);
        old.put(&[pulse("old", "x")], &[], NOW_US).unwrap();
        let import = permit(store, record, Act::Import);
        let mut new = store.begin_staging(&import, None, "next", LATER_US).unwrap();
        new.put(&[pulse("new", "x")], &[], LATER_US).unwrap();
        assert!(matches!(old.put(&[pulse("late", "x")], &[], LATER_US), Err(StoreError::StagingLost)));
        assert!(matches!(old.publish(&words(CommitAct::Import), b""), Err(StoreError::StagingLost)));
        // The old one was dropped by then: it must not sweep what is the new one's.
        new.publish(&words(CommitAct::Import), b"").unwrap();
        assert!(read(store, record, &observation("new")).is_some());
        assert!(read(store, record, &observation("old")).is_none());
        assert_whole(store);
    });
}

#[test]
fn a_sweep_that_is_cut_off_is_finished_by_the_next_and_its_victim_stays_out() {
    on_both(|house, store, record| {
        let mut staged = staging(store, record);
        fill(store, record, &mut staged);
        // As after the first step of another process's sweep.
        let (main, _) = house.below();
        main.write(|tx| tx.execute("UPDATE staging SET lease_until = 0", &[])).unwrap();
        assert!(matches!(staged.put(&[pulse("late", "x")], &[], NOW_US), Err(StoreError::StagingLost)));
        assert!(matches!(staged.publish(&words(CommitAct::Import), b""), Err(StoreError::StagingLost)));
        drop(staging(store, record));
        assert_eq!(counts(house), [0; TABLES.len()]);
        assert_whole(store);
    });
}

#[test]
fn a_batch_renews_the_lease() {
    on_both(|_, store, record| {
        let mut staged = staging(store, record);
        staged.put(&[pulse("o", "x")], &[], LATER_US).unwrap();
        let import = permit(store, record, Act::Import);
        let next = store.begin_staging(&import, None, "next", LATER_US + 1_000_000);
        assert!(matches!(next, Err(StoreError::ImportRunning)));
        staged.publish(&words(CommitAct::Import), b"").unwrap();
    });
}

#[test]
fn what_was_written_after_a_staged_version_survives_the_sweep() {
    on_both(|_, store, record| {
        let mut staged = staging(store, record);
        staged.put(&[pulse("o", "staged")], &[], NOW_US).unwrap();
        // Nobody is told the id of a staged resource; a system that names its ids may hit it all the same.
        let made = commit(store, record, &[pulse("o", "by hand")]).unwrap();
        assert!(made.written[0].is_new && made.written[0].version.0 == 2);
        drop(staged);
        assert_eq!(text_of(&read(store, record, &observation("o")).unwrap()), "by hand");
        assert_eq!(store.locate(&observation("o")).unwrap(), Some(record));
        assert_whole(store);
    });
}

#[test]
fn an_import_ends_as_done_unchanged_or_failed() {
    on_both(|_, store, record| {
        let clinic = source(store, record, "clinic");
        let import = permit(store, record, Act::Import);
        let new = || NewImport { source: clinic, at_us: NOW_US, originals: Vec::new(), report: b"begun".to_vec() };
        let begin = |at_us| store.begin_staging(&import, Some(&new()), "test", at_us).unwrap();
        let mut done = begin(NOW_US);
        done.put(&[pulse("o", "x")], &[], NOW_US).unwrap();
        let running = store.imports(&import).unwrap();
        assert!(running[0].state == ImportState::Running && running[0].report == b"begun");
        assert_eq!(Some(running[0].import), done.import());
        let commit = done.commit();
        done.publish(&words(CommitAct::Import), b"all is well").unwrap();
        begin(NOW_US).publish(&words(CommitAct::Import), b"nothing new").unwrap();
        begin(NOW_US).abandon(b"broken", NOW_US + 5).unwrap();
        drop(begin(NOW_US));
        std::mem::forget(begin(NOW_US));
        drop(begin(LATER_US));
        let imports = store.imports(&import).unwrap();
        let states: Vec<ImportState> = imports.iter().rev().map(|import| import.state).collect();
        use ImportState::{Done, Failed, Unchanged};
        assert_eq!(states, [Done, Unchanged, Failed, Failed, Failed, Failed]);
        let ends: Vec<Option<i64>> = imports.iter().rev().map(|import| import.finished_at_us).collect();
        assert_eq!(ends[..3], [Some(NOW_US), Some(NOW_US), Some(NOW_US + 5)]);
        let oldest = imports.last().unwrap();
        assert!(oldest.commit == commit && oldest.source == clinic && oldest.report == b"all is well");
        assert_eq!(imports.iter().rev().nth(2).unwrap().report, b"broken");
        assert!(store.with_identifier(&import, ResourceType::OBSERVATION, (None, "x"), 1).unwrap().is_empty());
        assert_whole(store);
    });
}
