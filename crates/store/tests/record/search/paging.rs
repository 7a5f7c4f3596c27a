//! Pages: bound to their question, as of their first one, and never showing what was hidden since.

use mecum_fhir::reference::ResourceType;
use mecum_record::access::{Act, Label, Permit};
use mecum_record::ids::RecordId;
use mecum_store::{Change, PageWish, Store, StoreError};

use super::{address, all_pages, asked, page, searcher};
use crate::house::{app_permit, new_record, on_both, read};
use crate::resource::{commit, deletion, key, put};

fn observed(id: &str, n: usize) -> Change {
    put(&format!(
        r#"{{"resourceType":"Observation","id":"{id}","status":"final","code":{{"coding":[{{"code":"c{}"}}]}},"effectiveDateTime":"2020-01-{:02}"}}"#,
        n % 3,
        n % 28 + 1
    ))
}

fn filled(store: &Store, record: RecordId, n: usize) {
    let many: Vec<Change> = (0..n).map(|n| observed(&format!("o{n:03}"), n)).collect();
    commit(store, record, &many).unwrap();
}

#[test]
fn every_match_is_on_one_page_while_a_thousand_writes_land() {
    on_both(|_, store, record| {
        filled(store, record, 300);
        let permit = searcher(store, record);
        let expected = all_pages(store, &permit, &asked("Observation?_sort=-date,code"), 500);
        assert_eq!(expected.len(), 300);
        let is_done = std::sync::atomic::AtomicBool::new(false);
        std::thread::scope(|scope| {
            for writer in 0..4 {
                let is_done = &is_done;
                scope.spawn(move || {
                    for n in 0..250 {
                        if is_done.load(std::sync::atomic::Ordering::Relaxed) {
                            break;
                        }
                        let id = format!("o{:03}", (n * 7 + writer * 61) % 300);
                        // Some change, some go, some come back, some are new.
                        let there = read(store, record, &key(ResourceType::OBSERVATION, &id));
                        let change = match (n % 5, there) {
                            (0, Some(there)) if !there.is_deleted() => deletion(&there),
                            (1, _) => observed(&format!("w{writer}-{n}"), n),
                            _ => observed(&id, n + writer),
                        };
                        // Another may have been first.
                        let _ = commit(store, record, &[change]);
                    }
                });
            }
            for limit in [7, 40] {
                for address in
                    ["Observation?_sort=-date,code", "Observation?code=c1", "Observation?_sort=code", "Observation"]
                {
                    let mut query = asked(address);
                    let (mut n_found, mut total, mut met) = (0, None, std::collections::BTreeSet::new());
                    loop {
                        let page = page(store, &permit, &query, limit);
                        assert!(total.is_none() || total == page.total);
                        total = page.total;
                        n_found += page.matches.len();
                        met.extend(page.matches.iter().map(super::address));
                        query.cursor = page.next;
                        if query.cursor.is_none() {
                            break;
                        }
                    }
                    assert_eq!((i64::try_from(n_found).ok(), met.len()), (total, n_found), "{address}");
                }
            }
            is_done.store(true, std::sync::atomic::Ordering::Relaxed);
        });
    });
}

#[test]
fn what_was_hidden_since_the_first_page_is_on_no_later_one() {
    on_both(|_, store, record| {
        filled(store, record, 6);
        let permit = app_permit(store, record, Act::Search, "patient/Observation.rs");
        let limited = permit_without_hiv(&permit);
        let mut query = asked("Observation?status=final");
        let first = page(store, &limited, &query, 2);
        assert_eq!(first.matches.iter().map(address).collect::<Vec<_>>(), ["Observation/o000", "Observation/o001"]);
        let hidden = put(
            r#"{"resourceType":"Observation","id":"o003","status":"final","meta":{"security":[{"system":"http://terminology.hl7.org/CodeSystem/v3-ActCode","code":"HIV"}]}}"#,
        );
        assert!(hidden.facts.labels.has(Label::Hiv));
        commit(store, record, &[hidden]).unwrap();
        query.cursor = first.next;
        let rest = page(store, &limited, &query, 9);
        let found: Vec<String> = rest.matches.iter().map(address).collect();
        assert_eq!(found, ["Observation/o002", "Observation/o004", "Observation/o005"]);
    });
}

/// A permit whose filter hides a label; whatever narrows permits for clients.
fn permit_without_hiv(permit: &Permit) -> Permit {
    use mecum_record::access::ResourceFilter;
    permit.narrowed(ResourceFilter::Not(Box::new(ResourceFilter::HasLabel(Label::Hiv))))
}

