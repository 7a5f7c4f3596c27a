//! Files that a generator of whole clinics made, and nobody here.

use mecum_phr::import::load::{PersonOutcome, loads, undo};
use mecum_record::ids::RecordId;

use crate::house::{on_both, operator, original, records, system};

fn files() -> Vec<mecum_phr::import::Original> {
    let Some(samples) = mecum_testkit::harness::samples() else { return Vec::new() };
    let mut paths: Vec<_> =
        std::fs::read_dir(samples.join("synthea-r4")).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths.into_iter().filter(|path| path.extension().is_some_and(|ending| ending == "json")).map(original).collect()
}

#[test]
fn phr_59_a_clinic_loads_as_one_record_for_each_person_and_a_second_time_changes_nothing() {
    let files = files();
    if files.is_empty() {
        return;
    }
    on_both(|house| {
        let first = house.load(&operator(), "Clinic", &files);
        assert_eq!((first.people.len(), first.n_opened(), first.n_refused()), (files.len() - 1, files.len() - 1, 0));
        // One file has nobody in it but those who work there; nobody refers to the file's own.
        assert!(first.n_shared > 0 && first.n_quarantined == 0, "{}", first.to_json());
        assert_eq!(first.total(|report| report.n_unresolved), 0);
        let before = house.store.records().unwrap();
        assert!(before.iter().all(|row| row.profile.subject_id.is_some() && row.profile.name.contains(' ')));
        let second = house.load(&operator(), "Clinic", &files);
        assert_eq!((second.n_opened(), second.total(|report| report.n_created + report.n_updated)), (0, 0));
        assert!(records(&second).iter().all(|(record, _)| before.iter().any(|row| row.record == *record)));
        let is_unchanged =
            |outcome: &PersonOutcome| matches!(outcome, PersonOutcome::Done(report) if report.commit.is_none());
        assert!(second.people.iter().all(|person| is_unchanged(&person.outcome)));
        house.verify();
        let undone = undo(&house.phr, &operator(), first.load.unwrap()).unwrap();
        assert_eq!((undone.records.len(), undone.skipped.len()), (first.people.len(), 0));
        assert!(house.texts(first.people[0].record.unwrap(), "Observation").is_empty());
        assert_eq!(loads(&house.phr, &operator()).unwrap().deliver().len(), 2);
    });
}

#[test]
fn a_system_clients_practitioners_and_organizations_lie_in_the_directory_once() {
    // The smaller ones, and the file of those who work there.
    let mut files = files();
    files.sort_by_key(|file| file.size_bytes);
    files.truncate(6);
    if files.is_empty() {
        return;
    }
    on_both(|house| {
        let first = house.load(&system("clinic"), "clinic", &files);
        let n_people = files.iter().filter(|file| !file.name.starts_with("practitioner")).count();
        assert_eq!((first.n_opened(), first.n_refused()), (n_people, 0));
        let directory = first.directory.as_ref().unwrap();
        let n_kept: usize =
            ["Practitioner", "Organization"].map(|name| house.texts(RecordId::DIRECTORY, name).len()).iter().sum();
        assert_eq!(directory.n_created, n_kept as u64);
        assert_eq!(first.total(|report| report.n_unresolved), 0, "{}", first.to_json());
        for (record, _) in records(&first) {
            assert!(house.texts(record, "Practitioner").is_empty());
            assert!(house.texts(record, "Organization").is_empty());
            assert!(house.texts(record, "Encounter").iter().all(|text| !text.contains("urn:uuid")));
        }
        let second = house.load(&system("clinic"), "clinic", &files);
        assert_eq!((second.n_opened(), second.total(|report| report.n_created + report.n_updated)), (0, 0));
        house.verify();
    });
}
