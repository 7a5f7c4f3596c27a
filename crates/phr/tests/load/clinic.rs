//! Files in which many people are mixed: every line goes to whom it is about, and nobody sees another's.

use mecum_fhir::reference::ResourceType;
use mecum_phr::disclose::Asked;
use mecum_phr::import::load::{load, preview_load};
use mecum_phr::{Failure, interaction};
use mecum_record::access::{Act, ResourceKey};
use mecum_record::ids::RecordId;

use crate::house::{House, app, job, observation, on_both, operator, patient, practitioner, records, system};

/// Two people, one of them twice as long, and a doctor of each and of both.
fn ward(house: &House) -> Vec<mecum_phr::import::Original> {
    let lines = |lines: &[String]| lines.join("\n") + "\n";
    let group = r#"{"resourceType":"Group","id":"g","type":"person","actual":true,"member":[{"entity":{"reference":"Patient/1"}},{"entity":{"reference":"Patient/2"}}]}"#;
    vec![
        house.file(
            "Observation.ndjson",
            &lines(&[
                observation("o1", "1", "a"),
                observation("o2", "2", "b"),
                observation("o3", "1", "b"),
                observation("o4", "nobody", "b"),
                "{\"resourceType\":\"Observation\",\"id\":o5}".to_owned(),
                r#"{"resourceType":"Observation","id":"o6","status":"final","code":{"text":"whose?"}}"#.to_owned(),
            ]),
        ),
        house.file("Group.ndjson", &lines(&[group.to_owned()])),
        house.file(
            "Patient.ndjson",
            &lines(&[patient("1", "Example", "1980-01-01", "m1"), patient("2", "Other", "1990-01-01", "m2")]),
        ),
        house.file("Practitioner.ndjson", &lines(&[practitioner("a"), practitioner("b"), practitioner("c")])),
    ]
}

#[test]
fn every_line_of_mixed_files_goes_to_whom_it_is_about_and_the_rest_is_named() {
    on_both(|house| {
        let report = house.load(&operator(), "Ward", &ward(house));
        assert_eq!((report.n_lines, report.n_shared, report.n_quarantined), (12, 3, 4), "{}", report.to_json());
        let told: Vec<(&str, u64)> = report.notes.iter().map(|note| (note.file.as_str(), note.line)).collect();
        for place in
            [("Observation.ndjson", 4), ("Observation.ndjson", 5), ("Observation.ndjson", 6), ("Group.ndjson", 1)]
        {
            assert!(told.contains(&place), "{place:?} in {told:?}");
        }
        // One of three doctors treats nobody here.
        assert_eq!(report.n_unreferred, 1);
        // Patient, observations, and a copy of each doctor whom they name.
        assert_eq!(records(&report).iter().map(|(_, created)| *created).collect::<Vec<_>>(), [5, 3]);
        let [(one, _), (two, _)] = records(&report)[..] else { panic!("two people") };
        assert_eq!(house.texts(one, "Practitioner").len(), 2);
        assert_eq!(house.texts(two, "Practitioner").len(), 1);
        for text in house.texts(two, "Observation") {
            assert!(
                text.contains("pulse") && !text.contains("Patient/2") && !text.contains("Practitioner/b"),
                "{text}"
            );
        }
        assert!(house.texts(one, "Group").is_empty() && house.texts(two, "Group").is_empty());
        assert!(house.texts(RecordId::DIRECTORY, "Practitioner").is_empty());
        let again = house.load(&operator(), "Ward", &ward(house));
        assert_eq!((again.n_opened(), again.total(|report| report.n_created + report.n_updated)), (0, 0));
        house.verify();
    });
}

#[test]
fn what_is_kept_aside_and_what_lies_in_the_directory_as_it_came_is_fetched_by_nobody() {
    on_both(|house| {
        house.load(&system("clinic"), "clinic", &ward(house));
        let loads = house.store.imports(&house.permit(Act::ReadLog, RecordId::DIRECTORY)).unwrap();
        assert!(loads.iter().all(|load| !load.originals.is_empty()) && loads.len() == 2);
        for import in &loads {
            for (name, word) in [("Binary", "original"), ("DocumentReference", "original")] {
                let resource_type = ResourceType::parse(name).unwrap();
                let key = ResourceKey { resource_type, id: format!("mecum-{word}-0-{}-1", import.import) };
                for caller in [system("another"), system("clinic"), app(RecordId(1))] {
                    let read = interaction::read(&house.phr, &caller, &key, &Asked::new("read"));
                    assert!(matches!(read, Err(Failure::NotFound(_))), "{name}");
                }
            }
        }
    });
}

