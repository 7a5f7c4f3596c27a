//! Looking: the log, what one commit changed, proof, and who looked.

use mecum_phr::Failure;
use mecum_phr::commits::{
    ChangeKind, KeptHead, KeptHeadMatch, access_log, check_head, diff, diff_behind, imports, log, verify,
};
use mecum_record::access::Denied;
use mecum_record::commit::CommitAct;
use mecum_record::disclosure::AccessKind;
use mecum_record::ids::CommitId;

use crate::house::{observation, on_both, operator, pulse};

#[test]
fn the_log_tells_commits_newest_first_in_pages() {
    on_both(|house| {
        house.import(&[pulse("a", "1"), pulse("b", "1")]);
        house.update("a", "2");
        house.delete("b");
        let page = log(&house.phr, &operator(), house.record, i64::MAX, 2).unwrap().deliver();
        let told: Vec<_> = page.iter().map(|commit| (commit.seq, commit.act, commit.n_versions)).collect();
        assert_eq!(told, [(3, CommitAct::Delete, 1), (2, CommitAct::Update, 1)]);
        assert_eq!(page[1].detail.author, "app app");
        let rest = log(&house.phr, &operator(), house.record, 2, 100).unwrap().deliver();
        assert_eq!(rest.iter().map(|commit| commit.act).collect::<Vec<_>>(), [CommitAct::Import]);
    });
}

#[test]
fn diff_names_each_resource_and_each_element_that_changed() {
    on_both(|house| {
        let (_, first) = house.import(&[pulse("a", "1"), pulse("b", "1")]);
        let edit = house.update("a", "2");
        house.delete("b");
        let changes = diff(&house.phr, &operator(), house.record, edit).unwrap().deliver();
        assert_eq!((&changes[0].key, changes[0].kind), (&observation("a"), ChangeKind::Updated));
        let element = &changes[0].elements[0];
        let told = (element.path.as_str(), element.before.as_deref(), element.after.as_deref());
        assert_eq!(told, ("code.text", Some(r#""1""#), Some(r#""2""#)));
        assert_eq!((changes.len(), changes[0].elements.len()), (1, 1));

        let gone = diff(&house.phr, &operator(), house.record, house.last_commit()).unwrap().deliver();
        assert_eq!((gone[0].kind, gone[0].elements[0].after.as_deref()), (ChangeKind::Deleted, None));
        assert!(gone[0].elements[0].before.is_some());

        let first = first.unwrap();
        let second = diff_behind(&house.phr, &operator(), (house.record, first), 1, 10).unwrap().deliver();
        let told: Vec<_> = second.iter().map(|change| (&change.key, change.kind, change.ordinal)).collect();
        assert_eq!(told, [(&observation("b"), ChangeKind::Created, 2)]);
    });
}

#[test]
fn diff_of_a_file_that_holds_a_resource_twice_compares_the_second_with_the_first() {
    on_both(|house| {
        let (_, commit) = house.import(&[pulse("a", "1"), pulse("a", "2")]);
        let changes = diff(&house.phr, &operator(), house.record, commit.unwrap()).unwrap().deliver();
        let told: Vec<_> = changes.iter().map(|change| change.kind).collect();
        assert_eq!(told, [ChangeKind::Created, ChangeKind::Updated]);
        assert_eq!(changes[1].elements[0].path, "code.text");
    });
}

#[test]
fn phr_91_a_head_kept_elsewhere_is_held_missed_or_contradicted() {
    on_both(|house| {
        house.import(&[pulse("a", "1")]);
        let verified = verify(&house.phr, &operator(), house.record, &mut |_, _| {}).unwrap();
        assert!(verified.is_whole());
        let (seq, hash) = verified.head.unwrap();
        house.update("a", "2");
        let check = |seq: i64, hash: &str| {
            let kept: KeptHead = format!("{seq}:{hash}").parse().unwrap();
            check_head(&house.phr, &operator(), house.record, &kept).unwrap()
        };
        assert_eq!(check(seq, &hash), KeptHeadMatch::Held);
        assert_eq!(check(seq, &hash.to_uppercase()), KeptHeadMatch::Held);
        assert_eq!(check(seq + 1, &hash), KeptHeadMatch::Other);
        assert_eq!(check(seq + 2, &hash), KeptHeadMatch::Shorter { seq: 2 });
        assert_eq!(check(0, &"0".repeat(64)), KeptHeadMatch::Held);
    });
    for text in ["", "1", "1:", "x:00", "-1:00", &format!("1:{}", "g".repeat(64))] {
        assert!(text.parse::<KeptHead>().is_err(), "{text}");
    }
}

#[test]
fn aud_7_what_is_looked_at_stands_in_the_access_log() {
    on_both(|house| {
        let (import, commit) = house.import(&[pulse("a", "1")]);
        diff(&house.phr, &operator(), house.record, commit.unwrap()).unwrap().deliver();
        imports::undo(&house.phr, &operator(), house.record, import).unwrap();
        let lines = access_log(&house.phr, &operator(), house.record, i64::MAX, 100).unwrap().deliver();
        let texts: Vec<String> = lines.iter().map(|line| line.detail.to_string()).collect();
        assert!(lines.iter().any(|line| line.kind == AccessKind::Opened));
        assert!(texts.iter().any(|text| text.contains("diff of commit 1") && text.contains("Observation/a")));
        assert!(texts.iter().any(|text| text.contains("undo import 1")));
        let older = access_log(&house.phr, &operator(), house.record, lines[0].seq, 1).unwrap().deliver();
        assert_eq!((older.len(), older[0].seq), (1, lines[0].seq - 1));
    });
}

#[test]
fn an_app_sees_neither_commits_nor_who_looked() {
    on_both(|house| {
        let (_, commit) = house.import(&[pulse("a", "1")]);
        let (phr, record, app) = (&house.phr, house.record, house.app("patient/*.cruds patient/$ehi-export"));
        let is_refused = |failure: Option<Failure>| matches!(failure, Some(Failure::Forbidden(Denied::OutOfScope)));
        assert!(is_refused(log(phr, &app, record, i64::MAX, 1).err()));
        assert!(is_refused(diff(phr, &app, record, commit.unwrap()).err()));
        assert!(is_refused(verify(phr, &app, record, &mut |_, _| {}).err()));
        assert!(is_refused(access_log(phr, &app, record, i64::MAX, 1).err()));
        let lines = access_log(phr, &operator(), record, i64::MAX, 100).unwrap().deliver();
        assert_eq!(lines.iter().filter(|line| line.kind == AccessKind::Denied).count(), 4);
        let missing = diff(phr, &operator(), record, CommitId(99)).err();
        assert!(matches!(missing, Some(Failure::NotFound(_))));
    });
}
