//! Strangers and the large record.

use crate::reading::{dangling, hash, lines, path, texts_under};
use mecum_testkit::people::{directory_bundle, large_phr, population, transaction_bundle};
use serde_json::Value;
use std::collections::BTreeSet;
use std::io::Read;

#[test]
fn a_person_is_the_same_whatever_the_number_of_people() {
    let few: Vec<String> = population(7, 3).map(|person| person.phr()).collect();
    let third = population(7, 100_000).nth(2).unwrap();
    assert_eq!(few[2], third.phr());
    assert_eq!(population(7, 1).person(2).phr(), third.phr());
    assert_ne!(population(8, 3).nth(2).unwrap().phr(), third.phr());
    assert_eq!(population(7, 100_000).len(), 100_000);
}

#[test]
fn the_first_people_are_those_that_were_validated() {
    let all: Vec<String> = population(1, 20).map(|person| person.phr()).collect();
    assert_eq!(hash(&all), 0x23cf_93d0_5957_fe48, "the population changed: {:#x}", hash(&all));
}

#[test]
fn every_person_has_as_many_resources_as_asked_for_and_whole_references_even_when_cut_short() {
    for wanted in [10, 37, 120, 600] {
        for person in population(3, 12).with_resources(wanted) {
            assert_eq!(person.resources.len(), wanted);
            let read = lines(&person.phr());
            assert_eq!(dangling(&read), Vec::<String>::new());
            assert_eq!(read.iter().map(path).collect::<BTreeSet<_>>().len(), wanted);
            assert_eq!(read[1]["birthDate"], person.birth_date.as_str());
            let family = read[1]["name"][0]["family"].as_str().unwrap();
            assert!(person.name.ends_with(family));
            assert!(read.iter().all(|one| one["effectiveDateTime"].as_str().unwrap_or("") < "2026-11-24"));
        }
    }
}

#[test]
fn people_are_varied() {
    let people: Vec<_> = population(1, 200).collect();
    let names: BTreeSet<&str> = people.iter().map(|person| person.name.as_str()).collect();
    let kinds: BTreeSet<String> =
        lines(&people[0].phr()).iter().map(|one| one["resourceType"].as_str().unwrap().to_owned()).collect();
    assert!(names.len() > 150 && kinds.len() >= 22, "{} names, {kinds:?}", names.len());
    assert!(
        people.iter().any(|person| person.birth_date.as_str() < "1945")
            && people.iter().any(|person| person.birth_date.as_str() > "2015")
    );
}

#[test]
fn a_transaction_creates_everything_and_finds_the_directory_by_identifier() {
    let directory: Value = serde_json::from_str(&directory_bundle()).unwrap();
    let findable: BTreeSet<String> = directory["entry"]
        .as_array()
        .unwrap()
        .iter()
        .map(|entry| {
            format!(
                "{}?{}",
                entry["request"]["url"].as_str().unwrap(),
                entry["request"]["ifNoneExist"].as_str().unwrap()
            )
        })
        .collect();
    assert_eq!(findable.len(), 30);
    for person in population(5, 10) {
        let bundle: Value = serde_json::from_str(&transaction_bundle(&person)).unwrap();
        assert_eq!(bundle["type"], "transaction");
        let entries = bundle["entry"].as_array().unwrap();
        let made: BTreeSet<&str> = entries.iter().map(|entry| entry["fullUrl"].as_str().unwrap()).collect();
        assert_eq!(made.len(), entries.len());
        let mut references = Vec::new();
        texts_under("reference", &bundle, &mut references);
        assert!(references.iter().any(|one| one.starts_with("Practitioner?")));
        for reference in references {
            assert!(made.contains(reference.as_str()) || findable.contains(&reference), "{reference}");
        }
        for entry in entries {
            assert_eq!(entry["request"]["method"], "POST");
            assert_eq!(entry["request"]["url"], entry["resource"]["resourceType"]);
        }
    }
}

#[test]
fn a_large_record_has_the_size_asked_for_and_the_same_bytes_as_lines_and_as_a_stream() {
    for bytes in [1, 100_000, 1_500_000] {
        let text: String = large_phr(2, bytes).collect();
        let longest = text.lines().map(str::len).max().unwrap() as u64;
        assert!(text.len() as u64 >= bytes && text.len() as u64 <= bytes + longest + 1, "{}", text.len());
        let mut read = String::new();
        large_phr(2, bytes).into_reader().read_to_string(&mut read).unwrap();
        assert!(read == text, "the stream differs from the lines");
        let resources = lines(&text);
        assert_eq!(resources.iter().map(path).collect::<BTreeSet<_>>().len(), resources.len());
    }
}

#[test]
fn a_gigabyte_ends_near_today_and_is_of_many_kinds() {
    let days: Vec<String> = large_phr(2, 1_000_000_000)
        .take(3_000)
        .filter_map(|line| {
            serde_json::from_str::<Value>(&line).unwrap()["effectiveDateTime"]
                .as_str()
                .map(|when| when[..10].to_owned())
        })
        .collect();
    assert!(days[0].as_str() < "1997-01-01");
    let distinct: BTreeSet<&String> = days.iter().collect();
    assert!((15..60).contains(&distinct.len()), "{} days in 3,000 lines", distinct.len());
}
