//! Who may search what, and what is written down about it.

use mecum_phr::Failure;
use mecum_phr::disclose::Asked;
use mecum_phr::interaction::search::{SearchRequest, search};

use crate::house::{names, on_both, operator};

#[test]
fn what_went_out_is_written_down_includes_too_and_what_was_searched_for_is_not() {
    on_both(|house| {
        house.import(&[
            r#"{"resourceType":"Patient","id":"p","name":[{"family":"Ada"}]}"#,
            r#"{"resourceType":"Observation","id":"o","status":"final","code":{"coding":[{"code":"secretcode"}]},"subject":{"reference":"Patient/p"}}"#,
        ]);
        let app = house.app("patient/*.rs");
        let set = house.search(&app, "Observation?code=secretcode&_include=Observation:subject", None).unwrap();
        let log = house.access_log();
        for name in names(&set.matches).into_iter().chain(names(&set.included)) {
            assert!(log.contains(&name), "{name} is not in the log");
        }
        assert!(!log.contains("secretcode"));
        assert!(log.contains("search-type"));
        // Who was refused is in the log as well.
        let narrow = house.app("patient/Patient.rs");
        assert!(matches!(house.search(&narrow, "Observation?code=x", None), Err(Failure::Forbidden(_))));
        assert!(house.access_log().contains("denied"));
    });
}

#[test]
fn a_search_of_a_system_is_written_down_in_each_record_it_saw_something_of() {
    on_both(|house| {
        house.import(&[r#"{"resourceType":"Patient","id":"p"}"#]);
        let system = house.system("system/*.rs", None);
        let set = house.search(&system, "Patient?", None).unwrap();
        assert_eq!(set.matches.len(), 1);
        assert!(house.access_log().contains(&names(&set.matches)[0]));
        let n_of_clinic = || house.access_log().matches("GET").count();
        let before = n_of_clinic();
        assert!(house.search(&system, "Condition?", None).unwrap().matches.is_empty());
        assert_eq!(n_of_clinic(), before);
    });
}

#[test]
fn who_is_bound_to_no_record_says_which() {
    on_both(|house| {
        let query = house.query("Patient?");
        let request = SearchRequest { address: "Patient", query: &query, record: None };
        let refused = search(&house.phr, &operator(), &request, &Asked::new("find"));
        assert!(matches!(refused, Err(Failure::Invalid(_))));
    });
}

#[test]
fn a_grant_narrows_what_a_system_finds() {
    on_both(|house| {
        house.import(&[
            r#"{"resourceType":"Patient","id":"p"}"#,
            r#"{"resourceType":"Observation","id":"o","status":"final","code":{"text":"a"},"subject":{"reference":"Patient/p"}}"#,
        ]);
        let mut system = house.system("system/Patient.rs", None);
        if let mecum_record::caller::Caller::System { scopes, .. } = &mut system {
            *scopes = mecum_record::access::ScopeSet::parse("system/*.rs").unwrap();
        }
        let all = house.search(&system, "?_total=accurate", None).unwrap();
        assert_eq!((all.matches.len(), all.total), (1, Some(1)));
        // The grant does not cover the type: that is no refusal of the search, and nothing is found.
        let none = house.search(&system, "Observation?_total=accurate", None).unwrap();
        assert_eq!((none.matches.len(), none.total), (0, Some(0)));
        let along = house.search(&system, "Patient?_revinclude=Observation:subject", None).unwrap();
        assert!(along.included.is_empty());
    });
}
