//! Records, sources, grants and tokens: what stands around the versions.

use mecum_record::access::{Act, Grant, ScopeSet};
use mecum_record::ids::RecordId;
use mecum_record::source::SourceKind;
use mecum_store::{Profile, StoreError, TokenRow};

use crate::house::{NOW_US, assert_whole, new_record, on_both, permit, source};

#[test]
fn records_are_numbered_from_1_and_the_directory_is_0() {
    on_both(|_, store, record| {
        assert_eq!(record, RecordId(1));
        let profile = |name: &str| Profile { name: name.to_owned(), ..Profile::default() };
        let more = store.open_records(&[profile("Ada"), profile("Ben")], NOW_US).unwrap();
        assert_eq!(more, [RecordId(2), RecordId(3)]);
        let names: Vec<String> = store.records().unwrap().into_iter().map(|row| row.profile.name).collect();
        assert_eq!(names, ["Somebody", "Ada", "Ben"]);
        assert!(matches!(store.record(RecordId(9)), Err(StoreError::UnknownRecord(RecordId(9)))));
        assert!(matches!(store.standing(RecordId(9), None), Err(StoreError::UnknownRecord(_))));
        assert!(store.standing(RecordId::DIRECTORY, None).is_ok());
        assert_eq!(store.open_records(&[], NOW_US).unwrap(), []);
        assert_eq!(store.record_numbers().unwrap(), [0, 1, 2, 3].map(RecordId));
        assert_whole(store);
    });
}

#[test]
fn opening_the_store_again_changes_nothing() {
    on_both(|house, store, record| {
        let directory = permit(store, RecordId::DIRECTORY, Act::Import);
        let practitioner = crate::resource::put(r#"{"resourceType":"Practitioner","id":"d"}"#);
        let words = crate::resource::words(mecum_record::commit::CommitAct::Create);
        store.commit(std::slice::from_ref(&directory), &words, &[practitioner]).unwrap();
        let again = house.open();
        assert_eq!(again.head(&directory).unwrap(), store.head(&directory).unwrap());
        assert_eq!(again.head(&directory).unwrap().seq, 1);
        assert_eq!(new_record(&again), RecordId(record.0 + 1));
        assert_whole(&again);
    });
}

#[test]
fn a_record_that_is_frozen_or_closed_says_so_and_an_unknown_word_opens_nothing() {
    on_both(|house, store, record| {
        let (main, _) = house.below();
        for (word, expect) in [
            ("open", Some((false, false))),
            ("frozen", Some((false, true))),
            ("closed", Some((true, false))),
            ("", None),
            ("Open", None),
        ] {
            let sql = "UPDATE record SET standing = $1 WHERE record_id = $2";
            main.write(|tx| tx.execute(sql, &[word.into(), record.0.into()])).unwrap();
            let found = store.standing(record, None).ok().map(|standing| (standing.is_closed, standing.is_frozen));
            assert_eq!(found, expect, "{word:?}");
        }
    });
}

#[test]
fn a_profile_is_changed_with_a_permit_for_it_alone() {
    on_both(|_, store, record| {
        let profile = Profile {
            name: "Ada".to_owned(),
            subject_id: Some("p".to_owned()),
            file_passphrase: "x".to_owned(),
            ..Profile::default()
        };
        let refused = store.set_profile(&permit(store, record, Act::Search), &profile);
        assert!(matches!(refused, Err(StoreError::NotCovered)));
        for act in [Act::Administer, Act::Import, Act::Restore] {
            store.set_profile(&permit(store, record, act), &profile).unwrap();
        }
        let kept = store.record(record).unwrap().profile;
        assert_eq!(
            (kept.name, kept.subject_id, kept.file_passphrase),
            (profile.name, profile.subject_id, profile.file_passphrase)
        );
    });
}

#[test]
fn a_source_is_made_once_whoever_names_it() {
    on_both(|_, store, record| {
        let made: Vec<_> = std::thread::scope(|scope| {
            let threads: Vec<_> =
                (0..8).map(|n| scope.spawn(move || (n % 2, source(store, record, ["clinic", "lab"][n % 2])))).collect();
            threads.into_iter().map(|thread| thread.join().unwrap()).collect()
        });
        assert!(made.iter().all(|(n, source)| made.iter().all(|(m, other)| (n == m) == (source == other))));
        let sources = store.sources(&permit(store, record, Act::Import)).unwrap();
        assert_eq!(sources.len(), 2);
        assert!(sources.iter().all(|row| row.kind == SourceKind::Organization));
        assert_ne!(sources[0].name, sources[1].name);
    });
}

#[test]
fn con_7_a_grant_is_found_by_its_client_and_its_record() {
    on_both(|_, store, record| {
        let other = new_record(store);
        let grant = |record, client: &str| Grant {
            record,
            client: client.to_owned(),
            scopes: ScopeSet::parse("system/*.rs").unwrap(),
            starts_at: 5,
            ends_at: Some(9),
            revoked_at: None,
        };
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| store.add_grant(&grant(record, "ehr")).unwrap());
            }
        });
        store.add_grant(&grant(record, "lab")).unwrap();
        let grants = |record, client| store.standing(record, client).unwrap().grants;
        assert_eq!(grants(record, Some("ehr")), vec![grant(record, "ehr"); 4]);
        assert_eq!(grants(record, Some("lab")), [grant(record, "lab")]);
        assert!(grants(record, Some("none")).is_empty() && grants(record, None).is_empty());
        assert!(grants(other, Some("ehr")).is_empty());
        assert!(matches!(store.add_grant(&grant(RecordId(9), "ehr")), Err(StoreError::UnknownRecord(_))));
    });
}

#[test]
fn a_token_is_found_by_itself_and_revoked_by_its_id() {
    on_both(|_, store, record| {
        let row = |token_id: &str, record| TokenRow {
            token_id: token_id.to_owned(),
            client: "app".to_owned(),
            record,
            scopes: ScopeSet::parse("patient/*.rs").unwrap(),
            created_at_us: 1,
            expires_at_us: 100,
            revoked_at_us: None,
        };
        store.add_token("secret one", &row("a", Some(record))).unwrap();
        store.add_token("secret two", &row("b", None)).unwrap();
        assert!(store.add_token("secret two", &row("c", None)).is_err());
        assert_eq!(store.token("secret one").unwrap(), Some(row("a", Some(record))));
        assert_eq!(store.token("secret").unwrap(), None);
        assert!(store.revoke_token("a", 50).unwrap());
        assert!(!store.revoke_token("a", 60).unwrap() && !store.revoke_token("none", 60).unwrap());
        let revoked = store.token("secret one").unwrap().unwrap();
        assert!(revoked.revoked_at_us == Some(50) && !revoked.is_live(60));
        assert!(row("b", None).is_live(99) && !row("b", None).is_live(100));
        assert_eq!(store.tokens().unwrap().len(), 2);
    });
}
