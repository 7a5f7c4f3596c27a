//! Questions nobody thought of: the databases against the evaluator, under filters, after changes and deletions.

use mecum_fhir::resource::Resource;
use mecum_record::access::{Act, Facts, Permit};
use mecum_record::ids::RecordId;
use mecum_store::Store;
use mecum_testkit::people::population;
use mecum_testkit::search::story::RESOURCES;
use mecum_testkit::search::{Asked, Draws, World, question};

use super::{all_pages, commit_at, context, parsed, searcher, world_of};
use crate::house::{app_permit, assert_whole, on_both, permit, read};
use crate::resource::{deletion, key, put};

/// Questions for each database and filter; a soak asks many more.
fn n_questions() -> u64 {
    if std::env::var_os("MECUM_SOAK").is_some() { 20_000 } else { 250 }
}

/// What was written, in order, and which of it is there still.
fn texts() -> Vec<String> {
    let person = population(7, 1).with_resources(60).next().unwrap();
    person.resources.into_iter().chain(RESOURCES.iter().map(|text| (*text).to_owned())).collect()
}

/// Writes everything, some of it twice, and takes some of it away again.
fn written(store: &Store, record: RecordId) -> Vec<(Resource, i64)> {
    let texts = texts();
    let mut there: Vec<(Resource, i64)> = Vec::new();
    let mut place = 0;
    for (at, text) in texts.iter().enumerate() {
        let resource = parsed(text);
        let (of, id) = (resource.resource_type(), resource.id().unwrap().into_owned());
        if at % 4 == 0 {
            // What was there before has other values.
            place += 1;
            let name = of.name();
            let before = format!(
                r#"{{"resourceType":"{name}","id":"{id}","language":"de","text":{{"status":"generated","div":"<div>before</div>"}}}}"#
            );
            commit_at(store, record, place, &[put(&before)]);
        }
        place += 1;
        commit_at(store, record, place, &[put(text)]);
        if at % 9 == 5 {
            place += 1;
            let now = read(store, record, &key(of, &id)).unwrap();
            commit_at(store, record, place, &[deletion(&now)]);
        } else {
            there.push((resource, place));
        }
    }
    there
}

/// Asks, and compares with what the evaluator answers of what the permit shows.
fn compare(store: &Store, permit: &Permit, there: &[(Resource, i64)], n: u64) {
    let seen = there
        .iter()
        .filter(|(resource, _)| permit.filter().matches(&Facts::of(resource, None), &resource.id().unwrap()));
    let world = world_of(seen.map(|(resource, place)| (resource, *place)));
    let everything = world_of(there.iter().map(|(resource, place)| (resource, *place)));
    let mut wrong = Vec::new();
    for seed in 0..n {
        let asked: Asked = question(&everything, &mut Draws::seeded(seed));
        let Ok(query) = asked.query(&context()) else { continue };
        let expected: Vec<String> = answer(&world, &query);
        let limit = [3, 100, 17][usize::try_from(seed % 3).unwrap()];
        let found = all_pages(store, permit, &query, limit);
        if found != expected {
            wrong.push(format!("{asked}\n  expected {expected:?}\n  got      {found:?}"));
        }
    }
    assert!(wrong.is_empty(), "{} wrong\n{}", wrong.len(), wrong[..wrong.len().min(8)].join("\n"));
}

fn answer(world: &World, query: &mecum_fhir::search::query::SearchQuery) -> Vec<String> {
    world.answer(query).iter().map(|found| found.address()).collect()
}

#[test]
fn i5_the_databases_answer_as_the_evaluator_does_whatever_is_asked_and_hidden() {
    on_both(|_, store, record| {
        let there = written(store, record);
        compare(store, &searcher(store, record), &there, n_questions());
        let narrow =
            "patient/Patient.rs patient/Encounter.rs patient/Observation.rs?category=laboratory patient/Condition.rs";
        for scopes in [narrow, "patient/Observation.rs patient/Practitioner.rs patient/Organization.rs"] {
            let Some(permit) = try_app(store, record, scopes) else { continue };
            compare(store, &permit, &there, n_questions() / 2);
        }
        assert_whole(store);
        // Made again, the index answers the same.
        store.reindex(&permit(store, record, Act::Administer), 0, &mut |_, _| {}).unwrap();
        assert_whole(store);
        compare(store, &permit(store, record, Act::Search), &there, n_questions() / 5);
    });
}

fn try_app(store: &Store, record: RecordId, scopes: &str) -> Option<Permit> {
    mecum_record::access::ScopeSet::parse(scopes).ok()?;
    Some(app_permit(store, record, Act::Search, scopes))
}
