//! Staging: a large commit in small batches that nobody sees, and then all of it at once (I8).

use mecum_fhir::reference::ResourceType;
use mecum_record::access::{Act, ResourceKey};
use mecum_record::commit::CommitAct;
use mecum_record::ids::RecordId;
use mecum_store::{Change, Cursor, Expected, Staging, Store, StoreError};

use crate::house::{NOW_US, assert_whole, on_both, permit, read, source, staging, version_numbers, vread};
use crate::resource::{Changed, commit, deletion, key, mapping, observation, pulse, put, text_of, words};

fn publish(staged: Staging<'_>) -> Option<mecum_store::Committed> {
    staged.publish(&words(CommitAct::Import), b"").unwrap()
}

fn patient() -> Change {
    put(
        r#"{"resourceType":"Patient","id":"p","identifier":[{"system":"urn:mrn","value":"7"}],"managingOrganization":{"reference":"Organization/g"}}"#,
    )
}

fn patients_with_7(store: &Store, record: RecordId) -> Vec<ResourceKey> {
    let permit = permit(store, record, Act::Search);
    store.with_identifier(&permit, ResourceType::PATIENT, (Some("urn:mrn"), "7"), 10).unwrap()
}

fn n_recent(store: &Store, record: RecordId) -> usize {
    let start = Cursor { seq: i64::MAX, ordinal: 0 };
    store.recent(&permit(store, record, Act::Search), None, (0, start), 100).unwrap().len()
}

#[test]
fn nothing_staged_is_seen_before_it_is_published_and_everything_after() {
    on_both(|_, store, record| {
        let clinic = source(store, record, "clinic");
        let mut staged = staging(store, record);
        staged.put(&[patient()], &[mapping(clinic, "a", "o1")], NOW_US).unwrap();
        staged.put(&[pulse("o1", "one"), pulse("o2", "two")], &[], NOW_US).unwrap();
        assert_eq!(staged.n_versions(), 3);
        let wanted = [(ResourceType::OBSERVATION, "a".to_owned())];
        let origins = |own| {
            let permit = permit(store, record, Act::Import);
            store.origins_of(&permit, clinic, own, &wanted).unwrap().into_values().collect::<Vec<_>>()
        };
        assert!(read(store, record, &observation("o1")).is_none());
        assert!(vread(store, record, &observation("o1"), 1).is_none());
        assert!(patients_with_7(store, record).is_empty());
        assert_eq!(n_recent(store, record), 0);
        assert!(origins(None).is_empty());
        assert_eq!(origins(Some(staged.commit())), ["o1"]);
        assert_eq!(store.head(&permit(store, record, Act::Export)).unwrap().seq, 0);
        assert_whole(store);
        let made = publish(staged).unwrap();
        assert_eq!(made.seq, 1);
        assert_eq!(text_of(&read(store, record, &observation("o2")).unwrap()), "two");
        assert_eq!(patients_with_7(store, record), [key(ResourceType::PATIENT, "p")]);
        assert_eq!((n_recent(store, record), origins(None)), (3, vec!["o1".to_owned()]));
        let head = store.head(&permit(store, record, Act::Export)).unwrap();
        assert_eq!((head.seq, head.n_versions, head.n_origins), (1, 3, 1));
        assert_whole(store);
    });
}

#[test]
fn an_empty_staging_leaves_no_commit_behind() {
    on_both(|_, store, record| {
        assert!(publish(staging(store, record)).is_none());
        assert_eq!(store.head(&permit(store, record, Act::Export)).unwrap().seq, 0);
        let mut staged = staging(store, record);
        staged.put(&[], &[], NOW_US).unwrap();
        assert!(publish(staged).is_none());
        assert!(store.log(&permit(store, record, Act::Restore), i64::MAX, 10).unwrap().is_empty());
        assert_whole(store);
    });
}

#[test]
fn a_record_has_one_staging_place_and_others_have_theirs() {
    on_both(|_, store, record| {
        let other = crate::house::new_record(store);
        let first = staging(store, record);
        let import = permit(store, record, Act::Import);
        let second = store.begin_staging(&import, None, "second", NOW_US);
        assert!(matches!(second, Err(StoreError::ImportRunning)));
        let elsewhere = staging(store, other);
        drop(elsewhere);
        drop(first);
        drop(staging(store, record));
    });
}

#[test]
fn staging_needs_a_permit_to_import_or_restore() {
    on_both(|_, store, record| {
        for act in [Act::Search, Act::Export, Act::Read(ResourceType::PATIENT), Act::Update(ResourceType::PATIENT)] {
            let refused = store.begin_staging(&permit(store, record, act), None, "test", NOW_US);
            assert!(matches!(refused, Err(StoreError::NotCovered)), "{}", act.word());
        }
        drop(store.begin_staging(&permit(store, record, Act::Restore), None, "test", NOW_US).unwrap());
    });
}

#[test]
fn commits_go_on_during_a_staging_and_numbers_do_not_collide() {
    on_both(|_, store, record| {
        commit(store, record, &[pulse("o", "one"), pulse("n", "one")]).unwrap();
        let mut staged = staging(store, record);
        staged.put(&[pulse("o", "staged"), pulse("n", "staged")], &[], NOW_US).unwrap();
        // Readers and If-Match know nothing of the staged version 2.
        let made = commit(store, record, &[pulse("o", "by hand").at_version(1)]).unwrap();
        assert_eq!(made.written[0].version.0, 3);
        assert!(!made.written[0].is_new);
        assert_eq!(version_numbers(store, record, &observation("o")), [3, 1]);
        assert!(vread(store, record, &observation("o"), 2).is_none());
        staged.put(&[pulse("o", "staged again")], &[], NOW_US).unwrap();
        let gone = deletion(&read(store, record, &observation("n")).unwrap());
        commit(store, record, &[gone]).unwrap();
        publish(staged).unwrap();
        assert_eq!(version_numbers(store, record, &observation("o")), [4, 3, 2, 1]);
        assert_eq!(text_of(&read(store, record, &observation("o")).unwrap()), "staged again");
        assert!(read(store, record, &observation("n")).unwrap().is_deleted(), "a later deletion holds");
        assert_whole(store);
    });
}

#[test]
fn a_batch_that_is_refused_leaves_nothing_and_the_next_goes_on() {
    on_both(|_, store, record| {
        commit(store, record, &[pulse("o", "one")]).unwrap();
        let mut staged = staging(store, record);
        staged.put(&[pulse("a", "a")], &[], NOW_US).unwrap();
        let refused = staged.put(&[pulse("b", "b"), pulse("o", "two").at_version(7)], &[], NOW_US);
        assert!(matches!(refused, Err(StoreError::VersionConflict { current: 1 })));
        let taken = pulse("o", "new").expecting(Expected::Absent);
        assert!(matches!(staged.put(&[pulse("c", "c"), taken], &[], NOW_US), Err(StoreError::IdTaken)));
        staged.put(&[pulse("d", "d")], &[], NOW_US).unwrap();
        assert_eq!(staged.n_versions(), 2);
        publish(staged).unwrap();
        for (id, there) in [("a", true), ("b", false), ("c", false), ("d", true)] {
            assert_eq!(read(store, record, &observation(id)).is_some(), there, "{id}");
            assert_eq!(store.locate(&observation(id)).unwrap().is_some(), there, "{id}");
        }
        assert_whole(store);
    });
}
