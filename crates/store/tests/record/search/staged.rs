//! Staged imports: unseen until they are published, and who stands in whose place then; searches while others write.

use mecum_fhir::reference::ResourceType;
use mecum_record::commit::CommitAct;
use mecum_record::ids::RecordId;
use mecum_store::{Change, Store};

use super::{all_pages, asked, page, searcher};
use crate::house::{NOW_US, assert_whole, on_both, read, staging};
use crate::resource::{commit, deletion, key, put, words};

/// An Observation with this code.
fn coded(id: &str, code: &str) -> Change {
    put(&format!(
        r#"{{"resourceType":"Observation","id":"{id}","code":{{"coding":[{{"system":"urn:c","code":"{code}"}}],"text":"{code} words"}}}}"#
    ))
}

fn with_code(store: &Store, record: RecordId, code: &str) -> Vec<String> {
    let permit = searcher(store, record);
    let by_code = all_pages(store, &permit, &asked(&format!("Observation?code={code}")), 2);
    let by_text = all_pages(store, &permit, &asked(&format!("Observation?code:text={code}")), 50);
    let by_word = all_pages(store, &permit, &asked(&format!("Observation?_content={code}")), 50);
    assert_eq!(by_code, by_text);
    assert_eq!(by_code, by_word);
    by_code
}

#[test]
fn what_is_staged_is_not_found_until_it_is_published() {
    on_both(|_, store, record| {
        commit(store, record, &[coded("a", "old"), coded("b", "old")]).unwrap();
        let mut staged = staging(store, record);
        staged.put(&[coded("a", "new"), coded("c", "new")], &[], NOW_US).unwrap();
        staged.put(&[coded("c", "latest")], &[], NOW_US).unwrap();
        assert_eq!(with_code(store, record, "old"), ["Observation/a", "Observation/b"]);
        assert_eq!(with_code(store, record, "new"), [""; 0]);
        assert_whole(store);
        staged.publish(&words(CommitAct::Import), b"").unwrap();
        assert_eq!(with_code(store, record, "old"), ["Observation/b"]);
        assert_eq!(with_code(store, record, "new"), ["Observation/a"]);
        assert_eq!(with_code(store, record, "latest"), ["Observation/c"]);
        assert_whole(store);
    });
}

#[test]
fn a_write_that_overtakes_a_staged_version_stays_in_its_place() {
    on_both(|_, store, record| {
        commit(store, record, &[coded("a", "one")]).unwrap();
        let mut staged = staging(store, record);
        staged.put(&[coded("a", "two")], &[], NOW_US).unwrap();
        assert_eq!(with_code(store, record, "one"), ["Observation/a"]);
        // It takes the higher number, and is seen first.
        commit(store, record, &[coded("a", "three")]).unwrap();
        assert_eq!(with_code(store, record, "one"), [""; 0]);
        assert_eq!(with_code(store, record, "three"), ["Observation/a"]);
        assert_whole(store);
        staged.publish(&words(CommitAct::Import), b"").unwrap();
        for gone in ["one", "two"] {
            assert_eq!(with_code(store, record, gone), [""; 0]);
        }
        assert_eq!(with_code(store, record, "three"), ["Observation/a"]);
        assert_whole(store);
    });
}

#[test]
fn a_staged_version_does_not_take_the_place_of_what_was_overtaken_before() {
    on_both(|_, store, record| {
        commit(store, record, &[coded("a", "one")]).unwrap();
        let mut staged = staging(store, record);
        commit(store, record, &[coded("a", "two")]).unwrap();
        staged.put(&[coded("a", "three")], &[], NOW_US).unwrap();
        assert_eq!(with_code(store, record, "two"), ["Observation/a"]);
        assert_whole(store);
        staged.publish(&words(CommitAct::Import), b"").unwrap();
        assert_eq!(with_code(store, record, "two"), [""; 0]);
        assert_eq!(with_code(store, record, "three"), ["Observation/a"]);
        assert_whole(store);
    });
}

#[test]
fn what_a_swept_staging_stood_in_place_of_is_found_again() {
    on_both(|_, store, record| {
        commit(store, record, &[coded("a", "one"), coded("b", "one")]).unwrap();
        let mut staged = staging(store, record);
        let gone = deletion(&read(store, record, &key(ResourceType::OBSERVATION, "b")).unwrap());
        staged.put(&[coded("a", "two"), gone], &[], NOW_US).unwrap();
        staged.put(&[coded("a", "three")], &[], NOW_US).unwrap();
        drop(staged);
        assert_eq!(with_code(store, record, "one"), ["Observation/a", "Observation/b"]);
        assert_eq!(with_code(store, record, "two"), [""; 0]);
        assert_whole(store);
        commit(store, record, &[coded("a", "four")]).unwrap();
        assert_eq!(with_code(store, record, "one"), ["Observation/b"]);
        assert_eq!(with_code(store, record, "four"), ["Observation/a"]);
        assert_whole(store);
    });
}

#[test]
fn pages_are_as_of_their_first_whatever_is_written_meanwhile() {
    on_both(|_, store, record| {
        let many: Vec<Change> = (0..30).map(|n| coded(&format!("o{n:02}"), "same")).collect();
        commit(store, record, &many).unwrap();
        for address in ["Observation?code=same", "Observation?_sort=-code&_total=accurate", "?_content=same"] {
            let permit = searcher(store, record);
            let mut query = asked(address);
            let expected = all_pages(store, &permit, &query, 100);
            assert_eq!(expected.len(), 30);
            let mut found = Vec::new();
            let mut n = 0;
            loop {
                let page = page(store, &permit, &query, 4);
                found.extend(page.matches.iter().map(super::address));
                assert_eq!(page.total, Some(30));
                query.cursor = page.next;
                if query.cursor.is_none() {
                    break;
                }
                // One ahead is changed, one behind is deleted, new ones come; one import is staged, another published.
                n += 1;
                let behind = key(ResourceType::OBSERVATION, &format!("o{:02}", n));
                let gone = deletion(&read(store, record, &behind).unwrap());
                commit(store, record, &[coded(&format!("o{:02}", 29 - n), "other"), gone]).unwrap();
                commit(store, record, &[coded(&format!("new{n}"), "same")]).unwrap();
                let mut staged = staging(store, record);
                staged
                    .put(&[coded("o15", &format!("staged{n}")), coded(&format!("s{n}"), "same")], &[], NOW_US)
                    .unwrap();
                if n % 2 == 0 {
                    staged.publish(&words(CommitAct::Import), b"").unwrap();
                }
            }
            assert_eq!(found, expected, "{address}");
            assert_whole(store);
            let all = many.iter().map(|change| coded(&change.key.id, "same"));
            let gone =
                (1..=n).map(|n| read(store, record, &key(ResourceType::OBSERVATION, &format!("new{n}"))).unwrap());
            let gone: Vec<Change> = gone.map(|version| deletion(&version)).chain(all).collect();
            commit(store, record, &gone).unwrap();
            let strangers = (1..=n).filter(|n| n % 2 == 0).map(|n| key(ResourceType::OBSERVATION, &format!("s{n}")));
            let gone: Vec<Change> = strangers.map(|key| deletion(&read(store, record, &key).unwrap())).collect();
            commit(store, record, &gone).unwrap();
        }
    });
}
