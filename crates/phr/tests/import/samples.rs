//! Every sample file nobody here wrote: each line accounted for, a second import changes nothing (PHR-8, PHR-59, IMP-2).

use crate::house::{House, sample_files};

/// Folders of files that come in one by one, each into a record of its own.
const FOLDERS: [&str; 6] =
    ["phr-format", "synthea-phr-ig", "synthea-r4", "ips-2.0.0", "us-core-examples", "fhir-r4-examples"];

#[test]
fn phr_8_every_line_of_every_sample_is_accounted_for_and_phr_59_a_second_import_changes_nothing() {
    let house = House::on_sqlite();
    for folder in FOLDERS {
        for file in sample_files(folder) {
            let record = house.record(&file.file_name().expect("a file has a name").to_string_lossy());
            let first = house.import_file(record, &file).unwrap_or_else(|failure| panic!("{file:?}: {failure}"));
            assert!(first.adds_up(), "{file:?}: {:?}", first.to_json());
            // An entry of a Bundle that only asks for something holds nothing that could be kept.
            let asks = first.notes.iter().filter(|note| note.message == "the entry holds no resource").count() as u64;
            assert_eq!(first.n_quarantined, asks, "{file:?}: {:?}", first.to_json());
            let second = house.import_file(record, &file).unwrap_or_else(|failure| panic!("{file:?}: {failure}"));
            assert_eq!((second.n_created, second.n_updated, second.commit), (0, 0, None), "{file:?}");
        }
    }
}

#[test]
fn phr_8_a_bad_line_in_the_middle_is_quarantined_with_its_number_and_the_good_lines_are_kept() {
    let house = House::on_sqlite();
    let record = house.record("odd lines");
    let text = concat!(
        "{\"resourceType\":\"Patient\",\"id\":\"p\",\"birthDate\":\"1980\"}\n",
        "{\"resourceType\":\"Observation\",\"id\":o1}\n",
        "{\"resourceType\":\"Observation\",\"id\":\"o2\",\"subject\":{\"reference\":\"Patient/p\"}}\n",
    );
    let report = house.import_text(record, "odd.phr", text).expect("an import");
    assert_eq!((report.n_created, report.n_quarantined), (2, 1));
    let note = report.notes.iter().find(|note| note.kind == "quarantined").expect("a note");
    assert_eq!(note.line, 2);
    assert!(report.adds_up());
}

#[test]
fn phr_17_one_id_twice_is_two_versions_and_still_idempotent() {
    let house = House::on_sqlite();
    let record = house.record("twice");
    let line = |value: &str| format!("{{\"resourceType\":\"Basic\",\"id\":\"b\",\"code\":{{\"text\":\"{value}\"}}}}\n");
    let text = [line("one"), line("two"), line("one")].concat();
    let report = house.import_text(record, "twice.phr", &text).expect("an import");
    assert_eq!((report.n_created, report.n_updated, report.n_unchanged), (1, 1, 1));
    let again = house.import_text(record, "twice.phr", &text).expect("an import");
    assert_eq!((again.n_unchanged, again.commit), (3, None));
}
