//! A backup that is killed: it is not taken for one, harms nothing, and the next one succeeds, also while an import goes on.

use std::path::{Path, PathBuf};

use crate::house::{House, one_line, timed};
use crate::trials::{kill_within, trials};

#[test]
fn a_backup_killed_at_any_moment_is_whole_or_none_on_sqlite() {
    check(&House::on_sqlite(), "backups on SQLite");
}

#[test]
fn a_backup_killed_at_any_moment_is_whole_or_none_on_postgres() {
    let Some(house) = House::on_postgres() else { return };
    check(&house, "backups on PostgreSQL");
}

fn check(house: &House, kind: &str) {
    let file = house.write_phr("a.phr", 5, 400);
    house.says(&["record", "new", "Ada"]);
    house.says(&["import", &file, "--record", "Ada"]);
    std::fs::write(house.path("code.txt"), house.says(&["key", "show-recovery"])).unwrap();
    house.says(&["record", "new", "busy"]);
    let usual = timed(|| drop(house.says(&["backup", "create", "first"])));
    let mut n_refused = 0;
    let mut names = (0..).map(|n| format!("trial {n}"));
    trials(kind, |random| {
        let name = names.next().unwrap();
        let mut backup = house.command(&["backup", "create", &name]).spawn().unwrap();
        let ended = kill_within(&mut backup, usual, random);
        assert!(matches!(ended, None | Some(0)), "the backup failed by itself: {ended:?}");
        let left = backups_in(house, &name);
        assert!(left.len() == 1 || (left.is_empty() && ended.is_none()), "{left:?}");
        let is_finished = left.iter().any(|folder| is_accepted(house, folder));
        assert!(is_finished || ended.is_none(), "a backup that was acknowledged is not accepted");
        house.verify("Ada");
        // The next one, in the same folder, while somebody imports.
        let more = house.write_phr("more.phr", random.next_u64(), 50);
        let mut import = house.command(&["import", &more, "--record", "busy", "--other-people"]).spawn().unwrap();
        let next = house.json(&["backup", "create", &name])["backup"].as_str().unwrap().to_owned();
        assert!(import.wait().unwrap().success());
        assert!(is_accepted(house, &house.path(&next)), "the next backup is not whole");
        std::fs::remove_dir_all(house.path(&name)).unwrap();
        n_refused += usize::from(!left.is_empty() && !is_finished);
        ended.is_none()
    });
    println!("{kind}: {n_refused} left something that was refused as a backup");
    house.verify("busy");
}

fn backups_in(house: &House, name: &str) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(house.path(name)).into_iter().flatten();
    entries.map(|entry| entry.unwrap().path()).collect()
}

/// Whether the proof accepts a folder; if it does not, it says that this is no finished backup.
fn is_accepted(house: &House, folder: &Path) -> bool {
    let output = house.run(&["backup", "verify", folder.to_str().unwrap(), "--code-file", "code.txt"]);
    if output.status.success() {
        return true;
    }
    let (code, said) = one_line(&output);
    assert!(code == 4 && said.contains("no finished backup"), "{code}: {said}");
    false
}
