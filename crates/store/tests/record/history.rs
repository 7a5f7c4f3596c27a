//! The log of commits, and what one commit changed (PHR-91).

use mecum_record::access::Act;
use mecum_record::commit::CommitAct;
use mecum_record::ids::{CommitId, VersionId};
use mecum_store::Store;

use crate::house::{on_both, permit, read};
use crate::resource::{commit, deletion, observation, permit_for, pulse, text_of, words};

fn seqs(store: &Store, record: mecum_record::ids::RecordId, before: i64, limit: i64) -> Vec<i64> {
    let permit = permit(store, record, Act::Restore);
    store.log(&permit, before, limit).unwrap().iter().map(|commit| commit.seq).collect()
}

#[test]
fn phr_91_the_log_says_who_did_what_newest_first_in_pages() {
    on_both(|_, store, record| {
        for n in 0..5 {
            commit(store, record, &[pulse(&format!("o{n}"), "x"), pulse("o", "y")]).unwrap();
        }
        assert_eq!(seqs(store, record, i64::MAX, 100), [5, 4, 3, 2, 1]);
        assert_eq!(seqs(store, record, i64::MAX, 2), [5, 4]);
        assert_eq!(seqs(store, record, 4, 2), [3, 2]);
        assert_eq!(seqs(store, record, 1, 2), [0_i64; 0]);
        let permit = permit(store, record, Act::Restore);
        let newest = store.log(&permit, i64::MAX, 1).unwrap().remove(0);
        assert_eq!((newest.n_versions, newest.act, newest.reverts), (2, CommitAct::Update, None));
        assert!(newest.detail == words(CommitAct::Update).detail);
        let same = store.commit_of(&permit, newest.commit).unwrap().unwrap();
        assert_eq!((same.seq, &same.hash), (5, &newest.hash));
        assert!(store.commit_of(&permit, CommitId(99)).unwrap().is_none());
        let head = store.head(&permit).unwrap();
        assert_eq!((head.seq, &head.hash, head.n_versions, head.n_origins), (5, &newest.hash, 10, 0));
    });
}

#[test]
fn what_a_commit_changed_is_listed_in_its_order_and_in_pages() {
    on_both(|_, store, record| {
        commit(store, record, &[pulse("z", "before")]).unwrap();
        let changes: Vec<_> = ["c", "a", "z", "b"].into_iter().map(|id| pulse(id, id)).collect();
        let made = commit(store, record, &changes).unwrap();
        let permit = permit(store, record, Act::Restore);
        let page = |after| store.commit_versions(&permit, made.commit, after, 3).unwrap();
        let ids = |after| -> Vec<String> { page(after).into_iter().map(|version| version.key.id).collect() };
        assert_eq!(ids(0), ["c", "a", "z"]);
        assert_eq!(ids(3), ["b"]);
        assert!(page(4).is_empty());
        assert!(store.commit_versions(&permit, CommitId(99), 0, 3).unwrap().is_empty());
    });
}

#[test]
fn the_version_before_a_commit_is_the_one_it_replaced() {
    on_both(|_, store, record| {
        commit(store, record, &[pulse("o", "one")]).unwrap();
        let second = commit(store, record, &[pulse("o", "two")]).unwrap();
        let current = read(store, record, &observation("o")).unwrap();
        let third = commit(store, record, &[deletion(&current)]).unwrap();
        let permit = permit_for(store, record, &pulse("o", ""));
        let before = |seq| store.version_before(&permit, &observation("o"), seq).unwrap();
        assert!(before(1).is_none());
        assert_eq!(text_of(&before(second.seq).unwrap()), "one");
        assert_eq!(text_of(&before(third.seq).unwrap()), "two");
        let end = before(i64::MAX).unwrap();
        assert!(end.is_deleted() && end.version == VersionId(3));
        assert!(store.version_before(&permit, &observation("n"), i64::MAX).unwrap().is_none());
    });
}
