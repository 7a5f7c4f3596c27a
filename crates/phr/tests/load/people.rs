//! Two people are never made one, and one person never gets two records.

use mecum_phr::import::load::{LoadReport, PersonOutcome, load};
use mecum_record::ids::RecordId;

use crate::house::{House, job, observation, on_both, operator, patient, records, system};

fn load_text(house: &House, source: &str, name: &str, lines: &[String]) -> LoadReport {
    house.load(&operator(), source, &[house.file(name, &(lines.join("\n") + "\n"))])
}

#[test]
fn people_of_one_name_and_day_of_birth_stay_two_and_so_do_those_who_share_an_identifier() {
    on_both(|house| {
        let twins = [patient("1", "Example", "1980-01-01", "family"), patient("2", "Example", "1980-01-01", "family")];
        let report = load_text(house, "Ward", "twins.ndjson", &twins);
        assert_eq!(report.n_opened(), 2);
        // The identifier of a whole family tells nobody from anybody, also in a later file.
        let third = load_text(house, "Ward", "third.ndjson", &[patient("3", "Example", "1982-02-02", "family")]);
        assert_eq!(third.n_opened(), 1);
        assert_eq!(house.store.records().unwrap().len(), 3);
    });
}

#[test]
fn the_same_identifier_from_the_same_source_is_the_same_person_unless_the_rest_speaks_against_it() {
    on_both(|house| {
        let first = load_text(house, "Ward", "a.ndjson", &[patient("1", "Example", "1980-01-01", "m1")]);
        let [(record, _)] = records(&first)[..] else { panic!("one person") };
        let renumbered = load_text(house, "Ward", "b.ndjson", &[patient("1b", "Example", "1980-01-01", "m1")]);
        assert_eq!((renumbered.n_opened(), records(&renumbered)[0].0), (0, record));
        // From then on the new id alone leads there too.
        let later = load_text(house, "Ward", "c.ndjson", &[observation("o", "1b", "x")]);
        assert_eq!(records(&later), [(record, 1)]);
        for (name, other) in [
            ("another day of birth", patient("2", "Example", "1981-01-01", "m1")),
            ("another name", patient("3", "Different", "1980-01-01", "m1")),
        ] {
            let report = load_text(house, "Ward", "d.ndjson", &[other]);
            assert_eq!(report.n_opened(), 1, "{name}");
            assert_ne!(records(&report)[0].0, record, "{name}");
        }
        let elsewhere = load_text(house, "Another ward", "a.ndjson", &[patient("1", "Example", "1980-01-01", "m1")]);
        assert_eq!(elsewhere.n_opened(), 1, "another source");
        house.verify();
    });
}

#[test]
fn files_of_one_name_from_two_clinics_are_told_apart_where_nobody_named_the_source() {
    on_both(|house| {
        let unnamed = |text: &str| {
            let files = [house.file("Patient.ndjson", text)];
            let mut job = job("Patient.ndjson", &files);
            job.is_source_named = false;
            house.try_load(&operator(), &job).unwrap()
        };
        let one = patient("1", "Example", "1980-01-01", "m1");
        assert_eq!(unnamed(&one).n_opened(), 1);
        assert_eq!(unnamed(&one).total(|report| report.n_unchanged), 1);
        let other = unnamed(&patient("1", "Stranger", "1950-05-05", "x9"));
        assert_eq!((other.n_opened(), other.n_refused()), (0, 1));
        let PersonOutcome::Refused(reason) = &other.people[0].outcome else { panic!("not refused") };
        assert!(reason.contains("name the source"), "{reason}");
        assert_eq!(house.store.records().unwrap().len(), 1);
    });
}

#[test]
fn two_loads_of_one_clinic_at_once_open_one_record_for_each_person() {
    on_both(|house| {
        let lines: Vec<String> = (0..12)
            .flat_map(|n| {
                let id = n.to_string();
                [patient(&id, &format!("Family{n}"), "1980-01-01", &id), observation(&format!("o{n}"), &id, "x")]
            })
            .collect();
        let files = [house.file("ward.ndjson", &(lines.join("\n") + "\n"))];
        let (other, job) = (house.another(), job("Ward", &files));
        let (one, two) = std::thread::scope(|scope| {
            let one = scope.spawn(|| load(&house.phr, &operator(), &job, &mut |_| {}).unwrap());
            let two = scope.spawn(|| load(&other, &operator(), &job, &mut |_| {}).unwrap());
            (one.join().unwrap(), two.join().unwrap())
        });
        assert_eq!((one.n_refused(), two.n_refused()), (0, 0), "{} {}", one.to_json(), two.to_json());
        assert_eq!(one.n_opened() + two.n_opened(), 12);
        let of = |report: &LoadReport| records(report).iter().map(|(record, _)| *record).collect::<Vec<RecordId>>();
        assert_eq!(of(&one), of(&two));
        assert_eq!(house.store.records().unwrap().len(), 12);
        for record in of(&one) {
            assert_eq!(house.texts(record, "Patient").len() + house.texts(record, "Observation").len(), 2);
        }
        house.verify();
    });
}

#[test]
fn a_record_of_another_client_is_not_open_to_a_load_and_nobody_gets_a_second_one() {
    on_both(|house| {
        let files = [house.file("a.ndjson", &(patient("1", "Example", "1980-01-01", "m1") + "\n"))];
        // The operator loads under the name that the client has as a source; the record holds no grant for the client.
        house.load(&operator(), "clinic", &files);
        let report = house.load(&system("clinic"), "clinic", &files);
        assert_eq!((report.n_opened(), report.n_refused()), (0, 1), "{}", report.to_json());
        assert_eq!(house.store.records().unwrap().len(), 1);
        house.verify();
    });
}
