//! The key store: keys that last, keys that are erased, and rotations that a crash cannot spoil.

use std::fs;
use std::path::{Path, PathBuf};

use mecum_record::ids::RecordId;
use mecum_store::db::{Db, PageKey, SqliteOptions};
use mecum_store::keys::{Installation, InstallationKey, KeyError, KeySource, KeyStore, Passphrase, rotate_file};
use mecum_store::seal::Aad;
use tempfile::TempDir;

const MINE: RecordId = RecordId(17);
const OTHERS: RecordId = RecordId(18);

struct House {
    folder: TempDir,
}

impl House {
    fn new() -> Self {
        let house = Self { folder: tempfile::tempdir().unwrap() };
        house.source().create().unwrap();
        house
    }

    fn path(&self) -> PathBuf {
        self.folder.path().join("keys/keys.db")
    }

    fn source(&self) -> KeySource {
        KeySource::File(self.folder.path().join("config/a.key"))
    }

    fn open(&self) -> KeyStore {
        self.source().unlock(|key| KeyStore::open_file(&self.path(), key)).unwrap()
    }

    fn rotate(&self) {
        rotate_file(&self.path(), &self.source().read().unwrap(), &self.source()).unwrap();
    }
}

fn sealed(keys: &KeyStore, record: RecordId) -> Vec<u8> {
    keys.record_key(record).unwrap().seal(&Aad::new("t"), b"pulse 62")
}

fn opens(keys: &KeyStore, record: RecordId, sealed: &[u8]) -> bool {
    keys.record_key(record).unwrap().open(&Aad::new("t"), sealed).is_ok_and(|opened| opened == b"pulse 62")
}

fn files_in(folder: &Path) -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files
}

#[test]
fn record_keys_are_made_once_differ_and_last() {
    let house = House::new();
    let keys = house.open();
    keys.create_record_keys(&[MINE, OTHERS]).unwrap();
    let text = sealed(&keys, MINE);
    assert!(opens(&keys, MINE, &text) && !opens(&keys, OTHERS, &text));
    keys.create_record_keys(&[MINE]).unwrap();
    assert!(opens(&keys, MINE, &text), "a second call made another key");
    drop(keys);
    let keys = house.open();
    assert!(opens(&keys, MINE, &text) && !opens(&keys, OTHERS, &text));
    keys.create_record_keys(&[MINE, RecordId(19)]).unwrap();
    assert!(opens(&keys, MINE, &text) && !opens(&keys, RecordId(19), &text));
}

#[test]
fn a_record_without_a_key_is_named() {
    let house = House::new();
    let keys = house.open();
    assert!(matches!(keys.record_key(MINE), Err(KeyError::NoRecordKey(MINE))));
    keys.create_record_keys(&[]).unwrap();
    assert!(matches!(keys.record_key(MINE), Err(KeyError::NoRecordKey(MINE))));
}

#[test]
fn page_and_head_keys_are_the_same_on_every_opening() {
    let house = House::new();
    let database = house.folder.path().join("main.db");
    let open_with = |name: &str| {
        let key: PageKey = house.open().page_key(name).unwrap();
        Db::open_sqlite(&database, &key, SqliteOptions::default()).map(drop)
    };
    open_with("main").unwrap();
    open_with("main").unwrap();
    assert!(open_with("access").is_err());
    let signature = house.open().head_key().unwrap().sign(&[b"17"]);
    assert!(house.open().head_key().unwrap().verify(&[b"17"], &signature));
    house.rotate();
    open_with("main").unwrap();
    assert!(house.open().head_key().unwrap().verify(&[b"17"], &signature), "rotating changed the head key");
}

#[test]
fn two_who_open_at_once_get_the_same_keys() {
    let house = House::new();
    let signatures: Vec<[u8; 32]> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..4).map(|_| scope.spawn(|| house.open().head_key().unwrap().sign(&[b"17"]))).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    assert!(signatures.iter().all(|signature| *signature == signatures[0]));
}

#[test]
fn another_installation_key_is_refused_by_name() {
    let house = House::new();
    house.open().create_record_keys(&[MINE]).unwrap();
    let wrong = KeyStore::open_file(&house.path(), &InstallationKey::generate());
    assert!(matches!(wrong, Err(KeyError::WrongInstallationKey)));
}

#[test]
fn an_erased_key_is_gone_for_good_and_no_other() {
    let house = House::new();
    let keys = house.open();
    keys.create_record_keys(&[MINE, OTHERS]).unwrap();
    let (mine, others) = (sealed(&keys, MINE), sealed(&keys, OTHERS));
    keys.erase_record_key(MINE).unwrap();
    keys.erase_record_key(MINE).unwrap();
    assert!(matches!(keys.record_key(MINE), Err(KeyError::NoRecordKey(MINE))));
    assert!(opens(&keys, OTHERS, &others));
    drop(keys);
    let keys = house.open();
    assert!(matches!(keys.record_key(MINE), Err(KeyError::NoRecordKey(MINE))));
    keys.create_record_keys(&[MINE]).unwrap();
    assert!(!opens(&keys, MINE, &mine), "the erased key came back");
}