#[test]
fn a_later_file_without_the_patient_reaches_the_same_record() {
    on_both(|house| {
        let first = house.load(&operator(), "Ward", &ward(house));
        let later =
            house.file("later.ndjson", &(observation("o9", "2", "b") + "\n" + &observation("o10", "1", "a") + "\n"));
        let second = house.load(&operator(), "Ward", &[later]);
        assert_eq!((second.n_opened(), second.people.len(), second.n_quarantined), (0, 2, 0), "{}", second.to_json());
        assert_eq!(second.total(|report| report.n_unresolved), 0);
        let of =
            |report: &_| records(report).iter().map(|(record, _)| *record).collect::<std::collections::BTreeSet<_>>();
        assert_eq!(of(&first), of(&second));
        // From another source the same ids are nobody's.
        let elsewhere = house.file("elsewhere.ndjson", &(observation("o9", "2", "b") + "\n"));
        let third = house.load(&operator(), "Another ward", &[elsewhere]);
        assert_eq!((third.people.len(), third.n_quarantined), (0, 1));
    });
}

#[test]
fn a_bundle_of_several_people_is_taken_apart_by_its_own_addresses() {
    on_both(|house| {
        let entry =
            |address: &str, resource: &str| format!(r#"{{"fullUrl":"urn:uuid:{address}","resource":{resource}}}"#);
        let pulse = |patient: &str, doctor: &str| {
            format!(
                r#"{{"resourceType":"Observation","status":"final","code":{{"text":"pulse"}},"subject":{{"reference":"urn:uuid:{patient}"}},"performer":[{{"reference":"urn:uuid:{doctor}"}},{{"reference":"Practitioner?identifier=urn:npi|nb"}}]}}"#
            )
        };
        let entries = [
            entry(
                "00000000-0000-4000-8000-0000000000a1",
                &pulse("00000000-0000-4000-8000-000000000001", "00000000-0000-4000-8000-0000000000d1"),
            ),
            entry(
                "00000000-0000-4000-8000-0000000000a2",
                &pulse("00000000-0000-4000-8000-000000000002", "00000000-0000-4000-8000-0000000000d1"),
            ),
            entry("00000000-0000-4000-8000-000000000001", &patient("1", "Example", "1980-01-01", "m1")),
            entry("00000000-0000-4000-8000-000000000002", &patient("2", "Other", "1990-01-01", "m2")),
            entry("00000000-0000-4000-8000-0000000000d1", &practitioner("a")),
        ];
        let bundle = format!(r#"{{"resourceType":"Bundle","type":"collection","entry":[{}]}}"#, entries.join(","));
        let doctors = || house.file("doctors.ndjson", &(practitioner("b") + "\n"));
        for (caller, source) in [(operator(), "Ward"), (system("clinic"), "clinic")] {
            let files = [house.file("bundle.json", &bundle), doctors()];
            let report = house.load(&caller, source, &files);
            assert_eq!((report.n_opened(), report.n_quarantined), (2, 0), "{}", report.to_json());
            assert_eq!(report.total(|report| report.n_unresolved), 0, "{}", report.to_json());
            for (record, _) in records(&report) {
                for text in house.texts(record, "Observation") {
                    assert!(!text.contains("urn:") && !text.contains('?'), "{text}");
                }
            }
        }
        house.verify();
    });
}

#[test]
fn who_is_bound_to_a_record_reads_the_directorys_practitioner_whom_it_refers_to_and_nobody_elses_record() {
    on_both(|house| {
        let report = house.load(&system("clinic"), "clinic", &ward(house));
        let [(one, _), (two, _)] = records(&report)[..] else { panic!("two people") };
        assert_eq!(house.texts(RecordId::DIRECTORY, "Practitioner").len(), 3);
        let text = &house.texts(one, "Observation")[0];
        let at = text.find("Practitioner/").unwrap() + "Practitioner/".len();
        let key = ResourceKey { resource_type: ResourceType::PRACTITIONER, id: text[at..at + 20].to_owned() };
        let read = |record| interaction::read(&house.phr, &app(record), &key, &Asked::new("read"));
        assert!(read(one).unwrap().deliver().text.unwrap().contains("Doctor"));
        let patient = ResourceKey {
            resource_type: ResourceType::PATIENT,
            id: house.store.record(two).unwrap().profile.subject_id.unwrap(),
        };
        let others = interaction::read(&house.phr, &app(one), &patient, &Asked::new("read"));
        assert!(matches!(others, Err(Failure::NotFound(_))));
    });
}

#[test]
fn a_caller_bound_to_one_record_loads_nobody_and_a_preview_changes_nothing() {
    on_both(|house| {
        let files = ward(house);
        let record = mecum_phr::record::open(&house.phr, &operator(), "Somebody").unwrap();
        let refused = load(&house.phr, &app(record), &job("Ward", &files), &mut |_| {});
        assert!(matches!(refused, Err(Failure::Forbidden(_))));
        let seen = preview_load(&house.phr, &operator(), &job("Ward", &files), &mut |_| {}).unwrap();
        assert_eq!((seen.people.len(), seen.n_opened(), seen.load), (2, 2, None));
        assert!(seen.adds_up());
        assert_eq!(house.store.records().unwrap().len(), 1);
        house.load(&operator(), "Ward", &files);
        let seen = preview_load(&house.phr, &operator(), &job("Ward", &files), &mut |_| {}).unwrap();
        assert_eq!(seen.n_opened(), 0);
    });
}
