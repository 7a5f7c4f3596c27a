//! A revert: the previous state by a new, staged commit; what was changed since is kept (PHR-59).

use mecum_record::access::Act;
use mecum_store::{Content, Expected, Version};

use crate::house::{NOW_US, assert_whole, on_both, permit, read};
use crate::resource::{Changed, commit, deletion, observation, pulse, reverting, text_of};

/// The change that brings back what was there before, as an undo makes it.
fn restored(before: Option<Version>, current: &Version) -> mecum_store::Change {
    match before.and_then(|version| version.body) {
        Some(body) => mecum_store::Change { content: Content::Put(body), ..deletion(current) },
        None => deletion(current),
    }
}

#[test]
fn a_staged_revert_brings_back_what_was_and_keeps_what_came_since() {
    on_both(|_, store, record| {
        commit(store, record, &[pulse("changed", "before"), pulse("touched", "before")]).unwrap();
        let import = commit(store, record, &[pulse("changed", "after"), pulse("touched", "after"), pulse("new", "x")]);
        let import = import.unwrap();
        let restore = permit(store, record, Act::Restore);
        let mut staged = store.begin_staging(&restore, None, "test", NOW_US).unwrap();
        for version in store.commit_versions(&restore, import.commit, 0, 100).unwrap() {
            let before = store.version_before(&restore, &version.key, import.seq).unwrap();
            staged.put(&[restored(before, &version)], &[], NOW_US).unwrap();
        }
        // Written while the revert was being staged: it stays.
        commit(store, record, &[pulse("touched", "by hand")]).unwrap();
        let made = staged.publish(&reverting(import.commit), b"").unwrap().unwrap();
        assert_eq!(store.reverted_by(&restore, import.commit).unwrap(), Some(made.commit));
        assert_eq!(text_of(&read(store, record, &observation("changed")).unwrap()), "before");
        assert_eq!(text_of(&read(store, record, &observation("touched")).unwrap()), "by hand");
        assert!(read(store, record, &observation("new")).unwrap().is_deleted());
        let log = store.log(&restore, i64::MAX, 1).unwrap();
        assert_eq!(log[0].reverts, Some(import.commit));
        let back = pulse("new", "x").expecting(Expected::Whatever);
        assert!(commit(store, record, &[back]).unwrap().written[0].is_new);
        assert_whole(store);
    });
}
