//! Many writers at once, in one process and in two: chains without gaps, nothing lost, nothing twice.

use mecum_record::access::Act;
use mecum_record::commit::CommitAct;
use mecum_record::ids::RecordId;
use mecum_store::db::DbError;
use mecum_store::{Cursor, Expected, Store, StoreError, Walk, Which};

use crate::house::{House, NOW_US, assert_whole, new_record, on_both, permit, read, staging, version_numbers};
use crate::resource::{Changed, commit, observation, pulse, put, text_of, words};

const N_WRITERS: usize = 32;
const N_COMMITS: usize = 6;

/// Commits until the database has time for it.
fn commit_patiently(store: &Store, record: RecordId, changes: &[mecum_store::Change]) {
    loop {
        match commit(store, record, changes) {
            Err(StoreError::Db(DbError::Busy)) => {}
            made => return drop(made.unwrap()),
        }
    }
}

fn seqs(store: &Store, record: RecordId) -> Vec<i64> {
    let log = store.log(&permit(store, record, Act::Restore), i64::MAX, 10_000).unwrap();
    log.iter().rev().map(|commit| commit.seq).collect()
}

/// Every writer adds resources of its own and changes one that all change.
fn write_from_all(stores: &[&Store], record_of: impl Fn(usize) -> RecordId + Sync) {
    std::thread::scope(|scope| {
        for writer in 0..N_WRITERS {
            let (store, record_of) = (stores[writer % stores.len()], &record_of);
            scope.spawn(move || {
                let record = record_of(writer);
                for n in 0..N_COMMITS {
                    let own = pulse(&format!("w{writer}-{n}"), "x").expecting(Expected::Absent);
                    commit_patiently(store, record, &[own, pulse(&format!("all-{record}"), &format!("{writer}"))]);
                }
            });
        }
    });
}

fn check_complete(store: &Store, record: RecordId, n_writers: usize) {
    let n = i64::try_from(n_writers * N_COMMITS).unwrap();
    assert_eq!(seqs(store, record), (1..=n).collect::<Vec<_>>());
    let all = observation(&format!("all-{record}"));
    assert_eq!(version_numbers(store, record, &all), (1..=n).rev().collect::<Vec<_>>());
}

#[test]
fn many_writers_to_one_record_make_one_chain_without_gaps() {
    on_both(|_, store, record| {
        write_from_all(&[store], |_| record);
        check_complete(store, record, N_WRITERS);
        for writer in 0..N_WRITERS {
            assert!(read(store, record, &observation(&format!("w{writer}-{}", N_COMMITS - 1))).is_some());
        }
        assert_whole(store);
    });
}

#[test]
fn many_writers_to_many_records_do_not_mix() {
    on_both(|_, store, record| {
        let records: Vec<RecordId> = (0..3).map(|_| new_record(store)).chain([record]).collect();
        write_from_all(&[store], |writer| records[writer % records.len()]);
        for record in &records {
            check_complete(store, *record, N_WRITERS / records.len());
        }
        assert_whole(store);
    });
}

#[test]
fn two_processes_write_to_one_record_by_turns() {
    on_both(|house, store, record| {
        let other = house.open();
        write_from_all(&[store, &other], |_| record);
        check_complete(&other, record, N_WRITERS);
        assert_whole(store);
        assert_whole(&other);
    });
}

#[test]
fn rest_6_of_many_updates_of_one_version_one_is_made() {
    on_both(|_, store, record| {
        commit(store, record, &[pulse("o", "start")]).unwrap();
        for version in 1..=5 {
            let made: Vec<bool> = std::thread::scope(|scope| {
                let attempt =
                    |n: usize| move || commit(store, record, &[pulse("o", &n.to_string()).at_version(version)]);
                let threads: Vec<_> = (0..8).map(|n| scope.spawn(attempt(n))).collect();
                let results = threads.into_iter().map(|thread| thread.join().unwrap());
                results
                    .map(|result| match result {
                        Ok(_) => true,
                        Err(StoreError::VersionConflict { current }) => {
                            assert_eq!(current, version + 1);
                            false
                        }
                        Err(other) => panic!("{other}"),
                    })
                    .collect()
            });
            assert_eq!(made.into_iter().filter(|made| *made).count(), 1);
        }
        assert_eq!(version_numbers(store, record, &observation("o")), [6, 5, 4, 3, 2, 1]);
        assert_whole(store);
    });
}

