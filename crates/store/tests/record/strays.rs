//! What lies between the records: rows of records that are not there, and what a crash or a copy leaves that is none of it.

use mecum_record::disclosure::AccessKind;
use mecum_record::ids::RecordId;
use mecum_store::maintenance::{restore_backup, verify_backup};
use mecum_store::{NewAccessLine, Place};

use crate::house::{House, NOW_US, assert_whole, findings, new_record, on_both};
use crate::resource::{commit, pulse};

const STRAY: &str = "INSERT INTO id_directory (type_code, id, record_id) VALUES (96, 'stray', 99)";

fn line_of(record: RecordId) -> NewAccessLine {
    let kind = AccessKind::Event;
    NewAccessLine { record, at_us: NOW_US, kind, disclosure_id: String::new(), detail: b"x".to_vec() }
}

#[test]
fn a_backup_with_a_row_of_a_record_that_is_not_there_is_not_whole() {
    for house in House::each() {
        let store = house.open();
        let record = new_record(&store);
        commit(&store, record, &[pulse("o", "x")]).unwrap();
        let sound = house.backup(&store);
        assert_eq!(verify_backup(&sound, house.key(), NOW_US, &mut |_| {}).unwrap().findings, Vec::new());
        house.below().0.write(|tx| tx.execute(STRAY, &[])).unwrap();
        let altered = house.backup(&store);
        if house.folder().is_some() {
            let found = verify_backup(&altered, house.key(), NOW_US, &mut |_| {}).unwrap();
            assert!(found.findings.iter().any(|finding| finding.part == "id directory"), "{:?}", found.findings);
            let to = tempfile::tempdir().unwrap();
            let place = Place::Folder(to.path().to_owned());
            let restored = restore_backup(&altered, (&place, to.path()), house.key(), NOW_US, &mut |_| {});
            assert!(restored.is_err(), "it was restored");
        }
    }
}

#[test]
fn a_record_whose_opening_was_cut_off_leaves_nothing_that_is_found() {
    on_both(|house, store, _| {
        let (main, _) = house.below();
        let late = new_record(store);
        // As if the process had died before the record's own row: its key and its access log were there already.
        main.write(|tx| {
            tx.execute("DELETE FROM chain_head WHERE record_id = $1", &[late.0.into()])?;
            tx.execute("DELETE FROM record WHERE record_id = $1", &[late.0.into()])
        })
        .unwrap();
        assert_whole(store);
        // A log with lines is another thing.
        store.append_access(&[line_of(late)]).unwrap();
        assert!(findings(store).iter().any(|found| found.starts_with("access_log")), "{:?}", findings(store));
    });
}
