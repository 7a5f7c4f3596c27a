//! The questions that are made up: that they are good questions, and that the answers to them fit together.

use std::collections::BTreeSet;

use mecum_fhir::json::Limits;
use mecum_fhir::resource::Resource;
use mecum_fhir::search::query::{Clause, SearchQuery};
use mecum_testkit::harness::samples;
use mecum_testkit::people::population;
use mecum_testkit::search::{Asked, Draws, Found, World, question};

use super::{context, story_resources, world_of};

/// The story, and a stranger with all that happened to her.
fn world() -> World {
    let person = population(7, 1).with_resources(60).next().unwrap();
    let parse = |text: &String| Resource::parse(text.as_bytes(), &Limits::default()).unwrap();
    let resources: Vec<Resource> = person.resources.iter().map(parse).chain(story_resources()).collect();
    world_of(&resources)
}

/// What is understood of many questions.
fn asked(world: &World, n: u64) -> Vec<(Asked, SearchQuery)> {
    let all = (0..n).map(|seed| question(world, &mut Draws::seeded(seed)));
    all.filter_map(|asked| asked.query(&context()).ok().map(|query| (asked, query))).collect()
}

fn addresses(found: &[&Found]) -> Vec<String> {
    found.iter().map(|found| found.address()).collect()
}

#[test]
fn questions_are_understood_and_mostly_have_an_answer_that_is_not_everything() {
    let world = world();
    let all = asked(&world, 1000);
    assert!(all.len() > 980, "{} of 1000 are understood", all.len());
    let (mut n_answered, mut n_narrow, mut n_asking) = (0, 0, 0);
    for (_, query) in &all {
        let n_matches = world.answer(query).len();
        n_answered += usize::from(n_matches > 0);
        let conditions = query.clauses.iter().filter(|clause| !matches!(clause, Clause::Compartment { .. }));
        if conditions.count() > 0 {
            n_asking += 1;
            let n_searched = world.found().iter().filter(|found| query.types.contains(&found.resource_type)).count();
            n_narrow += usize::from((1..n_searched).contains(&n_matches));
        }
    }
    assert!(n_answered * 10 > all.len() * 6, "{n_answered} of {} have an answer", all.len());
    assert!(n_narrow * 10 > n_asking * 4, "{n_narrow} of {n_asking} tell resources apart");
}

#[test]
fn questions_about_the_standards_examples_are_understood() {
    let Some(folder) = samples() else { return };
    let files = std::fs::read_dir(folder.join("fhir-r4-examples")).unwrap().map(|entry| entry.unwrap().path());
    let mut files: Vec<_> = files.filter(|path| path.extension().is_some_and(|end| end == "json")).collect();
    files.sort_unstable();
    let parse = |path| Resource::parse(&std::fs::read(path).unwrap(), &Limits::default()).ok();
    let resources: Vec<Resource> = files.into_iter().filter_map(parse).collect();
    let world = world_of(&resources);
    let types: BTreeSet<_> = world.found().iter().map(|found| found.resource_type.name()).collect();
    assert!(types.len() > 60, "{}", types.len());
    let all = asked(&world, 400);
    assert!(all.len() > 392, "{} of 400 are understood", all.len());
    let n_answered = all.iter().filter(|(_, query)| !world.answer(query).is_empty()).count();
    assert!(n_answered > 200, "{n_answered} have an answer");
}

