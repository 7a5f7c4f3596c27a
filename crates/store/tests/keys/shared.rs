//! The key store in a database of its own, on both kinds: the same promises, and rotation under others who have it open.

use mecum_record::ids::RecordId;
use mecum_store::db::{Db, DbError, PageKey, PgOptions, SqliteOptions};
use mecum_store::keys::{InstallationKey, KeyError, KeySource, KeyStore};
use mecum_store::seal::Aad;
use mecum_testkit::harness::{Place, TestDatabase, databases};
use tempfile::TempDir;

const MINE: RecordId = RecordId(17);
const OTHERS: RecordId = RecordId(18);

/// A database and the key file of one of its nodes.
struct House {
    database: TestDatabase,
    folder: TempDir,
}

impl House {
    fn source(&self) -> KeySource {
        KeySource::File(self.folder.path().join("a.key"))
    }

    fn db(&self) -> Db {
        let options = PgOptions { n_connections: 2, ..PgOptions::default() };
        let db = match self.database.place() {
            Place::Sqlite(folder) => {
                Db::open_sqlite(&folder.join("own.db"), &PageKey::new([3; 32]), SqliteOptions::default())
            }
            Place::Postgres(url) => Db::open_postgres(url, "mecum_keys", options),
        };
        db.unwrap()
    }

    fn open(&self) -> KeyStore {
        KeyStore::open(self.db(), &self.source().read().unwrap()).unwrap()
    }
}

fn houses() -> Vec<House> {
    let house = |database| {
        let house = House { database, folder: tempfile::tempdir().unwrap() };
        house.source().create().unwrap();
        house
    };
    databases().into_iter().map(house).collect()
}

fn sealed(keys: &KeyStore, record: RecordId) -> Vec<u8> {
    keys.record_key(record).unwrap().seal(&Aad::new("t"), b"pulse 62")
}

fn opens(keys: &KeyStore, record: RecordId, sealed: &[u8]) -> bool {
    keys.record_key(record).unwrap().open(&Aad::new("t"), sealed).is_ok_and(|opened| opened == b"pulse 62")
}

#[test]
fn many_record_keys_are_made_at_once_and_last() {
    for house in houses() {
        let records: Vec<RecordId> = (0..5_000).map(RecordId).collect();
        let keys = house.open();
        keys.create_record_keys(&records).unwrap();
        keys.create_record_keys(&records[..10]).unwrap();
        let text = sealed(&keys, MINE);
        let again = house.open();
        assert!(opens(&again, MINE, &text) && !opens(&again, OTHERS, &text), "{}", house.database.name());
    }
}

#[test]
fn another_installation_key_is_refused_by_name_and_harms_nothing() {
    for house in houses() {
        let keys = house.open();
        let signature = keys.head_key().unwrap().sign(&[b"17"]);
        let wrong = KeyStore::open(house.db(), &InstallationKey::generate());
        assert!(matches!(wrong, Err(KeyError::WrongInstallationKey)), "{}", house.database.name());
        keys.verify_installation().unwrap();
        assert!(house.open().head_key().unwrap().verify(&[b"17"], &signature));
    }
}

#[test]
fn a_row_that_was_moved_altered_or_taken_away_is_found() {
    for house in houses() {
        let keys = house.open();
        keys.create_record_keys(&[MINE, OTHERS]).unwrap();
        let run = |sql: &str| keys.database().write(|tx| tx.execute(sql, &[])).map(drop);
        let moved = "UPDATE wrapped_key SET wrapped = (SELECT wrapped FROM wrapped_key WHERE name = 'record/17') \
                     WHERE name = 'record/18'";
        run(moved).unwrap();
        let damaged = house.open().record_key(OTHERS).err().unwrap();
        assert!(matches!(&damaged, KeyError::Damaged { name } if name == "record/18"), "{damaged}");
        run("DELETE FROM wrapped_key WHERE name = 'installation'").unwrap();
        let key = house.source().read().unwrap();
        let damaged = KeyStore::open(house.db(), &key).err().unwrap();
        assert!(matches!(&damaged, KeyError::Damaged { name } if name == "installation"), "{damaged}");
    }
}

#[test]
fn an_erased_key_is_gone_for_good_and_no_other() {
    for house in houses() {
        let keys = house.open();
        keys.create_record_keys(&[MINE, OTHERS]).unwrap();
        let (mine, others) = (sealed(&keys, MINE), sealed(&keys, OTHERS));
        keys.erase_record_key(MINE).unwrap();
        keys.erase_record_key(MINE).unwrap();
        for keys in [&keys, &house.open()] {
            assert!(matches!(keys.record_key(MINE), Err(KeyError::NoRecordKey(MINE))), "{}", house.database.name());
            assert!(opens(keys, OTHERS, &others));
        }
        keys.create_record_keys(&[MINE]).unwrap();
        assert!(!opens(&keys, MINE, &mine), "the erased key came back");
    }
}

#[test]
fn keys_are_rotated_under_others_who_go_on_reading_and_make_no_keys() {
    for house in houses() {
        let first = house.source().read().unwrap();
        let (mut here, there) = (house.open(), house.open());
        here.create_record_keys(&[MINE, OTHERS]).unwrap();
        let text = sealed(&there, MINE);
        here.rotate(&first, &house.source()).unwrap();
        assert!(opens(&here, MINE, &text), "{}", house.database.name());
        here.create_record_keys(&[RecordId(19)]).unwrap();
        here.verify_installation().unwrap();
        assert!(opens(&there, MINE, &text), "a key at hand is good still");
        assert!(matches!(there.record_key(OTHERS), Err(KeyError::KeysRotated)));
        assert!(matches!(there.create_record_keys(&[RecordId(20)]), Err(KeyError::KeysRotated)));
        assert!(matches!(there.erase_record_key(MINE), Err(KeyError::KeysRotated)));
        assert!(matches!(there.verify_installation(), Err(KeyError::WrongInstallationKey)));
        assert!(opens(&house.open(), MINE, &text), "the key file has the next key");
        assert!(matches!(KeyStore::open(house.db(), &first), Err(KeyError::WrongInstallationKey)));
        assert!(matches!(here.rotate(&first, &house.source()), Err(KeyError::WrongInstallationKey)));
    }
}

#[test]
fn a_rotation_that_the_database_refuses_leaves_the_key_that_was() {
    for house in houses() {
        let first = house.source().read().unwrap();
        let mut keys = house.open();
        keys.create_record_keys(&[MINE]).unwrap();
        let text = sealed(&keys, MINE);
        let damage = "UPDATE wrapped_key SET wrapped = $1 WHERE name = 'head'";
        drop(keys.head_key().unwrap());
        let whole = keys.database().read(|tx| -> Result<Vec<u8>, DbError> {
            Ok(tx.query_one("SELECT wrapped FROM wrapped_key WHERE name = 'head'", &[])?.bytes(0)?.to_vec())
        });
        let whole = whole.unwrap();
        keys.database().write(|tx| tx.execute(damage, &[b"rubbish".into()])).unwrap();
        let refused = keys.rotate(&first, &house.source()).err().unwrap();
        assert!(matches!(&refused, KeyError::Damaged { name } if name == "head"), "{refused}");
        keys.database().write(|tx| tx.execute(damage, &[whole.into()])).unwrap();
        let opened = house.source().unlock(|key| KeyStore::open(house.db(), key)).unwrap();
        assert!(opens(&opened, MINE, &text), "{}", house.database.name());
        assert!(house.source().read().unwrap().recovery_code() == first.recovery_code());
    }
}
