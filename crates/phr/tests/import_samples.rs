//! Every sample file nobody here wrote: each line accounted for, a second import changes nothing (PHR-8, PHR-59, IMP-2).

mod common;

use common::{House, sample_files};

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
