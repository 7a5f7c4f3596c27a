//! The answers are those of the evaluator in memory, through pages and totals, for whoever sees all and for whoever sees a part.

use mecum_fhir::json::Limits;
use mecum_fhir::resource::Resource;
use mecum_fhir::search::query::{QueryContext, QueryLimits};
use mecum_record::caller::Caller;
use mecum_testkit::people::{Content, family};
use mecum_testkit::search::{Draws, World, question, story};

use crate::house::{House, names, on_both};

/// Questions asked of each scene.
const N_QUESTIONS: u64 = 40;

/// What this caller may search, as the evaluator sees it.
fn world(house: &House, caller: &Caller) -> World {
    let mut page = None;
    let mut resources = Vec::new();
    loop {
        let set = house.search(caller, "?_count=1000", page.as_deref()).unwrap();
        for rendered in &set.matches {
            let text = rendered.text.as_deref().unwrap();
            resources.push((Resource::parse(text.as_bytes(), &Limits::default()).unwrap(), rendered.at_us));
        }
        page = set.next;
        if page.is_none() {
            return World::of(resources.iter().map(|(resource, at_us)| (resource, *at_us)), "", 0);
        }
    }
}

/// Asks questions as this caller, and compares pages, totals and order with the evaluator's answer.
fn check(house: &House, caller: &Caller, seed: u64) {
    let world = world(house, caller);
    assert!(world.found().len() > 5);
    let now_us = house.clock.now_us();
    let context = QueryContext { base_url: "", zone_offset_minutes: 0, now_us, limits: QueryLimits::default() };
    let mut n_found = 0;
    for draw in 0..N_QUESTIONS {
        let mut asked = question(&world, &mut Draws::seeded(seed * 1000 + draw));
        asked.pairs.retain(|(name, _)| name != "_count");
        let Ok(query) = asked.query(&context) else { continue };
        let mut expect: Vec<String> = world.answer(&query).iter().map(|found| found.address()).collect();
        let address = asked.to_string();
        let join = if address.contains('?') { '&' } else { '?' };
        // A handful of pages for each question.
        let page_size = expect.len() / 4 + 1;
        let mut met = house.walk(caller, &format!("{address}{join}_count={page_size}"));
        n_found += met.len();
        if query.sort.is_empty() {
            met.sort();
            expect.sort();
        }
        let differs = met.iter().zip(&expect).position(|(met, expect)| met != expect);
        let counts = (met.len(), expect.len());
        assert!(met == expect, "{address}: {counts:?}, the first difference at {differs:?}");
        let n = Some(u64::try_from(expect.len()).unwrap());
        for total in ["_summary=count", "_count=0", "_total=accurate&_count=2", "_total=estimate&_count=1"] {
            let set = house.search(caller, &format!("{address}{join}{total}"), None).unwrap();
            assert_eq!(set.total, n, "{address} {total}");
        }
    }
    assert!(n_found > 20, "only {n_found} were found");
}

#[test]
fn rest_31_and_44_pages_and_totals_of_a_story_are_what_the_standard_says() {
    on_both(|house| {
        for line in story::RESOURCES {
            house.import(&[line]);
        }
        check(house, &house.app("patient/*.rs"), 1);
        let narrow = house.app("patient/Observation.rs patient/Condition.s patient/Encounter.rs");
        check(house, &narrow, 2);
    });
}

#[test]
fn rest_45_a_part_of_a_familys_record_is_searched_as_if_there_were_nothing_else() {
    on_both(|house| {
        let family = family(11);
        let text = family.files.iter().find_map(|file| match &file.content {
            Content::Phr(text) => Some(text.clone()),
            _ => None,
        });
        let text = text.unwrap();
        house.import(&text.lines().collect::<Vec<_>>());
        check(house, &house.app("patient/*.rs"), 3);
        check(house, &house.app("patient/Observation.rs patient/Patient.rs patient/Encounter.rs"), 4);
    });
}

#[test]
fn rest_45_what_a_chain_or_has_leads_through_must_be_searchable_itself() {
    on_both(|house| {
        house.import(&[
            r#"{"resourceType":"Patient","id":"p","name":[{"family":"Ada"}]}"#,
            r#"{"resourceType":"Observation","id":"o","status":"final","code":{"coding":[{"code":"x"}]},"subject":{"reference":"Patient/p"}}"#,
        ]);
        let n = |scopes: &str, address: &str| {
            let set = house.search(&house.app(scopes), &format!("{address}&_total=accurate"), None).unwrap();
            assert_eq!(set.total, u64::try_from(names(&set.matches).len()).ok());
            set.matches.len()
        };
        let (chain, has) = ("Observation?patient.name=ada", "Patient?_has:Observation:patient:code=x");
        assert_eq!((n("patient/*.rs", chain), n("patient/*.rs", has)), (1, 1));
        assert_eq!(n("patient/Observation.rs patient/Patient.r", chain), 0);
        assert_eq!(n("patient/Patient.rs patient/Observation.r", has), 0);
        assert_eq!(n("patient/Observation.rs", "Observation?patient.name:missing=true"), 0);
    });
}
