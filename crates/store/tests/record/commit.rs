//! Commits: all or nothing, checked where nothing can change any more, visible as one.

use mecum_fhir::reference::ResourceType;
use mecum_record::access::Act;
use mecum_record::commit::CommitAct;
use mecum_record::ids::VersionId;
use mecum_store::{Change, Expected, StoreError};

use crate::house::{app_permit, assert_whole, new_record, on_both, permit, read, version_numbers, vread};
use crate::resource::{Changed, commit, deletion, key, observation, permit_for, pulse, put, text_of, words};

#[test]
fn what_is_created_is_read_back_as_it_was_written() {
    on_both(|_, store, record| {
        let text = r#"{"resourceType":"Patient","id":"p1","active":true,"multipleBirthInteger":1.50e1}"#;
        let made = commit(store, record, &[put(text).expecting(Expected::Absent)]).unwrap();
        assert_eq!((made.seq, made.written.len()), (1, 1));
        assert!(made.written[0].is_new && made.written[0].version == VersionId(1));
        let found = read(store, record, &key(ResourceType::PATIENT, "p1")).unwrap();
        assert_eq!((found.version, found.seq, found.ordinal), (VersionId(1), 1, 1));
        assert_eq!((found.commit, found.at_us), (made.commit, made.at_us));
        assert_eq!(found.body.unwrap().text, text);
        assert!(read(store, record, &key(ResourceType::PATIENT, "p2")).is_none());
        assert_whole(store);
    });
}

#[test]
fn rest_6_an_update_is_refused_when_the_resource_is_at_another_version() {
    on_both(|_, store, record| {
        commit(store, record, &[pulse("o", "one")]).unwrap();
        commit(store, record, &[pulse("o", "two").at_version(1)]).unwrap();
        for stale in [0, 1, 3] {
            let refused = commit(store, record, &[pulse("o", "stale").at_version(stale)]);
            assert!(matches!(refused, Err(StoreError::VersionConflict { current: 2 })), "at {stale}");
        }
        let both = [pulse("new", "kept out"), pulse("o", "stale").at_version(1)];
        assert!(matches!(commit(store, record, &both), Err(StoreError::VersionConflict { .. })));
        assert!(read(store, record, &observation("new")).is_none(), "half a commit was kept");
        assert_eq!(text_of(&read(store, record, &observation("o")).unwrap()), "two");
        assert_eq!(version_numbers(store, record, &observation("o")), [2, 1]);
        assert_whole(store);
    });
}

#[test]
fn rest_5_a_commit_that_was_decided_on_a_state_is_refused_behind_another() {
    on_both(|_, store, record| {
        let seq = commit(store, record, &[pulse("o", "one")]).unwrap().seq;
        let behind = |seq: i64, change: Change| {
            let permits = [permit_for(store, record, &change)];
            store.commit_behind(&permits, &words(CommitAct::Update), &[change], seq)
        };
        assert_eq!(behind(seq, pulse("o", "two")).unwrap().seq, seq + 1);
        for other in [seq - 1, seq, seq + 2] {
            assert!(matches!(behind(other, pulse("o", "late")), Err(StoreError::ChainMoved)), "{other}");
        }
        assert_eq!(text_of(&read(store, record, &observation("o")).unwrap()), "two");
        assert_whole(store);
    });
}

#[test]
fn a_deletion_is_a_version_that_keeps_the_facts_of_what_was_deleted() {
    on_both(|_, store, record| {
        let text = r#"{"resourceType":"Observation","id":"o","category":[{"coding":[{"code":"vital-signs"}]}],"effectiveDateTime":"2024-05-01"}"#;
        commit(store, record, &[put(text)]).unwrap();
        let before = read(store, record, &observation("o")).unwrap();
        commit(store, record, &[deletion(&before)]).unwrap();
        let gone = read(store, record, &observation("o")).unwrap();
        assert!(gone.is_deleted() && gone.facts == before.facts && gone.version == VersionId(2));
        assert!(before.facts.dated.is_some() && before.facts.categories.0 != 0);
        let again = commit(store, record, &[deletion(&before)]);
        assert!(matches!(again, Err(StoreError::VersionConflict { current: 0 })));
        assert_eq!(vread(store, record, &observation("o"), 1).unwrap().body.unwrap().text, text);
        assert!(vread(store, record, &observation("o"), 2).unwrap().is_deleted());
        assert!(vread(store, record, &observation("o"), 3).is_none());
        assert_whole(store);
    });
}

#[test]
fn rest_6_a_deleted_resource_comes_back_with_the_next_version() {
    on_both(|_, store, record| {
        commit(store, record, &[pulse("o", "one")]).unwrap();
        let first = read(store, record, &observation("o")).unwrap();
        commit(store, record, &[deletion(&first)]).unwrap();
        let back = commit(store, record, &[pulse("o", "again")]).unwrap();
        assert!(back.written[0].is_new && back.written[0].version == VersionId(3));
        assert_eq!(text_of(&read(store, record, &observation("o")).unwrap()), "again");
        assert_eq!(version_numbers(store, record, &observation("o")), [3, 2, 1]);
        assert_whole(store);
    });
}