#[test]
fn rotation_changes_the_key_file_and_keeps_every_key() {
    let house = House::new();
    let keys = house.open();
    let records: Vec<RecordId> = (0..300).map(RecordId).collect();
    keys.create_record_keys(&records).unwrap();
    let texts: Vec<Vec<u8>> = records.iter().map(|record| sealed(&keys, *record)).collect();
    drop(keys);
    let old = house.source().read().unwrap();
    house.rotate();
    assert!(matches!(KeyStore::open_file(&house.path(), &old), Err(KeyError::WrongInstallationKey)));
    let keys = house.open();
    assert!(records.iter().zip(&texts).all(|(record, text)| opens(&keys, *record, text)));
    drop(keys);
    assert_eq!(files_in(&house.folder.path().join("config")).len(), 1, "a key is left beside the key file");
    assert!(files_in(house.path().parent().unwrap()).iter().all(|path| !path.to_string_lossy().contains(".next")));
}

#[test]
fn keys_are_not_rotated_while_the_key_store_is_open_elsewhere() {
    let house = House::new();
    let keys = house.open();
    let old = house.source().read().unwrap();
    let refused = rotate_file(&house.path(), &old, &house.source());
    assert!(matches!(refused, Err(KeyError::InUse)));
    drop(keys);
    KeyStore::open_file(&house.path(), &old).unwrap();
}

#[test]
fn the_next_key_never_takes_the_place_of_some_other_key() {
    let house = House::new();
    drop(house.open());
    let current = house.source().read().unwrap();
    let elsewhere = KeySource::File(house.folder.path().join("config/b.key"));
    elsewhere.create().unwrap();
    let code = elsewhere.read().unwrap().recovery_code();
    let refused = rotate_file(&house.path(), &current, &elsewhere);
    assert!(matches!(refused, Err(KeyError::KeyFileExists(_))));
    let wrong = rotate_file(&house.path(), &elsewhere.read().unwrap(), &elsewhere);
    assert!(matches!(wrong, Err(KeyError::WrongInstallationKey)));
    assert_eq!(elsewhere.read().unwrap().recovery_code(), code);
    drop(house.open());
    let nowhere = KeySource::File(house.folder.path().join("config/c.key"));
    rotate_file(&house.path(), &current, &nowhere).unwrap();
    nowhere.unlock(|key| KeyStore::open_file(&house.path(), key)).unwrap();
}

#[test]
fn whoever_forgot_the_passphrase_sets_another_with_the_recovery_code() {
    let folder = tempfile::tempdir().unwrap();
    Installation::create(folder.path()).unwrap();
    let path = folder.path().join("keys.db");
    let source = |text: &str| KeySource::Passphrase {
        passphrase: Passphrase::new(text.to_owned()),
        data_folder: folder.path().to_owned(),
    };
    let key = source("soon forgotten").create().unwrap();
    KeyStore::open_file(&path, &key).unwrap();
    let key = InstallationKey::from_recovery_code(&key.recovery_code()).unwrap();
    rotate_file(&path, &key, &source("to be remembered")).unwrap();
    source("to be remembered").unlock(|key| KeyStore::open_file(&path, key)).unwrap();
}

#[test]
fn a_passphrase_is_rotated_to_the_next_one() {
    let folder = tempfile::tempdir().unwrap();
    Installation::create(folder.path()).unwrap();
    let path = folder.path().join("keys.db");
    let source = |text: &str| KeySource::Passphrase {
        passphrase: Passphrase::new(text.to_owned()),
        data_folder: folder.path().to_owned(),
    };
    source("the first passphrase").create().unwrap();
    let open = |text: &str| source(text).unlock(|key| KeyStore::open_file(&path, key));
    let keys = open("the first passphrase").unwrap();
    keys.create_record_keys(&[MINE]).unwrap();
    let text = sealed(&keys, MINE);
    drop(keys);
    assert!(matches!(open("another passphrase"), Err(KeyError::WrongInstallationKey)));
    let current = source("the first passphrase").read().unwrap();
    rotate_file(&path, &current, &source("the second passphrase")).unwrap();
    assert!(matches!(open("the first passphrase"), Err(KeyError::WrongInstallationKey)));
    assert!(opens(&open("the second passphrase").unwrap(), MINE, &text));
}

#[test]
fn neither_keys_nor_names_stand_readable_in_the_files() {
    let house = House::new();
    let keys = house.open();
    keys.create_record_keys(&[MINE]).unwrap();
    for path in files_in(house.path().parent().unwrap()) {
        let file = fs::read(&path).unwrap();
        for word in [&b"record/17"[..], b"wrapped_key", b"SQLite format 3"] {
            assert!(!file.windows(word.len()).any(|window| window == word), "{}", path.display());
        }
    }
}