#[test]
fn questions_come_in_every_form() {
    let world = world();
    let mut forms = BTreeSet::new();
    for (asked, query) in asked(&world, 2000) {
        for (name, value) in &asked.pairs {
            let parts = [
                "_has:",
                ":missing",
                ":not",
                ":text",
                ":exact",
                ":contains",
                ":identifier",
                ":Patient",
                ":below",
                ":above",
            ];
            forms.extend(parts.into_iter().filter(|part| name.contains(part)));
            let names = [
                "_id",
                "_lastUpdated",
                "_content",
                "_text",
                "_list",
                "_sort",
                "_count",
                "_type",
                "_include",
                "_revinclude",
            ];
            forms.extend(names.into_iter().filter(|known| name == known));
            let prefixes = [
                "ne2",
                "gt2",
                "lt2",
                "ge2",
                "le2",
                "sa2",
                "eb2",
                "ap2",
                "http://unitsofmeasure.org|",
                "||",
                "$",
                ",",
                "|",
                "-",
            ];
            forms.extend(prefixes.into_iter().filter(|part| value.contains(part)));
            forms.extend((name.matches('.').count() > 1).then_some("a longer chain"));
            forms.extend((name.matches('.').count() == 1).then_some("a chain"));
        }
        forms.extend(query.clauses.iter().map(|clause| match clause {
            Clause::PerType(_) => "several types",
            Clause::Compartment { .. } => "a compartment",
            _ => "a clause",
        }));
    }
    assert_eq!(forms.len(), 10 + 10 + 14 + 2 + 3, "{forms:?}");
}

/// The query without this clause.
fn without(query: &SearchQuery, at: usize) -> SearchQuery {
    let mut fewer = query.clone();
    fewer.clauses.remove(at);
    fewer
}

/// The query with another clause at that place.
fn with(query: &SearchQuery, at: usize, clause: Clause) -> SearchQuery {
    let mut other = query.clone();
    other.clauses[at] = clause;
    other
}

#[test]
fn a_condition_and_its_opposite_share_out_what_there_is() {
    let world = world();
    let mut n_shared = 0;
    for (asked, query) in asked(&world, 800) {
        for at in 0..query.clauses.len() {
            let opposite = match query.clauses[at].clone() {
                Clause::Has { param, any_of } => Clause::HasNot { param, any_of },
                Clause::HasNot { param, any_of } => Clause::Has { param, any_of },
                Clause::Missing { param, is_missing } => Clause::Missing { param, is_missing: !is_missing },
                _ => continue,
            };
            let all: BTreeSet<String> = addresses(&world.answer(&without(&query, at))).into_iter().collect();
            let one: BTreeSet<String> = addresses(&world.answer(&query)).into_iter().collect();
            let other: BTreeSet<String> = addresses(&world.answer(&with(&query, at, opposite))).into_iter().collect();
            assert!(one.is_disjoint(&other), "{asked}");
            assert_eq!(&one | &other, all, "{asked}");
            n_shared += 1;
        }
    }
    assert!(n_shared > 300, "{n_shared}");
}

#[test]
fn what_is_included_is_no_match_and_comes_once() {
    let world = world();
    for (asked, query) in asked(&world, 800) {
        let matches = world.answer(&query);
        let included = addresses(&world.included(&query, &matches));
        let all: BTreeSet<String> = addresses(&matches).into_iter().chain(included.clone()).collect();
        assert_eq!(all.len(), matches.len() + included.len(), "{asked}");
    }
}

#[test]
fn an_order_moves_matches_and_neither_adds_nor_loses_any() {
    let world = world();
    for (asked, query) in asked(&world, 800).into_iter().filter(|(_, query)| !query.sort.is_empty()) {
        let mut unsorted = query.clone();
        unsorted.sort.clear();
        let (mut one, mut other) = (addresses(&world.answer(&query)), addresses(&world.answer(&unsorted)));
        assert!(
            other.is_sorted_by_key(|address| address.split_once('/').map(|(of, id)| (of.to_owned(), id.to_owned())))
        );
        one.sort_unstable();
        other.sort_unstable();
        assert_eq!(one, other, "{asked}");
    }
}

#[test]
fn rest_31_what_is_honoured_asks_the_same_again() {
    for (asked, query) in asked(&world(), 1000) {
        let again = Asked { scope: asked.scope.clone(), pairs: query.honoured.clone() };
        assert!(again.query(&context()).is_ok_and(|again| again == query), "{asked}");
    }
}

#[test]
fn choices_that_run_out_make_the_simplest_question() {
    let world = world();
    let asked = question(&world, &mut Draws::of(Vec::new()));
    assert!(asked.query(&context()).is_ok(), "{asked}");
    assert_eq!(asked.pairs.len(), 1, "{asked}");
    let nothing = World::of([], "", 0);
    assert_eq!(question(&nothing, &mut Draws::seeded(1)).to_string(), "Patient");
}