#[test]
fn of_many_creations_of_one_id_in_two_records_one_is_made() {
    on_both(|_, store, record| {
        let other = new_record(store);
        let made = std::thread::scope(|scope| {
            let attempt = |record| move || commit(store, record, &[pulse("o", "x").expecting(Expected::Absent)]);
            let threads: Vec<_> =
                (0..12).map(|n| scope.spawn(attempt(if n % 2 == 0 { record } else { other }))).collect();
            let results: Vec<_> = threads.into_iter().map(|thread| thread.join().unwrap()).collect();
            assert!(results.iter().all(|result| matches!(result, Ok(_) | Err(StoreError::IdTaken))));
            results.into_iter().filter(Result::is_ok).count()
        });
        assert_eq!(made, 1);
        assert_whole(store);
    });
}

#[test]
fn a_staging_is_published_whole_among_commits_and_readers() {
    on_both(|house, store, record| {
        let other = house.open();
        commit(store, record, &[pulse("o", "start")]).unwrap();
        std::thread::scope(|scope| {
            let writer = scope.spawn(|| {
                for n in 0..30 {
                    commit_patiently(
                        &other,
                        record,
                        &[pulse("o", &format!("by hand {n}")), pulse(&format!("h{n}"), "x")],
                    );
                }
            });
            let reader = scope.spawn(move || {
                while !writer.is_finished() {
                    let n_staged = current(store, record).iter().filter(|id| id.starts_with('s')).count();
                    assert!(n_staged == 0 || n_staged == 100, "{n_staged} of 100 staged resources are seen");
                }
            });
            let mut staged = staging(store, record);
            for batch in 0..10 {
                let changes: Vec<_> =
                    (0..10).map(|n| pulse(&format!("s{batch}-{n}"), "x")).chain([pulse("o", "staged")]).collect();
                staged.put(&changes, &[], NOW_US).unwrap();
            }
            staged.publish(&words(CommitAct::Import), b"").unwrap();
            reader.join().unwrap();
        });
        assert_eq!(current(store, record).len(), 131);
        assert_eq!(version_numbers(store, record, &observation("o")), (1..=41).rev().collect::<Vec<_>>());
        assert!(!text_of(&read(store, record, &observation("o")).unwrap()).is_empty());
        assert_whole(store);
    });
}

fn current(store: &Store, record: RecordId) -> Vec<String> {
    let every = mecum_record::access::ResourceFilter::Every;
    let walk = Walk { which: Which::Current, narrowed: &every, until_seq: i64::MAX, max_page_bytes: usize::MAX };
    let page = store.page(&permit(store, record, Act::Export), &walk, Cursor::default(), 10_000).unwrap();
    page.into_iter().map(|version| version.key.id).collect()
}

#[test]
fn stores_opened_at_once_make_one_directory() {
    for house in House::each() {
        std::thread::scope(|scope| {
            for n in 0..4 {
                let house = &house;
                scope.spawn(move || {
                    let store = house.open();
                    let permit = permit(&store, RecordId::DIRECTORY, Act::Import);
                    let change = put(&format!(r#"{{"resourceType":"Practitioner","id":"d{n}"}}"#));
                    store.commit(&[permit], &words(CommitAct::Create), &[change]).unwrap();
                });
            }
        });
        let store = house.open();
        assert_eq!(seqs(&store, RecordId::DIRECTORY), [1, 2, 3, 4]);
        assert_whole(&store);
    }
}
