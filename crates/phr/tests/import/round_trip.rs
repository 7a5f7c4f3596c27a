//! Carried away and brought in elsewhere, a record is the same to the byte; an undo leaves what was before (PHR-59, PHR-61).

use std::collections::BTreeSet;

use crate::house::{House, sample_files};
use mecum_phr::disclose::Asked;
use mecum_phr::export::{ExportFormat, ExportRequest, export};
use mecum_record::ids::RecordId;

const FOLDERS: [&str; 6] =
    ["phr-format", "synthea-phr-ig", "synthea-r4", "ips-2.0.0", "us-core-examples", "fhir-r4-examples"];

/// The lines of an export but those that Mecum itself adds.
fn exported_lines(house: &House, record: RecordId) -> Vec<String> {
    let request = ExportRequest {
        record,
        format: ExportFormat::Phr,
        start: None,
        end: None,
        since_us: None,
        until_seq: None,
        is_collection: false,
        types: None,
        history: false,
        sealing: None,
        name: "record".to_owned(),
    };
    let mut bytes = Vec::new();
    let asked = Asked::new("export phr");
    export(&house.phr, &House::operator(), &request, &asked, &mut |chunk| {
        bytes.extend_from_slice(&chunk.deliver());
        Ok(())
    })
    .expect("an export");
    let text = String::from_utf8(bytes).expect("an export is UTF-8");
    assert!(text.ends_with('\n'));
    text.lines().filter(|line| !line.contains("urn:mecum:generated")).map(str::to_owned).collect()
}

#[test]
fn phr_61_export_import_elsewhere_export_is_identical_in_every_line_of_every_sample() {
    let (here, elsewhere) = (House::on_sqlite(), House::on_sqlite());
    for folder in FOLDERS {
        for file in sample_files(folder) {
            let name = file.file_name().expect("a file has a name").to_string_lossy().into_owned();
            let record = here.record(&name);
            here.import_file(record, &file).expect("an import");
            let first = exported_lines(&here, record);
            if first.is_empty() {
                // A Bundle of requests holds nothing to carry.
                continue;
            }
            let copy = elsewhere.record(&name);
            let report = elsewhere.import_text(copy, "carried.phr", &(first.join("\n") + "\n")).expect("an import");
            assert!(report.adds_up() && report.n_quarantined == 0, "{file:?}");
            let second = exported_lines(&elsewhere, copy);
            assert_eq!(first.len(), second.len(), "{file:?}");
            for (one, two) in first.iter().zip(&second) {
                assert!(one == two, "{file:?}: {} … differs", &one[..one.len().min(80)]);
            }
        }
    }
}

#[test]
fn phr_59_an_undo_leaves_exactly_what_was_there_before_and_importing_again_brings_it_back() {
    let house = House::on_sqlite();
    let operator = House::operator();
    for file in sample_files("phr-format") {
        let name = file.file_name().expect("a file has a name").to_string_lossy().into_owned();
        let record = house.record(&name);
        let line = "{\"resourceType\":\"Basic\",\"id\":\"mine\",\"code\":{\"text\":\"a note of mine\"}}\n";
        house.import_text(record, "mine.ndjson", line).expect("an import");
        let before = exported_lines(&house, record);
        let imported = house.import_file(record, &file).expect("an import");
        let with_it: BTreeSet<String> = exported_lines(&house, record).into_iter().collect();
        let import = imported.import.expect("an import has a number");
        mecum_phr::commits::imports::undo(&house.phr, &operator, record, import).expect("an undo");
        assert_eq!(exported_lines(&house, record), before, "{file:?}");
        let again = house.import_file(record, &file).expect("an import");
        assert!(again.commit.is_some(), "{file:?}");
        assert!(exported_lines(&house, record).into_iter().collect::<BTreeSet<_>>() == with_it, "{file:?}");
        let whole = mecum_phr::commits::verify(&house.phr, &operator, record, &mut |_, _| {}).expect("a verification");
        assert!(whole.is_whole(), "{:?}", whole.findings);
    }
}
