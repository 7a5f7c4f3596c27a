//! What an import asks before it writes: which lines were taken before, which resources are there (PHR-59).

use mecum_record::access::Act;
use mecum_record::commit::CommitAct;
use mecum_record::ids::{CommitId, RecordId};
use mecum_store::{Change, Staging, Store};

use crate::house::{NOW_US, new_record, on_both, permit, staging};
use crate::resource::{Changed, commit, digest_of, observation, pulse, reverting, words};

fn line(store: &Store, record: RecordId, n: usize) -> Change {
    pulse(&format!("o{n}"), "x").of_line(digest_of(store, record, &format!("line {n}")))
}

/// The numbers of the first hundred lines that are known.
fn known(store: &Store, record: RecordId, staging: CommitId) -> Vec<usize> {
    let digests: Vec<_> = (0..100).map(|n| digest_of(store, record, &format!("line {n}"))).collect();
    let found = store.known_lines(&permit(store, record, Act::Import), staging, &digests).unwrap();
    let is_known = |n: &usize| found.get(&digests[*n]).is_some_and(|key| *key == observation(&format!("o{n}")));
    let known: Vec<usize> = (0..100).filter(is_known).collect();
    assert_eq!(known.len(), found.len());
    known
}

const NONE: CommitId = CommitId(0);

fn publish(staged: Staging<'_>) -> CommitId {
    staged.publish(&words(CommitAct::Import), b"").unwrap().unwrap().commit
}

#[test]
fn a_line_is_known_once_its_commit_is_published_and_to_its_own_staging_before() {
    on_both(|_, store, record| {
        let mut staged = staging(store, record);
        let lines: Vec<Change> = (0..40).map(|n| line(store, record, n)).collect();
        staged.put(&lines, &[], NOW_US).unwrap();
        assert_eq!(known(store, record, NONE), [0_usize; 0]);
        assert_eq!(known(store, record, staged.commit()).len(), 40);
        publish(staged);
        assert_eq!(known(store, record, NONE), (0..40).collect::<Vec<_>>());
        let other = new_record(store);
        assert_eq!(known(store, other, NONE), [0_usize; 0]);
        assert_ne!(digest_of(store, record, "line 1"), digest_of(store, other, "line 1"));
    });
}

#[test]
fn phr_59_a_line_is_known_by_any_version_and_whatever_became_of_it() {
    on_both(|_, store, record| {
        commit(store, record, &[line(store, record, 1)]).unwrap();
        commit(store, record, &[pulse("o1", "changed by hand")]).unwrap();
        let gone = crate::house::read(store, record, &observation("o1")).unwrap();
        commit(store, record, &[crate::resource::deletion(&gone)]).unwrap();
        assert_eq!(known(store, record, NONE), [1]);
    });
}

#[test]
fn phr_59_an_import_that_was_undone_is_not_known_until_its_undoing_is_undone() {
    on_both(|_, store, record| {
        let import = commit(store, record, &[line(store, record, 1)]).unwrap().commit;
        let other = commit(store, record, &[line(store, record, 2)]).unwrap().commit;
        let restore = permit(store, record, Act::Restore);
        let revert = |commit, text: &str| {
            let changes = [pulse("o9", text)];
            store.commit(std::slice::from_ref(&restore), &reverting(commit), &changes).unwrap().commit
        };
        let undone_by = |commit| store.reverted_by(&restore, commit).unwrap();
        assert_eq!((undone_by(import), known(store, record, NONE)), (None, vec![1, 2]));
        let undo = revert(import, "undo");
        assert_eq!((undone_by(import), known(store, record, NONE)), (Some(undo), vec![2]));
        let redo = revert(undo, "redo");
        assert_eq!((undone_by(import), known(store, record, NONE)), (None, vec![1, 2]));
        assert_eq!(undone_by(undo), Some(redo));
        let undo_redo = revert(redo, "undo the redo");
        assert_eq!((undone_by(import), known(store, record, NONE)), (Some(undo), vec![2]));
        revert(undo_redo, "redo the redo");
        let again = revert(import, "undo again");
        assert_eq!((undone_by(import), known(store, record, NONE)), (Some(again), vec![2]));
        assert_eq!(undone_by(other), None);
    });
}

#[test]
fn present_is_what_has_a_version_even_a_staged_one() {
    on_both(|_, store, record| {
        commit(store, record, &[pulse("o", "x")]).unwrap();
        let mut staged = staging(store, record);
        let many: Vec<Change> = (0..40).map(|n| pulse(&format!("s{n}"), "x")).collect();
        staged.put(&many, &[], NOW_US).unwrap();
        let asked: Vec<_> = (0..50).map(|n| observation(&format!("s{n}"))).chain([observation("o")]).collect();
        let present = || store.present(&permit(store, record, Act::Import), &asked).unwrap();
        assert_eq!(present().len(), 41);
        assert!(!present().contains(&observation("s40")));
        drop(staged);
        assert_eq!(present().into_iter().collect::<Vec<_>>(), [observation("o")]);
        let theirs = permit(store, new_record(store), Act::Import);
        assert!(store.present(&theirs, &asked).unwrap().is_empty());
    });
}
