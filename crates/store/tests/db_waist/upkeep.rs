//! Backups of a live database, its size, its log, and noticing that somebody else wrote.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use mecum_store::db::{Db, DbError, OnConflict, Value};
use mecum_testkit::harness;

use crate::place::{TABLES, add, file, ids, on_both, open, open_file, sqlite};

fn fill(db: &Db, rows: std::ops::Range<i64>) {
    let body = vec![5_u8; 1_000];
    let rows: Vec<Vec<Value<'_>>> = rows.map(|id| vec![id.into(), (&body).into()]).collect();
    db.write(|tx| tx.insert_many("thing", &["id", "body"], &rows, OnConflict::Fail)).unwrap();
}

#[test]
fn a_backup_taken_while_others_write_is_one_state_of_the_database() {
    let (database, db) = sqlite();
    fill(&db, 0..10_000);
    let copy = file(&database).with_file_name("copy.db");
    let (done, mut slowest, mut reports) = (AtomicBool::new(false), Duration::ZERO, Vec::new());
    std::thread::scope(|scope| {
        let writer = scope.spawn(|| {
            let (mut n, mut slowest) = (0, Duration::ZERO);
            // Two rows at a time: a state between them would show.
            while !done.load(Ordering::SeqCst) {
                let began = Instant::now();
                db.write(|tx| add(tx, 100_000 + n).and_then(|()| add(tx, 500_000 + n))).unwrap();
                slowest = slowest.max(began.elapsed());
                n += 1;
            }
            (n, slowest)
        });
        let result = db.backup_to(&copy, &mut |done, total| {
            reports.push((done, total));
            std::thread::sleep(Duration::from_millis(5));
        });
        done.store(true, Ordering::SeqCst);
        result.unwrap();
        let (n, slow) = writer.join().unwrap();
        assert!(n > 0, "others wrote meanwhile");
        slowest = slow;
    });
    assert!(slowest < Duration::from_secs(2), "no writer waited for the whole copy: {slowest:?}");
    assert!(reports.len() > 5 && reports.windows(2).all(|two| two[0].0 <= two[1].0), "{reports:?}");
    let &(copied, total) = reports.last().unwrap();
    assert!(copied == total && total > 10_000_000, "{copied} of {total}");
    let backup = open_file(&copy).unwrap();
    let rows = ids(&backup);
    assert_eq!(rows.iter().filter(|id| **id < 100_000).count(), 10_000);
    let pairs = |from| rows.iter().filter(|id| (from..from + 400_000).contains(*id)).count();
    assert_eq!(pairs(100_000), pairs(500_000));
    assert_eq!(backup.check().unwrap(), Vec::<String>::new());
}

#[test]
fn a_backup_does_not_take_the_place_of_a_file_and_leaves_no_half() {
    let (database, db) = sqlite();
    let copy = file(&database).with_file_name("copy.db");
    std::fs::write(&copy, "something else").unwrap();
    assert!(matches!(db.backup_to(&copy, &mut |_, _| {}), Err(DbError::Other(_))));
    assert_eq!(std::fs::read_to_string(&copy).unwrap(), "something else");
    let nowhere = file(&database).with_file_name("no-such-folder").join("copy.db");
    assert!(db.backup_to(&nowhere, &mut |_, _| {}).is_err());
    let good = file(&database).with_file_name("good.db");
    db.backup_to(&good, &mut |_, _| {}).unwrap();
    let left = std::fs::read_dir(good.parent().unwrap()).unwrap().map(|entry| entry.unwrap().file_name());
    assert!(!left.into_iter().any(|name| name.to_string_lossy().contains("partial")));
}

#[test]
fn postgres_says_that_it_is_backed_up_otherwise() {
    let Some(database) = harness::postgres() else { return };
    let result = open(&database).backup_to(std::path::Path::new("/tmp/never-written"), &mut |_, _| {});
    assert!(matches!(result, Err(DbError::Unsupported(_))));
}

#[test]
fn the_size_grows_with_the_rows_and_shrinks_when_they_are_gone() {
    on_both(|db, name| {
        let empty = db.size_bytes().unwrap();
        fill(db, 0..3_000);
        db.checkpoint().unwrap();
        let full = db.size_bytes().unwrap();
        assert!(full > empty + 3_000_000, "{name}: {empty} {full}");
        db.write(|tx| tx.execute("DELETE FROM thing", &[])).unwrap();
        db.vacuum().unwrap();
        assert!(db.size_bytes().unwrap() < full / 2, "{name}");
        assert!(ids(db).is_empty(), "{name}");
    });
}

#[test]
fn the_log_does_not_grow_without_end() {
    let (database, db) = sqlite();
    let log = file(&database).with_file_name("mecum.db-wal");
    for round in 0..30 {
        fill(&db, round * 1_000..(round + 1) * 1_000);
    }
    let bytes = std::fs::metadata(&log).unwrap().len();
    assert!(bytes < 12_000_000, "the log of 30 MB of writes has {bytes} bytes");
    db.checkpoint().unwrap();
    assert_eq!(std::fs::metadata(&log).unwrap().len(), 0);
    assert_eq!(ids(&db).len(), 30_000);
}

#[test]
fn the_data_version_changes_with_every_commit_of_anybody() {
    for database in harness::databases() {
        let (one, other) = (open(&database), open(&database));
        one.migrate(TABLES).unwrap();
        let mut last = one.data_version().unwrap().unwrap();
        for id in 0..6 {
            let writer = if id % 2 == 0 { &one } else { &other };
            writer.write(|tx| add(tx, id)).unwrap();
            let now = one.data_version().unwrap().unwrap();
            assert_ne!(last, now, "{}", database.name());
            last = now;
        }
    }
    let (_database, db) = sqlite();
    assert_eq!(db.data_version().unwrap(), db.data_version().unwrap());
}

#[test]
fn a_sound_database_has_nothing_to_complain_of() {
    on_both(|db, name| assert_eq!(db.check().unwrap(), Vec::<String>::new(), "{name}"));
}
