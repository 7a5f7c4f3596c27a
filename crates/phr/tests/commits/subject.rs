//! Whom a record is about, after the import that said so is undone; and what else is known of imports.

use mecum_phr::commits::{imports, revert};
use mecum_phr::disclose::Asked;
use mecum_phr::import::{Format, ImportJob, Look, OtherPeople, keep, kept_aside, look, own_key, run};
use mecum_phr::{Failure, record};
use mecum_record::caller::Caller;
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

#[test]
fn the_holder_herself_takes_back_the_import_that_said_whom_the_record_is_about() {
    on_both(|house| {
        import_person(house, "Wrong");
        let holder = Caller::Holder { session_id: "s".to_owned(), name: "Ada".to_owned(), record: house.record };
        let undone = imports::undo(&house.phr, &holder, house.record, ImportId(1)).unwrap();
        assert_eq!((undone.n_deleted, subject(house)), (1, None));
        house.assert_whole();
    });
}

#[test]
fn an_import_knows_its_sources_and_gives_what_it_kept_aside_to_nobody_else() {
    on_both(|house| {
        import_person(house, "Ada");
        let text = "{\"resourceType\":\"Basic\",\"id\":\"b\",\"code\":{\"text\":\"x\"}}\n\nnot one\n{\"a\":1}\n";
        let original = keep(&house.phr, &operator(), house.record, "b.ndjson", &mut text.as_bytes()).unwrap();
        let seen = look(&house.phr, &operator(), house.record, &original).unwrap();
        assert_eq!(seen, Look { format: Format::Ndjson, is_locked: false });
        let job = ImportJob {
            record: house.record,
            originals: vec![original.clone()],
            source_kind: SourceKind::App,
            source_name: "Watch".to_owned(),
            key: None,
            other_people: OtherPeople::Refuse,
            message: "b.ndjson".to_owned(),
        };
        assert_eq!(run(&house.phr, &operator(), &job, &mut |_| {}).unwrap().n_quarantined, 2);
        let names = imports::sources(&house.phr, &operator(), house.record).unwrap().deliver();
        assert_eq!(names, ["Ward 4", "Watch"]);
        let asked = Asked::new("kept aside");
        let aside = kept_aside(&house.phr, &operator(), (house.record, ImportId(2)), &asked).unwrap().deliver();
        let lines: Vec<serde_json::Value> = aside.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        let told: Vec<_> = lines.iter().map(|line| (line["line"].as_u64(), line["text"].as_str())).collect();
        assert_eq!(told, [(Some(3), Some("not one")), (Some(4), Some("{\"a\":1}"))]);
        let (phr, app) = (&house.phr, house.app("patient/*.rs"));
        assert!(matches!(
            kept_aside(phr, &app, (house.record, ImportId(2)), &asked).err(),
            Some(Failure::Forbidden(_))
        ));
        assert!(matches!(look(phr, &app, house.record, &original).err(), Some(Failure::Forbidden(_))));
        assert!(matches!(own_key(phr, &app, house.record).err(), Some(Failure::Forbidden(_))));
        assert!(matches!(imports::sources(phr, &app, house.record).err(), Some(Failure::Forbidden(_))));
        let missing = kept_aside(phr, &operator(), (house.record, ImportId(9)), &asked).err();
        assert!(matches!(missing, Some(Failure::NotFound(_))));
    });
}
