//! The evaluator against R4's own words: whoever is held against it relies on it.
#![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

mod questions;

use mecum_fhir::json::Limits;
use mecum_fhir::resource::Resource;
use mecum_fhir::search::query::{QueryContext, QueryLimits, SearchQuery};
use mecum_testkit::search::{Asked, Found, World, story};

fn context() -> QueryContext<'static> {
    let limits = QueryLimits::default();
    QueryContext { base_url: story::BASE_URL, zone_offset_minutes: 0, now_us: story::NOW_US, limits }
}

fn story_resources() -> Vec<Resource> {
    let parse = |text: &&str| Resource::parse(text.as_bytes(), &Limits::default()).unwrap();
    story::RESOURCES.iter().map(parse).collect()
}

fn world_of(resources: &[Resource]) -> World {
    let times = (0..).map(|at| story::FIRST_COMMIT_US + at * story::COMMITS_APART_US);
    World::of(resources.iter().zip(times), story::BASE_URL, 0)
}

fn query_of(address: &str) -> SearchQuery {
    Asked::of(address).query(&context()).unwrap_or_else(|fault| panic!("{address}: {fault}"))
}

fn addresses(found: &[&Found]) -> String {
    found.iter().map(|found| found.address()).collect::<Vec<_>>().join(" ")
}

#[test]
fn rest_43_the_story_is_included_as_asked() {
    let world = world_of(&story_resources());
    for (address, matches, included) in story::WITH_INCLUDES {
        let query = query_of(address);
        let answer = world.answer(&query);
        assert_eq!(addresses(&answer), *matches, "{address}");
        assert_eq!(addresses(&world.included(&query, &answer)), *included, "{address}");
    }
}

#[test]
fn rest_34_to_44_the_questions_of_the_story_have_their_answers() {
    let world = world_of(&story_resources());
    let mut wrong = Vec::new();
    for (address, expected) in story::QUESTIONS {
        let answer = addresses(&world.answer(&query_of(address)));
        if answer != *expected {
            wrong.push(format!("{address}\n  expected {expected}\n  got      {answer}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
