//! All or nothing, who sees what, and errors that cannot be overlooked.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::channel;

use mecum_store::db::DbError;
use mecum_testkit::harness::{self, Place};

use crate::place::{TABLES, add, ids, ids_in, on_both, open};

#[test]
fn a_write_that_fails_leaves_nothing() {
    on_both(|db, name| {
        let failed = db.write(|tx| {
            add(tx, 1)?;
            Err::<(), _>(DbError::NoRow)
        });
        assert_eq!(failed, Err(DbError::NoRow), "{name}");
        assert!(ids(db).is_empty(), "{name}");
    });
}

#[test]
fn a_write_that_panics_leaves_nothing_and_the_next_one_works() {
    on_both(|db, name| {
        let panicked = catch_unwind(AssertUnwindSafe(|| {
            db.write::<(), DbError>(|tx| {
                add(tx, 1)?;
                panic!("in the middle of a write");
            })
        }));
        assert!(panicked.is_err(), "{name}");
        db.write(|tx| add(tx, 2)).unwrap();
        assert_eq!(ids(db), [2], "{name}");
    });
}

#[test]
fn a_read_that_panics_gives_its_connection_back() {
    on_both(|db, name| {
        for _ in 0..20 {
            let panicked = catch_unwind(AssertUnwindSafe(|| {
                db.read::<(), DbError>(|tx| {
                    ids_in(tx)?;
                    panic!("in the middle of a read");
                })
            }));
            assert!(panicked.is_err(), "{name}");
        }
        assert!(ids(db).is_empty(), "{name}");
    });
}

#[test]
fn after_a_failed_statement_nothing_is_kept_even_if_the_error_is_swallowed() {
    on_both(|db, name| {
        let kept = db.write::<_, DbError>(|tx| {
            add(tx, 1)?;
            assert!(add(tx, 1).is_err(), "{name}");
            let later = add(tx, 2);
            assert!(matches!(later, Err(DbError::Unique { .. })), "{name}: {later:?}");
            Ok("kept")
        });
        assert!(matches!(kept, Err(DbError::Unique { .. })), "{name}: {kept:?}");
        assert!(ids(db).is_empty(), "{name}");
    });
}

#[test]
fn a_read_cannot_write() {
    on_both(|db, name| {
        let refused = db.read(|tx| add(tx, 1));
        assert_eq!(refused, Err(DbError::Other("the transaction is for reading only".to_owned())), "{name}");
        db.write(|tx| add(tx, 2)).unwrap();
        assert_eq!(ids(db), [2], "{name}");
    });
}

#[test]
fn a_read_sees_one_state_while_others_write() {
    on_both(|db, name| {
        db.write(|tx| add(tx, 1)).unwrap();
        db.read::<_, DbError>(|tx| {
            assert_eq!(ids_in(tx)?, [1], "{name}");
            for id in 2..30 {
                db.write(|tx| add(tx, id))?;
            }
            assert_eq!(ids_in(tx)?, [1], "{name}");
            Ok(())
        })
        .unwrap();
        assert_eq!(ids(db).len(), 29, "{name}");
    });
}

#[test]
fn what_is_not_committed_is_seen_by_its_own_transaction_only() {
    on_both(|db, name| {
        db.write::<_, DbError>(|tx| {
            add(tx, 1)?;
            assert_eq!(ids_in(tx)?, [1], "{name}");
            assert!(ids(db).is_empty(), "{name}");
            Ok(())
        })
        .unwrap();
        assert_eq!(ids(db), [1], "{name}");
    });
}

#[test]
fn more_reads_than_connections_wait_their_turn() {
    on_both(|db, name| {
        db.write(|tx| add(tx, 1)).unwrap();
        std::thread::scope(|scope| {
            let (sender, receiver) = channel();
            for _ in 0..32 {
                let sender = sender.clone();
                scope.spawn(move || sender.send(ids(db)).unwrap());
            }
            drop(sender);
            assert_eq!(receiver.iter().filter(|ids| ids == &[1]).count(), 32, "{name}");
        });
    });
}

#[test]
fn what_was_acknowledged_is_there_after_opening_again() {
    for database in harness::databases() {
        {
            let db = open(&database);
            db.migrate(TABLES).unwrap();
            db.write(|tx| add(tx, 5)).unwrap();
        }
        assert_eq!(ids(&open(&database)), [5], "{}", database.name());
    }
}

#[test]
fn two_openings_of_one_database_see_each_others_commits() {
    for database in harness::databases() {
        let (one, other) = (open(&database), open(&database));
        one.migrate(TABLES).unwrap();
        std::thread::scope(|scope| {
            for (db, first) in [(&one, 0), (&other, 1000)] {
                scope.spawn(move || (first..first + 100).for_each(|id| db.write(|tx| add(tx, id)).unwrap()));
            }
        });
        assert_eq!(ids(&one).len(), 200, "{}", database.name());
        assert_eq!(ids(&one), ids(&other), "{}", database.name());
    }
}

#[test]
fn a_write_inside_a_write_is_an_error_and_not_a_standstill() {
    let (_database, db) = crate::place::sqlite();
    let nested = db.write::<_, DbError>(|_| db.write(|tx| add(tx, 1)));
    assert!(matches!(nested, Err(DbError::Other(_))), "{nested:?}");
    db.write(|tx| add(tx, 2)).unwrap();
    assert_eq!(ids(&db), [2]);
}

#[test]
fn the_harness_names_places_and_removes_them() {
    let database = harness::sqlite();
    let Place::Sqlite(folder) = database.place() else { panic!("a folder") };
    let folder = folder.to_owned();
    open(&database);
    assert!(folder.is_dir());
    drop(database);
    assert!(!folder.exists());
}
