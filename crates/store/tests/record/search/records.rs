//! Which records are worth asking: never fewer than have a match.

use std::collections::BTreeSet;

use mecum_record::ids::RecordId;
use mecum_store::{Change, Content, Store};
use mecum_testkit::people::population;
use mecum_testkit::search::{Draws, question};

use super::{all_pages, asked, context, parsed, searcher, world_of};
use crate::house::{findings, new_record, on_both};
use crate::resource::{commit, put};

fn worth(store: &Store, address: &str) -> Option<BTreeSet<RecordId>> {
    store.records_worth_asking(&asked(address)).unwrap()
}

#[test]
fn a_record_is_worth_asking_if_it_may_have_a_match() {
    on_both(|house, store, one| {
        let other = new_record(store);
        for (record, mark) in [(one, "a"), (other, "b")] {
            let patient = format!(
                r#"{{"resourceType":"Patient","id":"{mark}","identifier":[{{"system":"urn:mrn","value":"{mark}7"}}],"name":[{{"family":"Müller-{mark}"}}],"gender":"male"}}"#
            );
            let seen = format!(
                r#"{{"resourceType":"Observation","id":"{mark}1","subject":{{"reference":"Patient/{mark}"}},"device":{{"reference":"https://x.example/Device/{mark}"}}}}"#
            );
            commit(store, record, &[put(&patient), put(&seen)]).unwrap();
        }
        let only = |record| Some(BTreeSet::from([record]));
        assert_eq!(worth(store, "Patient?identifier=urn:mrn|a7"), only(one));
        assert_eq!(worth(store, "Patient?name=MULLER-B"), only(other));
        assert_eq!(worth(store, "Patient?name=mul"), Some(BTreeSet::from([one, other])));
        assert_eq!(worth(store, "Patient?name=xyz"), Some(BTreeSet::new()));
        assert_eq!(worth(store, "Patient?gender=male&identifier=a7"), only(one));
        assert_eq!(worth(store, "Observation?subject=Patient/b"), only(other));
        assert_eq!(worth(store, "Observation?device=https://x.example/Device/a"), only(one));
        assert_eq!(worth(store, "Observation?patient.name=muller-b"), only(other));
        assert_eq!(worth(store, "Patient?_has:Observation:patient:_id=a1"), only(one));
        assert_eq!(worth(store, "Patient?_id=b"), only(other));
        assert_eq!(worth(store, "Patient?name:contains=muller"), None);
        assert_eq!(worth(store, "Patient?gender:not=male"), None);
        // A value that is not listed is found by verification.
        let (main, _) = house.below();
        main.write(|tx| tx.execute("DELETE FROM value_record WHERE record_id = $1", &[one.0.into()])).unwrap();
        assert!(findings(store).iter().any(|what| what.starts_with("value directory: ")));
    });
}

#[test]
fn no_record_with_a_match_is_left_out() {
    on_both(|_, store, first| {
        // Whoever treated several of them is in the record of the first.
        let mut met = BTreeSet::new();
        let mut is_new = |text: &String| met.insert(parsed(text).id().unwrap().into_owned());
        let people = population(3, 3).with_resources(25).map(|person| person.resources.into_iter());
        let people: Vec<Vec<String>> = people.map(|texts| texts.filter(&mut is_new).collect()).collect();
        let records = [first, new_record(store), new_record(store)];
        for (record, texts) in records.into_iter().zip(&people) {
            let mut changes: Vec<Change> = texts.iter().map(|text| put(text)).collect();
            let own: BTreeSet<String> =
                changes.iter().map(|it| format!("{}/{}", it.key.resource_type, it.key.id)).collect();
            for change in &mut changes {
                // References that lead out of the record are no references into it.
                let Content::Put(body) = &mut change.content else { continue };
                let spans = body.references.clone().into_iter();
                body.references = spans.filter(|span| own.contains(body.reference(*span))).collect();
            }
            commit(store, record, &changes).unwrap();
        }
        let resources: Vec<_> = people.iter().flatten().map(|text| parsed(text)).collect();
        let world = world_of(resources.iter().map(|resource| (resource, 1)));
        let mut n_narrowed = 0;
        for seed in 0..150 {
            let asked = question(&world, &mut Draws::seeded(seed));
            let Ok(query) = asked.query(&context()) else { continue };
            let Some(worth) = store.records_worth_asking(&query).unwrap() else { continue };
            for record in records.into_iter().filter(|record| !worth.contains(record)) {
                n_narrowed += 1;
                assert_eq!(all_pages(store, &searcher(store, record), &query, 9), [""; 0], "{asked}");
            }
        }
        assert!(n_narrowed > 50, "{n_narrowed}");
    });
}
