//! The person directory: one record for each deciding key, whoever asks first, and no record left without a commit.

use mecum_record::access::{Act, Permit, ScopeSet};
use mecum_record::commit::CommitAct;
use mecum_record::ids::RecordId;
use mecum_store::{Claimed, NewPerson, PersonKey, PersonName, Profile, Store, StoreError};

use crate::house::{NOW_US, on_both, permit, staging};
use crate::resource::{pulse, words};

/// An hour and more later.
const LATER_US: i64 = NOW_US + 4_000_000_000;

fn key(store: &Store, source: &str, id: &str) -> PersonKey {
    store.person_key(source, PersonName::Id(id))
}

fn over_directory(store: &Store) -> Permit {
    permit(store, RecordId::DIRECTORY, Act::Import)
}

fn claim(store: &Store, keys: &[PersonKey]) -> Claimed {
    let profile = Profile { name: "Somebody".to_owned(), ..Profile::default() };
    let person = NewPerson { keys, known: None, profile: &profile, client: None };
    store.claim_person(&over_directory(store), &person, NOW_US).unwrap()
}

#[test]
fn a_key_is_one_of_its_source_and_kind_and_says_nothing() {
    on_both(|_, store, _| {
        let id = key(store, "Ward", "1");
        assert_eq!(id, key(store, "Ward", "1"));
        let others = [
            key(store, "Ward", "2"),
            key(store, "Another ward", "1"),
            store.person_key("Ward", PersonName::Text("1")),
            store.person_key("Ward", PersonName::Identifier { system: "", value: "1" }),
            store.person_key("Ward", PersonName::Identifier { system: "1", value: "" }),
            store.person_key("War", PersonName::Identifier { system: "d", value: "1" }),
        ];
        assert!(!others.contains(&id));
        assert_ne!(others[3], others[4]);
    });
}

#[test]
fn a_record_that_is_being_opened_is_in_no_list_until_its_first_commit_and_verifies_all_along() {
    on_both(|_, store, _| {
        let n_before = store.records().unwrap().len();
        let keys =
            [key(store, "Ward", "1"), store.person_key("Ward", PersonName::Identifier { system: "s", value: "v" })];
        let claimed = claim(store, &keys);
        assert!(claimed.is_new && store.record(claimed.record).unwrap().is_opening());
        assert_eq!(store.records().unwrap().len(), n_before);
        // Whoever comes second gets the same one; the other key leads there as well.
        assert_eq!(claim(store, &keys), Claimed { is_new: false, ..claimed });
        assert_eq!(store.people_known(&over_directory(store), &keys).unwrap().len(), 2);
        assert!(store.verify_strays().unwrap().is_whole());
        assert!(store.verify(claimed.record, &mut |_, _| {}).unwrap().is_whole());
        let mut staged = staging(store, claimed.record);
        staged.put(&[pulse("o1", "64")], &[], NOW_US).unwrap();
        assert!(store.record(claimed.record).unwrap().is_opening());
        assert!(!store.give_up_record(claimed.record).unwrap(), "a record that is being written to is not given up");
        staged.publish(&words(CommitAct::Import), b"").unwrap();
        assert!(!store.record(claimed.record).unwrap().is_opening());
        assert_eq!(store.records().unwrap().len(), n_before + 1);
        assert!(!store.give_up_record(claimed.record).unwrap(), "a record with a commit is not given up");
    });
}

#[test]
fn a_record_that_comes_to_nothing_leaves_nothing_and_its_keys_are_free_again() {
    on_both(|_, store, _| {
        let keys = [key(store, "Ward", "1")];
        let before = store.record_numbers().unwrap();
        let first = claim(store, &keys);
        store.put_blob(&permit(store, first.record, Act::Import), &mut &b"an original"[..]).unwrap();
        assert!(store.give_up_record(first.record).unwrap());
        assert_eq!(store.record_numbers().unwrap(), before);
        assert!(store.verify_strays().unwrap().is_whole());
        // What a crash leaves is swept when it is old, and not before.
        let second = claim(store, &keys);
        assert!(second.is_new && second.record != first.record);
        assert_eq!(store.sweep_unopened(NOW_US + 1).unwrap(), 0);
        assert_eq!(store.sweep_unopened(LATER_US).unwrap(), 1);
        assert_eq!(store.record_numbers().unwrap(), before);
    });
}

