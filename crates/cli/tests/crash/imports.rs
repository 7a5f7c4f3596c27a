//! An import that is killed: all of it is there, or nothing, and the next one does not wait for it.

use crate::house::{House, timed};
use crate::trials::{kill_within, trials};

#[test]
fn an_import_killed_at_any_moment_is_there_whole_or_not_at_all_on_sqlite() {
    check(&House::on_sqlite(), "imports on SQLite");
}

#[test]
fn an_import_killed_at_any_moment_is_there_whole_or_not_at_all_on_postgres() {
    let Some(house) = House::on_postgres() else { return };
    check(&house, "imports on PostgreSQL");
}

fn check(house: &House, kind: &str) {
    let small = house.write_phr("small.phr", 6, 20);
    let large = house.write_phr("large.phr", 5, 400);
    let take = |file: &str, record: &str| house.says(&["import", file, "--record", record, "--other-people"]);
    house.says(&["record", "new", "whole"]);
    take(&small, "whole");
    let n_before = house.visible("whole").len();
    let usual = timed(|| drop(take(&large, "whole")));
    let n_after = house.visible("whole").len();
    let n_large = n_after - n_before;
    assert!(n_large > 100);
    let mut names = (0..).map(|n| format!("trial {n}"));
    trials(kind, |random| {
        let record = &names.next().unwrap();
        house.says(&["record", "new", record]);
        let mut import = house.command(&["import", &large, "--record", record, "--other-people"]).spawn().unwrap();
        let ended = kill_within(&mut import, usual, random);
        assert!(matches!(ended, None | Some(0)), "the import failed by itself: {ended:?}");
        house.verify(record);
        let n_found = house.visible(record).len();
        assert!(n_found == n_large || (n_found == 0 && ended.is_none()), "{n_found} are seen, it ended with {ended:?}");
        // The dead one's place is free at once.
        let report = house.json(&["import", &large, "--record", record, "--other-people"]);
        let n_now = n_found as u64 + report["created"].as_u64().unwrap();
        assert_eq!(n_now, n_large as u64, "{report}");
        ended.is_none()
    });
    house.verify("whole");
    assert_eq!(house.visible("whole").len(), n_after);
}
