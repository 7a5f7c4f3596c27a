//! Group commit: many writers, few commits, and no member harmed by another.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use mecum_store::db::{Db, DbError};

use crate::place::{add, ids, sqlite, while_writing};

/// Keeps the writer busy until so many threads are about to write, so that they form groups.
fn crowd<'scope>(
    scope: &'scope thread::Scope<'scope, '_>,
    db: &'scope Db,
    n_threads: usize,
    work: impl Fn(i64) + Send + Copy + 'scope,
) {
    let (ready, all_ready) = mpsc::channel();
    let (held, is_held) = mpsc::channel();
    let holder = scope.spawn(move || {
        db.write::<_, DbError>(|_| {
            held.send(()).unwrap();
            all_ready.iter().take(n_threads).for_each(drop);
            // The last to report still has a step to go until it stands in the queue.
            thread::sleep(Duration::from_millis(30));
            Ok(())
        })
        .unwrap();
    });
    is_held.recv().unwrap();
    for n in 0..i64::try_from(n_threads).unwrap() {
        let ready = ready.clone();
        scope.spawn(move || {
            ready.send(()).unwrap();
            work(n);
        });
    }
    drop(holder);
}

#[test]
fn sixty_four_writers_at_once_need_few_commits() {
    let (_database, db) = sqlite();
    let before = db.write_counts();
    thread::scope(|scope| crowd(scope, &db, 64, |n| db.write(|tx| add(tx, n)).unwrap()));
    let after = db.write_counts();
    assert_eq!(after.n_writes - before.n_writes, 65);
    assert_eq!(ids(&db).len(), 64);
    assert!(after.n_commits - before.n_commits <= 16, "{} commits", after.n_commits - before.n_commits);
}

#[test]
fn writers_that_never_stop_group_by_themselves() {
    let (_database, db) = sqlite();
    let before = db.write_counts();
    thread::scope(|scope| {
        for first in (0..32_i64).map(|n| n * 1_000) {
            let db = &db;
            scope.spawn(move || (first..first + 50).for_each(|id| db.write(|tx| add(tx, id)).unwrap()));
        }
    });
    let after = db.write_counts();
    assert_eq!(ids(&db).len(), 32 * 50);
    let n_commits = after.n_commits - before.n_commits;
    assert!(n_commits * 2 <= 32 * 50, "{n_commits} commits for 1600 writes");
    println!("{n_commits} commits for 1600 writes");
}

#[test]
fn a_lone_writer_commits_at_once() {
    let (_database, db) = sqlite();
    let before = db.write_counts().n_commits;
    let began = Instant::now();
    (0..20).for_each(|id| db.write(|tx| add(tx, id)).unwrap());
    assert_eq!(db.write_counts().n_commits - before, 20);
    assert!(began.elapsed() < Duration::from_secs(10));
}

#[test]
fn members_that_fail_or_panic_do_not_harm_the_others() {
    let (_database, db) = sqlite();
    let (failed, panicked) = (AtomicUsize::new(0), AtomicUsize::new(0));
    thread::scope(|scope| {
        crowd(scope, &db, 60, |n| match n % 3 {
            0 => db.write(|tx| add(tx, n)).unwrap(),
            1 => {
                let result = db.write::<(), _>(|tx| {
                    add(tx, n)?;
                    // Breaks the unique rule: the statement fails inside the group's transaction.
                    add(tx, n)
                });
                assert!(matches!(result, Err(DbError::Unique { .. })), "{result:?}");
                failed.fetch_add(1, Ordering::Relaxed);
            }
            _ => {
                let result = catch_unwind(AssertUnwindSafe(|| {
                    db.write::<(), DbError>(|tx| {
                        add(tx, n)?;
                        panic!("a member panics");
                    })
                }));
                assert!(result.is_err());
                panicked.fetch_add(1, Ordering::Relaxed);
            }
        });
    });
    assert_eq!(ids(&db), (0..60).filter(|n| n % 3 == 0).collect::<Vec<_>>());
    assert_eq!((failed.into_inner(), panicked.into_inner()), (20, 20));
}

#[test]
fn nobody_returns_before_its_write_is_committed() {
    let (_database, db) = sqlite();
    thread::scope(|scope| {
        crowd(scope, &db, 32, |n| {
            db.write(|tx| add(tx, n)).unwrap();
            // A reader sees committed rows only.
            assert!(ids(&db).contains(&n));
        });
    });
}

#[test]
fn a_full_disk_fails_its_writers_and_leaves_the_acknowledged_rows_whole() {
    let (_database, db) = sqlite();
    db.write(|tx| tx.query("PRAGMA max_page_count = 40", &[])).unwrap();
    let big = vec![1_u8; 2_000];
    let put = |id: i64| {
        db.write(|tx| tx.execute("INSERT INTO thing (id, body) VALUES ($1, $2)", &[id.into(), (&big).into()]))
    };
    let (acknowledged, refused) = (AtomicUsize::new(0), AtomicUsize::new(0));
    thread::scope(|scope| {
        for first in (0..8_i64).map(|n| n * 100) {
            let (put, acknowledged, refused) = (&put, &acknowledged, &refused);
            scope.spawn(move || {
                for id in first..first + 20 {
                    match put(id) {
                        Ok(_) => acknowledged.fetch_add(1, Ordering::Relaxed),
                        Err(DbError::DiskFull) => refused.fetch_add(1, Ordering::Relaxed),
                        Err(other) => panic!("{other:?}"),
                    };
                }
            });
        }
    });
    assert!(refused.into_inner() > 0);
    assert_eq!(ids(&db).len(), acknowledged.into_inner());
    assert_eq!(db.check().unwrap(), Vec::<String>::new());
    db.write(|tx| tx.query("PRAGMA max_page_count = 4000", &[])).unwrap();
    put(999).unwrap();
}

#[test]
fn a_statement_that_ends_the_transaction_fails_its_group_and_the_next_write_works() {
    let (_database, db) = sqlite();
    let failed = db.write(|tx| {
        add(tx, 1)?;
        tx.execute("ROLLBACK", &[])
    });
    assert!(matches!(failed, Err(DbError::Other(_))), "{failed:?}");
    db.write(|tx| add(tx, 2)).unwrap();
    assert_eq!(ids(&db), [2]);
}

#[test]
fn a_writer_that_waits_too_long_for_another_is_told_so() {
    let (database, db) = sqlite();
    let options = mecum_store::db::SqliteOptions { busy_timeout_ms: 50, ..Default::default() };
    let other = Db::open_sqlite(&crate::place::file(&database), &crate::place::key(), options).unwrap();
    while_writing(
        &db,
        |tx| add(tx, 1),
        || {
            assert_eq!(other.write(|tx| add(tx, 2)), Err(DbError::Busy));
            // Two in one process: the second waits behind the first.
            thread::scope(|scope| {
                let other = &other;
                let write = move |id| other.write(|tx| add(tx, id));
                let waiting: Vec<_> = (3..5).map(|id| scope.spawn(move || write(id))).collect();
                for thread in waiting {
                    assert_eq!(thread.join().unwrap(), Err(DbError::Busy));
                }
            });
        },
    );
    other.write(|tx| add(tx, 6)).unwrap();
    assert_eq!(ids(&db), [1, 6]);
}