#[test]
fn many_who_claim_one_person_at_once_get_one_record() {
    on_both(|house, _, _| {
        let claims: Vec<Claimed> = std::thread::scope(|scope| {
            let claims: Vec<_> = (0..6)
                .map(|_| {
                    scope.spawn(|| {
                        let store = house.open();
                        claim(&store, &[key(&store, "Ward", "1")])
                    })
                })
                .collect();
            claims.into_iter().map(|claim| claim.join().unwrap()).collect()
        });
        assert!(claims.iter().all(|claim| claim.record == claims[0].record), "{claims:?}");
        assert_eq!(claims.iter().filter(|claim| claim.is_new).count(), 1);
        assert!(house.open().verify_strays().unwrap().is_whole());
    });
}

#[test]
fn a_name_that_is_somebody_elses_stays_theirs() {
    on_both(|_, store, _| {
        let family = store.person_key("Ward", PersonName::Identifier { system: "s", value: "family" });
        let one = claim(store, &[key(store, "Ward", "1"), family]);
        let two = claim(store, &[key(store, "Ward", "2"), family]);
        assert_ne!(one.record, two.record);
        assert_eq!(store.people_known(&over_directory(store), &[family]).unwrap()[&family], one.record);
        assert!(store.verify(two.record, &mut |_, _| {}).unwrap().is_whole());
    });
}

#[test]
fn a_row_that_is_altered_or_missing_is_found_and_leads_nobody_astray() {
    on_both(|house, store, record| {
        let keys = [key(store, "Ward", "1")];
        let claimed = claim(store, &keys);
        let (below, _) = house.below();
        let set = "UPDATE person SET record_id = $1 WHERE record_id = $2";
        below.write(|tx| tx.execute(set, &[record.0.into(), claimed.record.0.into()])).unwrap();
        assert!(matches!(store.people_known(&over_directory(store), &keys), Err(StoreError::Damaged(_))));
        assert!(!store.verify_strays().unwrap().is_whole());
        below.write(|tx| tx.execute("DELETE FROM person WHERE record_id = $1", &[record.0.into()])).unwrap();
        assert!(store.verify_strays().unwrap().is_whole());
        let verified = store.verify(claimed.record, &mut |_, _| {}).unwrap();
        assert!(verified.findings.iter().any(|finding| finding.part == "person directory"));
    });
}

#[test]
fn whoever_may_not_write_in_the_directory_is_told_nothing() {
    on_both(|_, store, record| {
        let keys = [key(store, "Ward", "1")];
        let profile = Profile::default();
        let scopes = ScopeSet::parse("system/*.cruds").unwrap();
        let person = NewPerson { keys: &keys, known: None, profile: &profile, client: Some(("client", &scopes)) };
        for permit in [permit(store, record, Act::Import), permit(store, RecordId::DIRECTORY, Act::Search)] {
            assert!(matches!(store.people_known(&permit, &keys), Err(StoreError::NotCovered)));
            assert!(matches!(store.claim_person(&permit, &person, NOW_US), Err(StoreError::NotCovered)));
        }
        assert!(matches!(store.scratch(&permit(store, record, Act::Search)), Err(StoreError::NotCovered)));
    });
}

#[test]
fn what_is_put_into_a_scratch_file_comes_back_from_its_place() {
    on_both(|_, store, record| {
        let mut scratch = store.scratch(&permit(store, record, Act::Import)).unwrap();
        let pieces: Vec<Vec<u8>> = (0..20).map(|n: u8| vec![n; usize::from(n) * 7]).collect();
        let segments: Vec<_> = pieces.iter().map(|piece| scratch.append(piece).unwrap()).collect();
        for (piece, segment) in pieces.iter().zip(&segments).rev() {
            assert_eq!(&scratch.read(*segment).unwrap(), piece);
        }
    });
}
