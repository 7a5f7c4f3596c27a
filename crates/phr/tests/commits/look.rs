//! Looking: the log, what one commit changed, proof, and who looked.

use mecum_phr::Failure;
use mecum_phr::commits::{
    AccessEntry, ChangeKind, KeptHead, KeptHeadMatch, access_by_others, access_log, check_head, diff, diff_behind,
    imports, log, one, verify,
};
use mecum_phr::disclose::Released;
use mecum_record::access::Denied;
use mecum_record::caller::Caller;
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
        assert_eq!((changes.len(), changes[0].elements.len(), changes[0].title.as_str()), (1, 1, "2"));

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
fn aud_7_a_disclosure_is_open_until_it_is_closed_and_own_looks_can_be_left_out() {
    on_both(|house| {
        house.import(&[pulse("a", "1")]);
        let holder = Caller::Holder { session_id: "s".to_owned(), name: "Ada".to_owned(), record: house.record };
        log(&house.phr, &holder, house.record, i64::MAX, 1).unwrap().deliver();
        house.version_of("a").unwrap();
        let of_app = |lines: Vec<AccessEntry>| {
            let opened = lines.into_iter().filter(|line| line.kind == AccessKind::Opened);
            opened.filter(|line| line.detail["caller"]["kind"] == "app").map(|line| line.is_open).collect::<Vec<_>>()
        };
        let all = || access_log(&house.phr, &holder, house.record, i64::MAX, 100).unwrap().deliver();
        assert_eq!(of_app(all()), [true]);
        house.phr.close().unwrap();
        assert_eq!(of_app(all()), [false]);
        assert!(all().iter().any(|line| line.kind == AccessKind::Look));

        let expect: Vec<i64> = all().iter().filter(|line| line.kind != AccessKind::Look).map(|line| line.seq).collect();
        let (mut met, mut next) = (Vec::new(), Some(i64::MAX));
        while let Some(before) = next {
            let page = access_by_others(&house.phr, &holder, house.record, before, 2).unwrap().deliver();
            assert!(page.0.len() <= 2);
            met.extend(page.0.iter().map(|line| line.seq));
            next = page.1;
        }
        assert!(expect.len() > 2);
        assert_eq!(met, expect);
        let refused = access_by_others(&house.phr, &house.app("patient/*.cruds"), house.record, i64::MAX, 1).err();
        assert!(matches!(refused, Some(Failure::Forbidden(Denied::OutOfScope))));
    });
}

#[test]
fn one_commit_is_told_with_what_took_it_back() {
    on_both(|house| {
        let (import, commit) = house.import(&[pulse("a", "1")]);
        let commit = commit.unwrap();
        let told = |commit| one(&house.phr, &operator(), house.record, commit).map(Released::deliver);
        assert!(told(commit).is_ok_and(|(found, by)| found.commit == commit && by.is_none()));
        let undone = imports::undo(&house.phr, &operator(), house.record, import).unwrap();
        assert!(told(commit).is_ok_and(|(_, by)| by == undone.commit && by.is_some()));
        assert!(matches!(told(CommitId(99)).err(), Some(Failure::NotFound(_))));
        let refused = one(&house.phr, &house.app("patient/*.cruds"), house.record, commit).err();
        assert!(matches!(refused, Some(Failure::Forbidden(Denied::OutOfScope))));
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
