//! Tickets of pages: a day, one caller, one search; what they lead to is decided anew (REST-31, REST-45).

use mecum_phr::Failure;

use crate::house::{House, app_of, names, on_both, operator, sorted};

const PULSE: &str = r#"{"resourceType":"Observation","status":"final","code":{"text":"pulse"}}"#;

fn with_pulses(house: &House, n: usize) -> Vec<String> {
    sorted((0..n).map(|_| house.make(PULSE)).collect())
}

fn is_no_page(result: Result<impl Sized, Failure>, code: &str) -> bool {
    matches!(result, Err(Failure::Malformed(faults)) if faults[0].code == code && faults[0].expression == "_cursor")
}

#[test]
fn rest_31_a_page_can_be_asked_for_again_for_a_day_and_no_longer() {
    on_both(|house| {
        with_pulses(house, 3);
        let app = house.app("patient/*.rs");
        let first = house.search(&app, "Observation?_count=1", None).unwrap();
        let page = first.next.as_deref();
        house.clock.advance(24 * 3_600_000_000);
        let once = names(&house.search(&app, "Observation?_count=1", page).unwrap().matches);
        assert_eq!(names(&house.search(&app, "Observation?_count=1", page).unwrap().matches), once);
        house.clock.advance(1);
        assert!(is_no_page(house.search(&app, "Observation?_count=1", page), "expired"));
    });
}

#[test]
fn rest_31_a_page_is_of_one_record_one_client_and_one_search() {
    on_both(|house| {
        with_pulses(house, 3);
        let app = house.app("patient/*.rs");
        let next = house.search(&app, "Observation?_count=1", None).unwrap().next;
        let page = next.as_deref();
        let other_record = mecum_phr::record::open(&house.phr, &operator(), "Somebody else").unwrap();
        assert!(is_no_page(house.search(&app_of(other_record, "patient/*.rs"), "Observation?_count=1", page), "value"));
        assert!(is_no_page(house.search(&operator(), "Observation?_count=1", page), "value"));
        for address in ["Observation?_count=2", "Observation?_count=1&status=final", "Condition?_count=1"] {
            assert!(is_no_page(house.search(&app, address, page), "value"), "{address}");
        }
        assert!(is_no_page(house.search(&app, "Observation?_count=1", Some("nonsense")), "value"));
        // With fewer scopes than before, the same page shows what they allow: here, nothing is allowed any more.
        let narrow = house.app("patient/Condition.rs");
        assert!(matches!(house.search(&narrow, "Observation?_count=1", page), Err(Failure::Forbidden(_))));
    });
}

#[test]
fn rest_45_a_page_is_decided_anew_under_the_scopes_of_the_moment() {
    on_both(|house| {
        with_pulses(house, 2);
        house.make(r#"{"resourceType":"Condition","subject":{"display":"x"}}"#);
        let page = house.search(&house.app("patient/*.rs"), "?_count=1", None).unwrap().next;
        let narrow = house.app("patient/Condition.rs");
        let mut left = Vec::new();
        let mut next = page;
        while let Some(page) = next {
            let set = house.search(&narrow, "?_count=1", Some(&page)).unwrap();
            left.extend(names(&set.matches));
            next = set.next;
        }
        assert!(left.iter().all(|name| name.starts_with("Condition/")), "{left:?}");
    });
}

#[test]
fn rest_45_a_grant_that_ends_ends_the_pages_of_a_system() {
    on_both(|house| {
        with_pulses(house, 3);
        let ends_at = house.clock.now_us() + 60_000_000;
        let system = house.system("system/*.rs", Some(ends_at));
        let first = house.search(&system, "Observation?_count=1", None).unwrap();
        assert_eq!(first.matches.len(), 1);
        let page = first.next.as_deref();
        assert_eq!(house.search(&system, "Observation?_count=1", page).unwrap().matches.len(), 1);
        house.clock.set(ends_at);
        let after = house.search(&system, "Observation?_count=1", page).unwrap();
        assert_eq!((after.matches.len(), after.next), (0, None));
        assert_eq!(house.search(&system, "Observation?_summary=count", None).unwrap().total, Some(0));
    });
}

#[test]
fn rest_31_pages_stay_whole_while_others_write() {
    on_both(|house| {
        let made = with_pulses(house, 9);
        let app = house.app("patient/*.rs");
        for address in
            ["Observation?_count=2", "Observation?_count=2&_sort=-_lastUpdated", "Observation?code:text=pulse&_count=2"]
        {
            let (mut met, mut page) = (Vec::new(), None);
            loop {
                let set = house.search(&app, address, page.as_deref()).unwrap();
                met.extend(names(&set.matches));
                // Somebody writes more of the same between any two pages.
                let new = house.make(PULSE);
                let (_, id) = new.split_once('/').unwrap();
                let key = mecum_record::access::ResourceKey {
                    resource_type: mecum_fhir::reference::ResourceType::OBSERVATION,
                    id: id.to_owned(),
                };
                mecum_phr::interaction::delete(&house.phr, &house.app("patient/*.cruds"), &key, None).unwrap();
                page = set.next;
                if page.is_none() {
                    break;
                }
            }
            assert_eq!(sorted(met), made, "{address}");
        }
    });
}
