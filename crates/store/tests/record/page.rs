//! Pages: each version once, in the order of commits, whatever is written meanwhile.

use std::collections::BTreeSet;

use mecum_fhir::reference::ResourceType;
use mecum_record::access::{Act, Permit, ResourceFilter};
use mecum_record::ids::RecordId;
use mecum_store::{Change, Cursor, Store, Version, Walk, Which};

use crate::house::NOW_US;
use crate::house::{app_permit, on_both, permit, read, staging};
use crate::resource::{commit, deletion, observation, pulse, put, text_of, words};

const EVERY: ResourceFilter = ResourceFilter::Every;

fn walk(which: Which, until_seq: i64) -> Walk<'static> {
    Walk { which, narrowed: &EVERY, until_seq, max_page_bytes: usize::MAX }
}

/// The whole walk, page by page; `between` runs after each page.
fn walked(store: &Store, permit: &Permit, walk: &Walk<'_>, limit: usize, mut between: impl FnMut()) -> Vec<Version> {
    let mut all: Vec<Version> = Vec::new();
    loop {
        let after = all.last().map_or(Cursor::default(), Version::cursor);
        let page = store.page(permit, walk, after, limit).unwrap();
        if page.is_empty() {
            return all;
        }
        assert!(page.len() <= limit);
        all.extend(page);
        between();
    }
}

fn names(versions: &[Version]) -> Vec<String> {
    versions.iter().map(|version| format!("{}/{}", version.key.id, version.version)).collect()
}

/// Three commits: one large, one that changes and deletes, one more.
fn filled(store: &Store, record: RecordId) {
    let many: Vec<Change> = (0..7).map(|n| pulse(&format!("o{n}"), "one")).collect();
    commit(store, record, &many).unwrap();
    let gone = read(store, record, &observation("o1")).unwrap();
    commit(store, record, &[pulse("o3", "two"), deletion(&gone), pulse("o0", "two")]).unwrap();
    commit(store, record, &[pulse("o8", "one"), pulse("o8", "two")]).unwrap();
}

#[test]
fn a_walk_gives_each_current_version_once_whatever_the_size_of_its_pages() {
    on_both(|_, store, record| {
        filled(store, record);
        let permit = permit(store, record, Act::Export);
        for limit in [1, 2, 3, 100] {
            let current = walked(store, &permit, &walk(Which::Current, 3), limit, || {});
            assert_eq!(names(&current), ["o2/1", "o4/1", "o5/1", "o6/1", "o3/2", "o0/2", "o8/2"], "{limit}");
            let all = walked(store, &permit, &walk(Which::All, 3), limit, || {});
            let wanted =
                ["o0/1", "o1/1", "o2/1", "o3/1", "o4/1", "o5/1", "o6/1", "o3/2", "o1/2", "o0/2", "o8/1", "o8/2"];
            assert_eq!(names(&all), wanted, "{limit}");
        }
    });
}

#[test]
fn what_is_written_during_a_walk_is_not_in_it() {
    on_both(|_, store, record| {
        filled(store, record);
        let permit = permit(store, record, Act::Export);
        let until = store.head(&permit).unwrap().seq;
        for which in [Which::Current, Which::All] {
            let before = names(&walked(store, &permit, &walk(which, until), 100, || {}));
            let mut n = 0;
            let meanwhile = walked(store, &permit, &walk(which, until), 2, || {
                n += 1;
                let last = read(store, record, &observation("o6")).unwrap();
                let delete = if last.is_deleted() { pulse("o6", "back") } else { deletion(&last) };
                commit(store, record, &[pulse("o2", "later"), pulse(&format!("n{which:?}{n}"), "new"), delete])
                    .unwrap();
            });
            assert_eq!(names(&meanwhile), before);
            assert!(meanwhile.iter().all(|version| text_of_or_gone(version) != "later"));
        }
    });
}

fn text_of_or_gone(version: &Version) -> String {
    if version.is_deleted() { String::new() } else { text_of(version) }
}

#[test]
fn a_walk_ends_with_its_snapshot_and_shows_the_past_as_it_was() {
    on_both(|_, store, record| {
        filled(store, record);
        let permit = permit(store, record, Act::Export);
        let first = walked(store, &permit, &walk(Which::Current, 1), 100, || {});
        assert_eq!(names(&first), ["o0/1", "o1/1", "o2/1", "o3/1", "o4/1", "o5/1", "o6/1"]);
        assert!(walked(store, &permit, &walk(Which::Current, 0), 100, || {}).is_empty());
        let ahead = walked(store, &permit, &walk(Which::Current, i64::MAX), 100, || {});
        assert_eq!(ahead.len(), 7);
    });
}

#[test]
fn a_page_is_bounded_in_bytes_and_never_empty_before_the_end() {
    on_both(|_, store, record| {
        filled(store, record);
        let permit = permit(store, record, Act::Export);
        let small = Walk { max_page_bytes: 1, ..walk(Which::Current, 3) };
        assert_eq!(store.page(&permit, &small, Cursor::default(), 100).unwrap().len(), 1);
        assert_eq!(walked(store, &permit, &small, 100, || {}).len(), 7);
    });
}