#[test]
fn one_commit_may_change_a_resource_more_than_once() {
    on_both(|_, store, record| {
        let made = commit(store, record, &[pulse("o", "one"), pulse("o", "two").at_version(1)]).unwrap();
        let versions: Vec<i64> = made.written.iter().map(|written| written.version.0).collect();
        assert_eq!(versions, [1, 2]);
        assert!(made.written[0].is_new && !made.written[1].is_new);
        let twice = [pulse("o", "three").at_version(2), pulse("o", "four").at_version(2)];
        assert!(matches!(commit(store, record, &twice), Err(StoreError::VersionConflict { current: 3 })));
        let twice = [pulse("n", "one").expecting(Expected::Absent), pulse("n", "two").expecting(Expected::Absent)];
        assert!(matches!(commit(store, record, &twice), Err(StoreError::VersionConflict { current: 1 })));
        assert_eq!(text_of(&read(store, record, &observation("o")).unwrap()), "two");
        assert_whole(store);
    });
}

#[test]
fn an_id_belongs_to_one_record_and_one_type() {
    on_both(|_, store, record| {
        let other = new_record(store);
        commit(store, record, &[pulse("o", "mine")]).unwrap();
        assert!(matches!(commit(store, other, &[pulse("o", "theirs")]), Err(StoreError::IdTaken)));
        let absent = pulse("o", "again").expecting(Expected::Absent);
        assert!(matches!(commit(store, record, &[absent]), Err(StoreError::IdTaken)));
        assert!(read(store, other, &observation("o")).is_none());
        commit(store, other, &[put(r#"{"resourceType":"Patient","id":"o"}"#)]).unwrap();
        assert_eq!(store.locate(&observation("o")).unwrap(), Some(record));
        assert_eq!(store.locate(&key(ResourceType::PATIENT, "o")).unwrap(), Some(other));
        assert_eq!(store.locate(&observation("none")).unwrap(), None);
        assert_whole(store);
    });
}

#[test]
fn a_change_without_its_permit_is_refused() {
    on_both(|_, store, record| {
        let other = new_record(store);
        let change = pulse("o", "one");
        let words = words(CommitAct::Update);
        let check = |permits: &[_]| {
            let refused = store.commit(permits, &words, std::slice::from_ref(&change));
            assert!(matches!(refused, Err(StoreError::NotCovered)));
        };
        let of = |record, act| permit(store, record, act);
        check(&[]);
        check(&[of(record, Act::Search)]);
        check(&[of(record, Act::Read(ResourceType::OBSERVATION))]);
        check(&[of(record, Act::Update(ResourceType::PATIENT))]);
        check(&[of(record, Act::Delete(ResourceType::OBSERVATION))]);
        // A permit to create is none to change what may be there.
        check(&[of(record, Act::Create(ResourceType::OBSERVATION))]);
        check(&[of(record, Act::Update(ResourceType::OBSERVATION)), of(other, Act::Import)]);
        store.commit(&[of(record, Act::Update(ResourceType::OBSERVATION))], &words, &[change]).unwrap();
        let deleted = deletion(&read(store, record, &observation("o")).unwrap());
        let refused = store.commit(&[of(record, Act::Update(ResourceType::OBSERVATION))], &words, &[deleted]);
        assert!(matches!(refused, Err(StoreError::NotCovered)));
    });
}

#[test]
fn a_permit_over_one_record_reads_nothing_of_another() {
    on_both(|_, store, record| {
        let other = new_record(store);
        commit(store, record, &[pulse("o", "mine")]).unwrap();
        let theirs = permit(store, other, Act::Read(ResourceType::OBSERVATION));
        assert!(store.read(&theirs, &observation("o")).unwrap().is_none());
        assert!(store.history(&theirs, &observation("o"), None, 10).unwrap().is_empty());
    });
}

#[test]
fn a_filter_hides_other_types_from_reads_and_histories() {
    on_both(|_, store, record| {
        commit(store, record, &[pulse("o", "one"), put(r#"{"resourceType":"Condition","id":"c"}"#)]).unwrap();
        let condition = key(ResourceType::CONDITION, "c");
        let narrow = app_permit(store, record, Act::Search, "patient/Observation.rs");
        assert!(store.read(&narrow, &condition).unwrap().is_none());
        assert!(store.vread(&narrow, &condition, VersionId(1)).unwrap().is_none());
        assert!(store.history(&narrow, &condition, None, 10).unwrap().is_empty());
        assert!(store.read(&narrow, &observation("o")).unwrap().is_some());
        assert_eq!(store.history(&narrow, &observation("o"), None, 10).unwrap().len(), 1);
    });
}

#[test]
fn a_history_gives_no_more_than_asked_for_newest_first() {
    on_both(|_, store, record| {
        for text in ["one", "two", "three", "four"] {
            commit(store, record, &[pulse("o", text)]).unwrap();
        }
        let permit = permit_for(store, record, &pulse("o", ""));
        let texts = |limit| -> Vec<String> {
            store.history(&permit, &observation("o"), None, limit).unwrap().iter().map(text_of).collect()
        };
        assert_eq!(texts(2), ["four", "three"]);
        assert_eq!(texts(100), ["four", "three", "two", "one"]);
    });
}
