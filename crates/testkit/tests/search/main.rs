//! The evaluator against R4's own words: whoever is held against it relies on it.
#![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

mod questions;

use mecum_fhir::json::Limits;
use mecum_fhir::resource::Resource;
use mecum_fhir::search::query::{QueryContext, QueryLimits};
use mecum_testkit::search::{Asked, World, story};

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

#[test]
fn rest_34_to_44_the_questions_of_the_story_have_their_answers() {
    let world = world_of(&story_resources());
    let mut wrong = Vec::new();
    for (address, expected) in story::QUESTIONS {
        let query = Asked::of(address).query(&context()).unwrap_or_else(|fault| panic!("{address}: {fault}"));
        let answer: Vec<String> = world.answer(&query).iter().map(|found| found.address()).collect();
        if answer.join(" ") != *expected {
            wrong.push(format!("{address}\n  expected {expected}\n  got      {}", answer.join(" ")));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
