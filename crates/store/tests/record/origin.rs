//! The id mapping: what a source calls a resource, and what it is here (design §3, FHIR identity).

use mecum_fhir::reference::ResourceType;
use mecum_record::access::Act;
use mecum_record::commit::CommitAct;
use mecum_record::ids::RecordId;
use mecum_store::{NewOrigin, Store, StoreError};

use crate::house::{NOW_US, assert_whole, new_record, on_both, permit, source, staging};
use crate::resource::{mapping, observation, pulse, words};

fn import(store: &Store, record: RecordId, origins: &[NewOrigin]) {
    let mut staged = staging(store, record);
    staged.put(&[], origins, NOW_US).unwrap();
    staged.publish(&words(CommitAct::Import), b"").unwrap();
}

/// More than one statement takes.
fn wanted(n: usize) -> Vec<(ResourceType, String)> {
    (0..n).map(|n| (ResourceType::OBSERVATION, format!("a{n}"))).collect()
}

#[test]
fn a_sources_ids_are_its_own() {
    on_both(|_, store, record| {
        let (clinic, lab) = (source(store, record, "clinic"), source(store, record, "lab"));
        let patient = NewOrigin { resource_type: ResourceType::PATIENT, ..mapping(clinic, "a0", "p") };
        import(store, record, &[mapping(clinic, "a0", "o0"), mapping(lab, "a0", "x0"), patient]);
        let import = permit(store, record, Act::Import);
        let one = |source, resource_type| -> Option<String> {
            let wanted = [(resource_type, "a0".to_owned())];
            store.origins_of(&import, source, None, &wanted).unwrap().remove(&wanted[0])
        };
        assert_eq!(one(clinic, ResourceType::OBSERVATION).as_deref(), Some("o0"));
        assert_eq!(one(lab, ResourceType::OBSERVATION).as_deref(), Some("x0"));
        assert_eq!(one(clinic, ResourceType::PATIENT).as_deref(), Some("p"));
        assert_eq!(one(lab, ResourceType::PATIENT), None);
        let theirs = permit(store, new_record(store), Act::Import);
        assert!(store.origins_of(&theirs, clinic, None, &wanted(1)).unwrap().is_empty());
        assert_whole(store);
    });
}

#[test]
fn a_hundred_ids_are_looked_up_at_once() {
    on_both(|_, store, record| {
        let clinic = source(store, record, "clinic");
        let origins: Vec<_> = (0..100).map(|n| mapping(clinic, &format!("a{n}"), &format!("o{n}"))).collect();
        import(store, record, &origins[..70]);
        import(store, record, &origins[70..90]);
        let import = permit(store, record, Act::Import);
        let found = store.origins_of(&import, clinic, None, &wanted(100)).unwrap();
        assert_eq!(found.len(), 90);
        assert!(found.iter().all(|((_, origin_id), id)| origin_id[1..] == id[1..]));
        assert!(store.origins_of(&import, clinic, None, &[]).unwrap().is_empty());
        assert_whole(store);
    });
}

#[test]
fn phr_61_an_export_gives_back_the_first_id_and_knows_which_are_ambiguous() {
    on_both(|_, store, record| {
        let (clinic, lab) = (source(store, record, "clinic"), source(store, record, "lab"));
        import(store, record, &[mapping(clinic, "first", "o1"), mapping(clinic, "shared", "o2")]);
        import(store, record, &[mapping(clinic, "second", "o1"), mapping(lab, "shared", "o3")]);
        let export = permit(store, record, Act::Export);
        let keys = [observation("o1"), observation("o2"), observation("none")];
        let ids = store.origin_ids(&export, &keys).unwrap();
        assert_eq!(ids.len(), 2);
        assert_eq!(ids[&keys[0]], "first");
        assert_eq!(ids[&keys[1]], "shared");
        let asked = ["first", "shared", "none"].map(|id| (ResourceType::OBSERVATION, id.to_owned()));
        let resources = store.resources_with_origin_id(&export, &asked).unwrap();
        assert_eq!(resources.len(), 2);
        assert_eq!(resources[&asked[0]], [observation("o1")]);
        assert_eq!(resources[&asked[1]], [observation("o2"), observation("o3")]);
    });
}

#[test]
fn a_mapping_that_is_there_is_not_made_again() {
    on_both(|_, store, record| {
        let clinic = source(store, record, "clinic");
        import(store, record, &[mapping(clinic, "a", "o1")]);
        let mut staged = staging(store, record);
        let again = staged.put(&[pulse("o2", "x")], &[mapping(clinic, "a", "o2")], NOW_US);
        assert!(matches!(again, Err(StoreError::Db(mecum_store::db::DbError::Unique { .. }))));
        drop(staged);
        assert_whole(store);
    });
}