#[test]
fn a_filter_narrows_a_walk_without_ending_it() {
    on_both(|_, store, record| {
        for n in 0..6 {
            let patient = put(&format!(r#"{{"resourceType":"Patient","id":"p{n}"}}"#));
            commit(store, record, &[patient, pulse(&format!("o{n}"), "x")]).unwrap();
        }
        let narrow = app_permit(store, record, Act::Export, "patient/Patient.rs");
        for which in [Which::Current, Which::All] {
            let seen = walked(store, &narrow, &walk(which, i64::MAX), 1, || {});
            assert_eq!(names(&seen), ["p0/1", "p1/1", "p2/1", "p3/1", "p4/1", "p5/1"]);
        }
        let only = ResourceFilter::ResourceIs(observation("o4"));
        let narrowed = Walk { narrowed: &only, ..walk(Which::Current, i64::MAX) };
        let wide = permit(store, record, Act::Export);
        assert_eq!(names(&walked(store, &wide, &narrowed, 1, || {})), ["o4/1"]);
        assert!(walked(store, &narrow, &narrowed, 1, || {}).is_empty());
    });
}

#[test]
fn rest_10_the_newest_versions_come_first_and_in_pages() {
    on_both(|_, store, record| {
        filled(store, record);
        let wide = permit(store, record, Act::Search);
        let wanted = ["o8/2", "o8/1", "o0/2", "o1/2", "o3/2", "o6/1", "o5/1", "o4/1", "o3/1", "o2/1", "o1/1", "o0/1"];
        for limit in [1, 2, 5, 100] {
            assert_eq!(recent(store, &wide, None, limit), wanted, "{limit}");
        }
        commit(store, record, &[put(r#"{"resourceType":"Patient","id":"p"}"#)]).unwrap();
        assert_eq!(recent(store, &wide, Some(ResourceType::PATIENT), 2), ["p/1"]);
        assert_eq!(recent(store, &wide, Some(ResourceType::OBSERVATION), 2), wanted);
        let narrow = app_permit(store, record, Act::Search, "patient/Patient.rs");
        assert_eq!(recent(store, &narrow, None, 1), ["p/1"]);
        assert_eq!(recent(store, &narrow, Some(ResourceType::OBSERVATION), 1), [""; 0]);
    });
}

/// The whole history, page by page.
fn recent(store: &Store, permit: &Permit, only: Option<ResourceType>, limit: usize) -> Vec<String> {
    let mut all: Vec<Version> = Vec::new();
    loop {
        let before = all.last().map_or(Cursor { seq: i64::MAX, ordinal: 0 }, Version::cursor);
        let page = store.recent(permit, only, (0, before), limit).unwrap();
        if page.is_empty() {
            return names(&all);
        }
        assert!(page.len() <= limit);
        all.extend(page);
    }
}

#[test]
fn rest_10_since_leaves_out_what_is_older() {
    on_both(|_, store, record| {
        for (n, at_us) in [NOW_US, NOW_US + 10, NOW_US + 20].into_iter().enumerate() {
            let change = pulse(&format!("o{n}"), "x");
            let words = mecum_store::CommitWords { at_us, ..words(mecum_record::commit::CommitAct::Update) };
            store.commit(&[permit(store, record, Act::Import)], &words, &[change]).unwrap();
        }
        let permit = permit(store, record, Act::Search);
        let since = |at_us| -> BTreeSet<String> {
            let start = Cursor { seq: i64::MAX, ordinal: 0 };
            names(&store.recent(&permit, None, (at_us, start), 10).unwrap()).into_iter().collect()
        };
        assert_eq!(since(NOW_US).len(), 3);
        assert_eq!(since(NOW_US + 10), BTreeSet::from(["o1/1".to_owned(), "o2/1".to_owned()]));
        assert!(since(NOW_US + 21).is_empty());
    });
}

#[test]
fn a_version_published_behind_a_newer_one_is_in_the_history_and_never_current() {
    on_both(|_, store, record| {
        commit(store, record, &[pulse("o", "one")]).unwrap();
        let mut staged = staging(store, record);
        staged.put(&[pulse("o", "staged")], &[], NOW_US).unwrap();
        commit(store, record, &[pulse("o", "by hand")]).unwrap();
        staged.publish(&words(mecum_record::commit::CommitAct::Import), b"").unwrap();
        let permit = permit(store, record, Act::Export);
        for until in [2, 3, i64::MAX] {
            let current = walked(store, &permit, &walk(Which::Current, until), 1, || {});
            assert_eq!(names(&current), ["o/3"], "{until}");
        }
        let all = walked(store, &permit, &walk(Which::All, 3), 1, || {});
        assert_eq!(names(&all), ["o/1", "o/3", "o/2"]);
        assert_eq!(recent(store, &permit, None, 1), ["o/2", "o/3", "o/1"]);
    });
}
