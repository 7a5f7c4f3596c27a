//! Whom a record is about, after the import that said so is undone.

use mecum_phr::commits::{imports, revert};
use mecum_phr::import::{ImportJob, OtherPeople, keep, run};
use mecum_phr::record;
use mecum_record::ids::ImportId;
use mecum_record::source::SourceKind;

use crate::house::{House, on_both, operator};

fn import_person(house: &House, name: &str) -> u64 {
    let line = format!(
        "{{\"resourceType\":\"Patient\",\"id\":\"{name}\",\"name\":[{{\"family\":\"{name}\"}}],\"birthDate\":\"1950-01-01\",\"gender\":\"female\"}}\n"
    );
    let original = keep(&house.phr, &operator(), house.record, "a.ndjson", &mut line.as_bytes()).unwrap();
    let job = ImportJob {
        record: house.record,
        originals: vec![original],
        source_kind: SourceKind::Organization,
        source_name: "Ward 4".to_owned(),
        key: None,
        other_people: OtherPeople::Refuse,
        message: "a.ndjson".to_owned(),
    };
    run(&house.phr, &operator(), &job, &mut |_| {}).unwrap().n_created
}

fn subject(house: &House) -> Option<String> {
    record::find(&house.phr, &house.record.0.to_string()).unwrap().subject_id
}

#[test]
fn a_record_that_got_the_wrong_persons_file_is_about_nobody_once_that_is_undone() {
    on_both(|house| {
        assert_eq!(import_person(house, "Wrong"), 1);
        let wrong = subject(house);
        assert!(wrong.is_some());
        let undone = imports::undo(&house.phr, &operator(), house.record, ImportId(1)).unwrap();
        assert_eq!(subject(house), None);
        let back = revert(&house.phr, &operator(), house.record, undone.commit.unwrap()).unwrap();
        assert_eq!(subject(house), wrong);
        revert(&house.phr, &operator(), house.record, back.commit.unwrap()).unwrap();
        assert_eq!(import_person(house, "Right"), 1);
        assert!(subject(house).is_some_and(|right| Some(right) != wrong));
        house.assert_whole();
    });
}
