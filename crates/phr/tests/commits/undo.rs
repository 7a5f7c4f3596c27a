//! Undo and revert: the state before, by a new commit, whatever the commit held (PHR-59).

use mecum_phr::Failure;
use mecum_phr::commits::{ImportState, imports, log, revert};
use mecum_record::access::Denied;
use mecum_record::ids::{CommitId, ImportId};

use crate::house::{House, observation, on_both, operator, pulse};

const IDS: [&str; 6] = ["a", "b", "c", "d", "e", "f"];

/// Two imports: the second creates, updates, repeats what is known, and holds one resource twice.
fn two_imports(house: &House) -> (ImportId, CommitId) {
    house.import(&[pulse("a", "1"), pulse("b", "1"), pulse("c", "1")]);
    house.delete("c");
    let second = [pulse("a", "1"), pulse("b", "2"), pulse("d", "1"), pulse("e", "1"), pulse("e", "2"), pulse("c", "2")];
    let (import, commit) = house.import(&second);
    (import, commit.unwrap())
}

#[test]
fn phr_59_undo_of_an_import_restores_exactly_the_state_before() {
    on_both(|house| {
        house.import(&[pulse("a", "1"), pulse("b", "1"), pulse("c", "1")]);
        house.delete("c");
        let before = house.state(&IDS);
        let (import, _) = house.import(&[
            pulse("a", "1"),
            pulse("b", "2"),
            pulse("d", "1"),
            pulse("e", "1"),
            pulse("e", "2"),
            pulse("c", "2"),
        ]);
        let after = house.state(&IDS);
        assert_ne!(before, after);
        let report = imports::undo(&house.phr, &operator(), house.record, import).unwrap();
        assert_eq!(house.state(&IDS), before);
        assert_eq!((report.n_restored, report.n_deleted, report.kept.len()), (1, 3, 0));
        assert!(matches!(house.version_of("e"), Err(Failure::Gone(_))));
        house.assert_whole();
        let made = report.commit.unwrap();
        let told = log(&house.phr, &operator(), house.record, i64::MAX, 1).unwrap().deliver();
        assert_eq!((told[0].commit, told[0].detail.message.as_str()), (made, "undo import 2"));

        let back = revert(&house.phr, &operator(), house.record, made).unwrap();
        assert_eq!((back.n_restored, back.n_deleted), (4, 0));
        assert_eq!(house.state(&IDS), after);
        house.assert_whole();
    });
}

#[test]
fn phr_59_importing_again_brings_back_what_was_undone() {
    on_both(|house| {
        let lines = [pulse("a", "1"), pulse("b", "1")];
        let (import, _) = house.import(&lines);
        let there = house.state(&IDS);
        imports::undo(&house.phr, &operator(), house.record, import).unwrap();
        assert!(house.state(&IDS).is_empty());
        let (_, commit) = house.import(&lines);
        assert!(commit.is_some());
        assert_eq!(house.state(&IDS), there);
        assert!(house.import(&lines).1.is_none(), "what is there again is known again");
        house.assert_whole();
    });
}

#[test]
fn phr_59_what_was_changed_since_is_kept_and_listed() {
    on_both(|house| {
        let (import, _) = two_imports(house);
        house.update("b", "by hand");
        house.update("e", "by hand");
        let report = imports::undo(&house.phr, &operator(), house.record, import).unwrap();
        assert_eq!(report.kept, [observation("b"), observation("e")]);
        assert_eq!((report.n_restored, report.n_deleted), (0, 2));
        assert!(house.state(&["b"])["b"].contains("by hand"));
        assert!(house.state(&["d"]).is_empty());
        house.assert_whole();
    });
}

#[test]
fn a_change_that_was_taken_back_itself_does_not_stand_in_the_way() {
    on_both(|house| {
        let (import, _) = house.import(&[pulse("a", "1")]);
        let edit = house.update("a", "2");
        revert(&house.phr, &operator(), house.record, edit).unwrap();
        let report = imports::undo(&house.phr, &operator(), house.record, import).unwrap();
        assert_eq!((report.n_deleted, report.kept.len()), (1, 0));
        assert!(house.state(&IDS).is_empty());
    });
}

#[test]
fn a_commit_of_many_pages_is_taken_back_whole() {
    on_both(|house| {
        let ids: Vec<String> = (0..1203).map(|n| format!("n{n}")).collect();
        let lines: Vec<String> = ids.iter().map(|id| pulse(id, "1")).collect();
        let (import, _) = house.import(&lines);
        let report = imports::undo(&house.phr, &operator(), house.record, import).unwrap();
        assert_eq!((report.n_restored, report.n_deleted, report.kept.len()), (0, 1203, 0));
        let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
        assert!(house.state(&ids).is_empty());
        house.assert_whole();
    });
}

#[test]
fn the_list_of_imports_says_which_are_undone() {
    on_both(|house| {
        let (import, commit) = house.import(&[pulse("a", "1")]);
        house.import(&[pulse("a", "1")]);
        let by = imports::undo(&house.phr, &operator(), house.record, import).unwrap().commit.unwrap();
        let list = imports::list(&house.phr, &operator(), house.record).unwrap().deliver();
        let told: Vec<_> =
            list.iter().map(|entry| (entry.import.0, entry.state, entry.commit, entry.undone_by)).collect();
        assert_eq!(told, [(2, ImportState::Unchanged, None, None), (1, ImportState::Done, commit, Some(by))]);
        assert_eq!(list[1].report["lines"], 2);
        revert(&house.phr, &operator(), house.record, by).unwrap();
        let list = imports::list(&house.phr, &operator(), house.record).unwrap().deliver();
        assert_eq!(list[1].undone_by, None);
    });
}

#[test]
fn what_cannot_be_taken_back_is_refused_and_changes_nothing() {
    on_both(|house| {
        let (import, commit) = two_imports(house);
        let (_, unchanged) = house.import(&[pulse("a", "1")]);
        assert!(unchanged.is_none());
        imports::undo(&house.phr, &operator(), house.record, import).unwrap();
        let state = house.state(&IDS);
        let last = house.last_commit();
        let again = revert(&house.phr, &operator(), house.record, commit);
        assert!(matches!(again, Err(Failure::Conflict(text)) if text.contains("taken back already")));
        let nothing = imports::undo(&house.phr, &operator(), house.record, ImportId(3));
        assert!(matches!(nothing, Err(Failure::Conflict(_))));
        let unknown = imports::undo(&house.phr, &operator(), house.record, ImportId(99));
        assert!(matches!(unknown, Err(Failure::NotFound(_))));
        let unknown = revert(&house.phr, &operator(), house.record, CommitId(99));
        assert!(matches!(unknown, Err(Failure::NotFound(_))));
        assert_eq!((house.state(&IDS), house.last_commit()), (state, last));
        house.assert_whole();
    });
}

#[test]
fn an_app_takes_nothing_back_whatever_its_scopes() {
    on_both(|house| {
        let (import, commit) = house.import(&[pulse("a", "1")]);
        let app = house.app("patient/*.cruds patient/$ehi-export");
        let reverted = revert(&house.phr, &app, house.record, commit.unwrap());
        assert!(matches!(reverted, Err(Failure::Forbidden(Denied::OutOfScope))));
        let undone = imports::undo(&house.phr, &app, house.record, import);
        assert!(matches!(undone, Err(Failure::Forbidden(Denied::OutOfScope))));
        assert_eq!(house.state(&IDS).len(), 1);
    });
}
