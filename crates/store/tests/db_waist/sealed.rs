//! Nothing readable on the disk, and no way in without the key.

use std::fs;
use std::path::Path;

use mecum_store::db::{Db, DbError, PageKey, SqliteOptions};
use mecum_testkit::harness;

use crate::place::{file, ids, key, open_file, sqlite};

const MARK: &str = "Mycobacterium-leprae-seen-in-the-sample";

fn put_marks(db: &Db, from: i64) {
    db.write(|tx| {
        (from..from + 200).try_for_each(|id| {
            let (name, body) = (format!("{MARK} {id}"), MARK.repeat(50));
            let sql = "INSERT INTO thing (id, name, body) VALUES ($1, $2, $3)";
            tx.execute(sql, &[id.into(), name.into(), body.as_bytes().into()]).map(drop)
        })
    })
    .unwrap();
}

/// Every file in the folder, searched for the mark, for words of the schema, and for SQLite's own header.
fn assert_sealed(folder: &Path) {
    let mut n_bytes = 0;
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let bytes = fs::read(&path).unwrap();
        for plain in ["Mycobacterium", "CREATE TABLE", "thing_by_name", "SQLite format 3"] {
            let found = bytes.windows(plain.len()).any(|window| window == plain.as_bytes());
            assert!(!found, "{plain} stands readable in {}", path.display());
        }
        n_bytes += bytes.len();
    }
    assert!(n_bytes > 400_000, "the rows are in these files");
}

#[test]
fn no_word_of_a_row_or_of_the_schema_is_readable_in_any_file() {
    let (database, db) = sqlite();
    let folder = file(&database).parent().unwrap().to_owned();
    put_marks(&db, 0);
    assert!(fs::metadata(folder.join("mecum.db-wal")).unwrap().len() > 100_000, "the rows are in the log");
    assert_sealed(&folder);
    db.checkpoint().unwrap();
    put_marks(&db, 1_000);
    assert_sealed(&folder);
    db.backup_to(&folder.join("copy.db"), &mut |_, _| {}).unwrap();
    drop(db);
    assert_sealed(&folder);
}

#[test]
fn another_key_is_refused_and_the_right_one_still_fits() {
    let (database, db) = sqlite();
    put_marks(&db, 0);
    let path = file(&database);
    let wrong = || Db::open_sqlite(&path, &PageKey::new([8; 32]), SqliteOptions::default()).err();
    assert_eq!(wrong(), Some(DbError::WrongKey));
    drop(db);
    assert_eq!(wrong(), Some(DbError::WrongKey));
    assert_eq!(ids(&open_file(&path).unwrap()).len(), 200);
}

#[test]
fn a_plain_sqlite_file_is_refused() {
    let database = harness::sqlite();
    let path = file(&database);
    let mut plain = b"SQLite format 3\0".to_vec();
    plain.resize(8_192, 0);
    fs::write(&path, &plain).unwrap();
    assert_eq!(open_file(&path).err(), Some(DbError::NotEncrypted));
    assert_eq!(fs::read(&path).unwrap(), plain, "the file is as it was");
}

#[test]
fn a_file_that_is_no_database_is_refused() {
    let database = harness::sqlite();
    let path = file(&database);
    for bytes in [vec![b'x'; 100], vec![b'x'; 20_000]] {
        fs::write(&path, &bytes).unwrap();
        assert_eq!(open_file(&path).err(), Some(DbError::WrongKey));
        assert_eq!(fs::read(&path).unwrap(), bytes, "the file is as it was");
    }
}

#[test]
fn a_database_is_made_only_when_asked_for() {
    let database = harness::sqlite();
    let path = file(&database);
    let open = |create| Db::open_sqlite(&path, &key(), SqliteOptions { create, ..SqliteOptions::default() });
    assert_eq!(open(false).err(), Some(DbError::Missing));
    assert!(!path.exists());
    drop(open(true).unwrap());
    assert!(open(false).is_ok());
    let nowhere = path.join("below/a/file.db");
    assert!(Db::open_sqlite(&nowhere, &key(), SqliteOptions::default()).is_err());
}

#[cfg(unix)]
#[test]
fn only_its_owner_can_read_the_files() {
    use std::os::unix::fs::PermissionsExt as _;
    let (database, db) = sqlite();
    put_marks(&db, 0);
    let folder = file(&database).parent().unwrap().to_owned();
    let mut n_files = 0;
    for entry in fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        assert_eq!(entry.metadata().unwrap().permissions().mode() & 0o077, 0, "{}", entry.path().display());
        n_files += 1;
    }
    assert!(n_files >= 4);
}

#[test]
fn an_altered_page_is_noticed() {
    let (database, db) = sqlite();
    put_marks(&db, 0);
    drop(db);
    let path = file(&database);
    let mut bytes = fs::read(&path).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    fs::write(&path, bytes).unwrap();
    let db = open_file(&path).unwrap();
    let all = db.read(|tx| tx.query("SELECT id, name, body FROM thing", &[]).map(|rows| rows.len()));
    let checked = db.check();
    assert!(all == Err(DbError::Corrupt) || all.is_ok_and(|_| checked.is_ok_and(|found| !found.is_empty())));
}

#[test]
fn two_who_make_the_same_database_at_once_share_it() {
    let database = harness::sqlite();
    let path = file(&database);
    let handles: Vec<Db> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..4).map(|_| scope.spawn(|| open_file(&path).unwrap())).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    handles[0].migrate(crate::place::TABLES).unwrap();
    for (db, n) in handles.iter().zip(0_i64..) {
        db.write(|tx| crate::place::add(tx, n)).unwrap();
    }
    drop(handles);
    assert_eq!(ids(&open_file(&path).unwrap()), [0, 1, 2, 3]);
}