#[test]
fn a_cursor_is_of_one_record_and_one_question_and_cannot_be_made() {
    on_both(|_, store, record| {
        filled(store, record, 9);
        let permit = searcher(store, record);
        let mut query = asked("Observation?code=c1");
        let next = page(store, &permit, &query, 1).next.unwrap();
        let wish = PageWish { limit: 1, max_bytes: 1, with_total: false };
        let refused = |cursor: String, query: &str, permit: &Permit| {
            let mut query = asked(query);
            query.cursor = Some(cursor);
            assert!(matches!(store.search(permit, &query, wish), Err(StoreError::UnknownCursor)));
        };
        refused(next.clone(), "Observation?code=c2", &permit);
        refused(next.clone(), "Observation?code=c1&_sort=date", &permit);
        refused(next.clone(), "Observation?code=c1", &searcher(store, new_record(store)));
        refused(next[2..].to_owned(), "Observation?code=c1", &permit);
        refused(
            next.replace(&next[..2], if next.starts_with("00") { "01" } else { "00" }),
            "Observation?code=c1",
            &permit,
        );
        refused("zz".to_owned(), "Observation?code=c1", &permit);
        refused(String::new(), "Observation?code=c1", &permit);
        query.cursor = Some(next);
        assert_eq!(page(store, &permit, &query, 9).matches.len(), 2);
    });
}

#[test]
fn a_page_has_as_many_bytes_as_are_wished_and_one_match_at_least() {
    on_both(|_, store, record| {
        filled(store, record, 5);
        let permit = searcher(store, record);
        let query = asked("Observation");
        let tiny = store.search(&permit, &query, PageWish { limit: 5, max_bytes: 1, with_total: false }).unwrap();
        assert_eq!((tiny.matches.len(), tiny.total), (1, None));
        assert!(tiny.next.is_some());
        let none = store.search(&permit, &query, PageWish { limit: 0, max_bytes: 1, with_total: true }).unwrap();
        assert!(none.matches.is_empty() && none.total == Some(5) && none.next.is_none());
        assert_eq!(store.count(&permit, &query).unwrap(), 5);
    });
}

#[test]
fn what_stands_beside_matches_is_current_and_shown_as_far_as_the_permit_goes() {
    on_both(|_, store, record| {
        let patient = put(r#"{"resourceType":"Patient","id":"p"}"#);
        let about = |id: &str, who: &str| {
            put(&format!(r#"{{"resourceType":"Observation","id":"{id}","subject":{{"reference":"Patient/{who}"}}}}"#))
        };
        commit(store, record, &[patient, about("a", "p"), about("b", "p"), about("c", "q")]).unwrap();
        commit(store, record, &[about("b", "q")]).unwrap();
        let all = searcher(store, record);
        let (p, a) = (key(ResourceType::PATIENT, "p"), key(ResourceType::OBSERVATION, "a"));
        let narrow = app_permit(store, record, Act::Search, "patient/Observation.rs");
        let wanted = [p.clone(), a, key(ResourceType::OBSERVATION, "gone"), p.clone()];
        let mut found: Vec<String> = store.included(&all, &wanted).unwrap().iter().map(address).collect();
        found.sort();
        assert_eq!(found, ["Observation/a", "Patient/p"]);
        let found: Vec<String> = store.included(&narrow, &wanted).unwrap().iter().map(address).collect();
        assert_eq!(found, ["Observation/a"]);
        let by = |param: Option<&str>, targets: &[_], limit: usize, permit: &Permit| -> Vec<String> {
            let param = param.and_then(|code| mecum_fhir::search_param::search_param("Observation", code));
            let found = store.referring(permit, (ResourceType::OBSERVATION, param), targets, limit).unwrap();
            found.iter().map(address).collect()
        };
        assert_eq!(by(Some("subject"), std::slice::from_ref(&p), 9, &all), ["Observation/a"]);
        let both = [p, key(ResourceType::PATIENT, "q")];
        assert_eq!(by(None, &both, 9, &all), ["Observation/a", "Observation/b", "Observation/c"]);
        assert_eq!(by(None, &both, 2, &all), ["Observation/a", "Observation/b"]);
        assert_eq!(by(Some("performer"), &both, 9, &all), [""; 0]);
        assert_eq!(by(None, &both, 9, &app_permit(store, record, Act::Search, "patient/Patient.rs")), [""; 0]);
    });
}
