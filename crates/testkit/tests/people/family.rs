//! The family as a whole.

use crate::reading::{dangling, demo, entries, family_hash, path, resources};
use mecum_testkit::people::{Content, FAMILY_TODAY, OriginKind, family};
use std::collections::{BTreeMap, BTreeSet};

/// Changes whenever a byte of the demo changes: then look at the difference, validate it with HL7's validator and write
/// the new number.
const GOLDEN: u64 = 0x9675_be2f_2af1_ea00;

#[test]
fn the_same_seed_gives_the_same_bytes_and_they_are_those_that_were_validated() {
    let once = family_hash(demo());
    assert_eq!(once, family_hash(&family(1)));
    assert_eq!(once, GOLDEN, "the demo family changed: {once:#x}");
    assert_ne!(family_hash(&family(2)), GOLDEN);
}

#[test]
fn another_seed_changes_values_and_no_story() {
    let shape = |seed| -> Vec<(String, usize)> {
        family(seed)
            .files
            .iter()
            .map(|file| (format!("{}: {}", file.file_name, file.story), resources(file).len() / 50))
            .collect()
    };
    assert_eq!(shape(1), shape(2));
}

#[test]
fn four_people_of_three_generations_have_about_eight_thousand_resources_from_many_sources() {
    let family = demo();
    let roles: Vec<&str> = family.people.iter().map(|person| person.role).collect();
    assert_eq!(roles, ["grandmother", "mother", "father", "daughter"]);
    let mut each = [0; 4];
    let mut kinds = BTreeSet::new();
    for file in &family.files {
        for resource in resources(file) {
            each[file.person] += 1;
            kinds.insert(resource["resourceType"].as_str().unwrap().to_owned());
        }
    }
    let total: usize = each.iter().sum();
    assert!((7_700..8_300).contains(&total), "{total}");
    assert!(each.iter().all(|count| *count > 400), "{each:?}");
    assert!(kinds.len() >= 35, "{kinds:?}");
    for person in 0..4 {
        let sources: BTreeSet<&str> =
            family.files.iter().filter(|file| file.person == person).map(|file| file.source.name.as_str()).collect();
        assert!(sources.len() >= 3, "{sources:?}");
    }
    for kind in [OriginKind::Organization, OriginKind::App, OriginKind::Device] {
        assert!(family.files.iter().any(|file| file.source.kind == kind));
    }
}

#[test]
fn every_reference_resolves_within_its_file() {
    // Deliberate: a visit that an earlier file of the same hospital tells of, where a result or a diagnosis comes in a
    // new version.
    let elsewhere: BTreeMap<&str, &[&str]> =
        BTreeMap::from([("odile-st-brigid-correction-2025.json", &["Encounter"][..])]);
    for file in &demo().files {
        let allowed = elsewhere.get(file.file_name.as_str()).copied().unwrap_or_default();
        let missing: Vec<String> = dangling(&resources(file))
            .into_iter()
            .filter(|line| !allowed.iter().any(|kind| line.contains(&format!("-> {kind}/"))))
            .collect();
        assert!(missing.is_empty(), "{}: {missing:?}", file.file_name);
    }
}

#[test]
fn an_id_comes_twice_within_a_source_only_where_a_later_file_means_the_same_thing() {
    let mut first_file: BTreeMap<(usize, String, String), usize> = BTreeMap::new();
    let mut again = BTreeSet::new();
    let steady = ["Patient", "Organization", "Location", "Practitioner", "PractitionerRole"];
    for (index, file) in demo().files.iter().enumerate() {
        for resource in resources(file) {
            let kind = resource["resourceType"].as_str().unwrap();
            let key = (file.person, file.source.name.clone(), path(&resource));
            if let Some(before) = first_file.insert(key, index)
                && !steady.contains(&kind)
            {
                assert_ne!(before, index, "twice in {}: {}", file.file_name, path(&resource));
                again.insert(kind.to_owned());
            }
        }
    }
    assert_eq!(again, BTreeSet::from(["AllergyIntolerance", "Condition", "Observation"].map(str::to_owned)));
}

#[test]
fn two_hospitals_give_the_same_ids_to_different_things() {
    let family = demo();
    let of = |source: &str| -> BTreeMap<String, String> {
        let files = family.files.iter().filter(|file| file.person == 0 && file.source.name == source);
        files.flat_map(resources).map(|resource| (path(&resource), resource["code"]["text"].to_string())).collect()
    };
    let (here, there) = (of("St. Brigid Hospital"), of("Clinique du Val-Doré"));
    let clashes = here.iter().filter(|(path, code)| there.get(*path).is_some_and(|other| other != *code)).count();
    assert!(clashes > 50, "{clashes}");
}

#[test]
fn lines_come_back_unchanged_from_a_parser_so_no_key_comes_twice() {
    for file in &demo().files {
        let text = match &file.content {
            Content::Phr(text) | Content::Container { phr: text, .. } => text.clone(),
            Content::Ndjson(files) => files.iter().map(|(_, text)| text.as_str()).collect(),
            Content::Bundle(_) => continue,
        };
        for line in text.replace("\\/", "/").lines() {
            let parsed: serde_json::Value = serde_json::from_str(line).unwrap();
            assert_eq!(parsed.to_string(), line, "{}", file.file_name);
        }
    }
}

#[test]
fn some_files_escape_what_they_need_not() {
    let family = demo();
    let text_of = |name: &str| match &family.files.iter().find(|file| file.file_name == name).unwrap().content {
        Content::Phr(text) | Content::Bundle(text) => text.clone(),
        _ => panic!("{name} is of another kind"),
    };
    let french = text_of("odile-val-dore.json");
    assert!(french.is_ascii() && french.contains("Val-Dor\\u00e9"));
    assert!(text_of("camille-notebook.phr").contains("http:\\/\\/loinc.org"));
    assert!(text_of("idris-cardiology-2022.json").contains("5.0e-3"));
    let bundle: serde_json::Value = serde_json::from_str(&french).unwrap();
    assert!(entries(&bundle).len() > 100);
}

#[test]
fn nothing_is_measured_given_or_met_after_the_familys_today() {
    for file in &demo().files {
        for resource in resources(file) {
            for element in
                ["effectiveDateTime", "occurrenceDateTime", "performedDateTime", "authoredOn", "recordedDate"]
            {
                let when = resource[element].as_str().unwrap_or_default();
                assert!(when.get(..10).unwrap_or_default() <= FAMILY_TODAY, "{}: {}", file.file_name, path(&resource));
            }
        }
    }
}
