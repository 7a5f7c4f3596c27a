//! The identifier index: current resources by an identifier they carry.

use mecum_fhir::reference::ResourceType;
use mecum_record::access::Act;
use mecum_record::ids::RecordId;
use mecum_store::{Change, Store};

use crate::house::{app_permit, assert_whole, new_record, on_both, permit, read};
use crate::resource::{commit, deletion, key, put};

fn patient(id: &str, identifiers: &str) -> Change {
    put(&format!(r#"{{"resourceType":"Patient","id":"{id}","identifier":[{identifiers}]}}"#))
}

fn found(store: &Store, record: RecordId, system: Option<&str>, value: &str, limit: usize) -> Vec<String> {
    let permit = permit(store, record, Act::Search);
    let keys = store.with_identifier(&permit, ResourceType::PATIENT, (system, value), limit).unwrap();
    keys.into_iter().map(|key| key.id).collect()
}

#[test]
fn a_resource_is_found_by_value_and_by_system_and_value() {
    on_both(|_, store, record| {
        let one = r#"{"system":"urn:a","value":"7"},{"value":"8"},{"system":"urn:a","value":"7"}"#;
        commit(store, record, &[patient("p1", one), patient("p2", r#"{"system":"urn:b","value":"7"}"#)]).unwrap();
        assert_eq!(found(store, record, Some("urn:a"), "7", 9), ["p1"]);
        assert_eq!(found(store, record, Some("urn:b"), "7", 9), ["p2"]);
        assert_eq!(found(store, record, None, "7", 9), ["p1", "p2"]);
        assert_eq!(found(store, record, None, "7", 1), ["p1"]);
        assert_eq!(found(store, record, Some(""), "8", 9), ["p1"]);
        assert_eq!(found(store, record, Some("urn:a"), "8", 9), [""; 0]);
        assert_eq!(found(store, new_record(store), None, "7", 9), [""; 0]);
        assert_whole(store);
    });
}

#[test]
fn many_resources_with_a_value_do_not_hide_the_one_with_its_system() {
    on_both(|_, store, record| {
        let many: Vec<Change> =
            (0..150).map(|n| patient(&format!("a{n}"), r#"{"system":"urn:a","value":"7"}"#)).collect();
        commit(store, record, &many).unwrap();
        commit(store, record, &[patient("z", r#"{"system":"urn:z","value":"7"}"#)]).unwrap();
        assert_eq!(found(store, record, Some("urn:z"), "7", 2), ["z"]);
        assert_eq!(found(store, record, None, "7", 200).len(), 151);
    });
}

#[test]
fn what_was_changed_or_deleted_is_not_found_by_what_it_was() {
    on_both(|_, store, record| {
        let with = |value: &str| patient("p", &format!(r#"{{"value":"{value}"}}"#));
        commit(store, record, &[with("old")]).unwrap();
        commit(store, record, &[with("new")]).unwrap();
        assert_eq!(found(store, record, None, "old", 9), [""; 0]);
        assert_eq!(found(store, record, None, "new", 9), ["p"]);
        let now = read(store, record, &key(ResourceType::PATIENT, "p")).unwrap();
        commit(store, record, &[deletion(&now)]).unwrap();
        assert_eq!(found(store, record, None, "new", 9), [""; 0]);
        commit(store, record, &[with("old")]).unwrap();
        assert_eq!(found(store, record, None, "old", 9), ["p"]);
        let narrow = app_permit(store, record, Act::Search, "patient/Observation.rs");
        assert!(store.with_identifier(&narrow, ResourceType::PATIENT, (None, "old"), 9).unwrap().is_empty());
    });
}

#[test]
fn identifiers_that_no_index_takes_keep_no_resource_out() {
    on_both(|_, store, record| {
        let long = "x".repeat(2100);
        let odd = format!(
            r#"{{"value":"a\u0000b"}},{{"system":"urn:\u0000","value":"c"}},{{"value":""}},{{"value":"{long}"}},{{"value":"d"}}"#
        );
        commit(store, record, &[patient("p", &odd)]).unwrap();
        assert_eq!(found(store, record, None, "d", 9), ["p"]);
        assert_eq!(found(store, record, None, &long, 9), [""; 0]);
        assert_whole(store);
    });
}
