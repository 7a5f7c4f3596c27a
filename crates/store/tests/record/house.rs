//! A store of a test's own in each database, with permits over its records, and a way in below it.

use std::path::{Path, PathBuf};

use mecum_record::access::{Act, Permit, ResourceKey, ScopeSet, decide};
use mecum_record::caller::Caller;
use mecum_record::ids::{RecordId, SourceId, VersionId};
use mecum_record::source::SourceKind;
use mecum_store::db::{Db, PgOptions, SqliteOptions};
use mecum_store::keys::{InstallationKey, KeyStore};
use mecum_store::{
    ACCESS_FILE, ACCESS_SCHEMA, BLOBS_FOLDER, KEYS_FILE, Place, Profile, RECORD_FILE, RECORD_SCHEMA, Staging, Store,
    StoreError, Version, Workload,
};
use mecum_testkit::harness::{self, TestDatabase};
use tempfile::TempDir;

/// 2026-01-02T03:04:05Z.
pub(crate) const NOW_US: i64 = 1_767_323_045_000_000;

/// A place for a store, and its key; gone when dropped.
pub(crate) struct House {
    database: TestDatabase,
    blobs: TempDir,
    key: InstallationKey,
}

impl House {
    /// One on each database.
    pub(crate) fn each() -> Vec<House> {
        harness::databases().into_iter().map(House::on).collect()
    }

    pub(crate) fn on(database: TestDatabase) -> House {
        House { database, blobs: tempfile::tempdir().unwrap(), key: InstallationKey::generate() }
    }

    pub(crate) fn name(&self) -> &'static str {
        self.database.name()
    }

    /// Opens the store; a second call opens it a second time, as another process would.
    pub(crate) fn open(&self) -> Store {
        Store::open(&self.place(), &self.key, Workload { n_readers: 8, cache_kib: 1024 }, NOW_US).unwrap()
    }

    pub(crate) fn key(&self) -> &InstallationKey {
        &self.key
    }

    /// A backup of the store, in a folder of its own among the blobs' neighbours; each is of another moment.
    pub(crate) fn backup(&self, store: &Store) -> PathBuf {
        static MOMENT: std::sync::atomic::AtomicI64 = std::sync::atomic::AtomicI64::new(NOW_US);
        let now_us = MOMENT.fetch_add(1_000_000, std::sync::atomic::Ordering::Relaxed);
        let (place, to) = (self.place(), self.blobs.path().join("backups"));
        store.backup((&place, &to), &to, now_us, &mut |_| {}).unwrap()
    }

    fn place(&self) -> Place {
        match self.database.place() {
            harness::Place::Sqlite(folder) => Place::Folder(folder.to_owned()),
            harness::Place::Postgres(url) => {
                Place::Postgres { url: url.to_owned(), blobs: self.blobs.path().to_owned() }
            }
        }
    }

    /// The folder of SQLite's files.
    pub(crate) fn folder(&self) -> Option<&Path> {
        match self.database.place() {
            harness::Place::Sqlite(folder) => Some(folder),
            harness::Place::Postgres(_) => None,
        }
    }

    pub(crate) fn blob_folder(&self) -> PathBuf {
        self.folder().map_or_else(|| self.blobs.path().to_owned(), |folder| folder.join(BLOBS_FOLDER))
    }

    /// The database of the records and that of the access log, as somebody with the page keys gets at them past the store.
    pub(crate) fn below(&self) -> (Db, Db) {
        match self.database.place() {
            harness::Place::Sqlite(folder) => {
                let keys = KeyStore::open_file(&folder.join(KEYS_FILE), &self.key).unwrap();
                let open = |file: &str, name: &str| {
                    Db::open_sqlite(&folder.join(file), &keys.page_key(name).unwrap(), SqliteOptions::default())
                };
                (open(RECORD_FILE, "record").unwrap(), open(ACCESS_FILE, "access").unwrap())
            }
            harness::Place::Postgres(url) => {
                let open = |schema: &str| Db::open_postgres(url, schema, PgOptions::default()).unwrap();
                (open(RECORD_SCHEMA), open(ACCESS_SCHEMA))
            }
        }
    }
}

/// Runs a test with a fresh store on each database and a record in it.
pub(crate) fn on_both(test: impl Fn(&House, &Store, RecordId)) {
    for house in House::each() {
        println!("on {}", house.name());
        let store = house.open();
        let record = new_record(&store);
        test(&house, &store, record);
    }
}

pub(crate) fn new_record(store: &Store) -> RecordId {
    store.open_records(&[Profile { name: "Somebody".to_owned(), ..Profile::default() }], NOW_US).unwrap()[0]
}

/// The operator's permit.
pub(crate) fn permit(store: &Store, record: RecordId, act: Act) -> Permit {
    let caller = Caller::Operator { name: "test".to_owned() };
    decide(&caller, act, &store.standing(record, None).unwrap(), NOW_US).unwrap()
}

/// The permit of an app with these scopes.
pub(crate) fn app_permit(store: &Store, record: RecordId, act: Act, scopes: &str) -> Permit {
    let caller = Caller::App {
        token_id: "t".to_owned(),
        client: "app".to_owned(),
        record,
        scopes: ScopeSet::parse(scopes).unwrap(),
    };
    decide(&caller, act, &store.standing(record, None).unwrap(), NOW_US).unwrap()
}

pub(crate) fn source(store: &Store, record: RecordId, name: &str) -> SourceId {
    let permit = permit(store, record, Act::Import);
    store.source_named(&permit, SourceKind::Organization, name, NOW_US).unwrap()
}

/// Begins a staged commit that is no import.
pub(crate) fn staging(store: &Store, record: RecordId) -> Staging<'_> {
    store.begin_staging(&permit(store, record, Act::Import), None, "test", NOW_US).unwrap()
}

pub(crate) fn read(store: &Store, record: RecordId, key: &ResourceKey) -> Option<Version> {
    store.read(&permit(store, record, Act::Read(key.resource_type)), key).unwrap()
}

/// The numbers of a resource's versions, newest first.
pub(crate) fn version_numbers(store: &Store, record: RecordId, key: &ResourceKey) -> Vec<i64> {
    let permit = permit(store, record, Act::Read(key.resource_type));
    store.history(&permit, key, None, 1000).unwrap().iter().map(|version| version.version.0).collect()
}

pub(crate) fn vread(store: &Store, record: RecordId, key: &ResourceKey, version: i64) -> Option<Version> {
    store.vread(&permit(store, record, Act::Read(key.resource_type)), key, VersionId(version)).unwrap()
}

/// Fails, with what was found, unless everything in the store is as it was written.
pub(crate) fn assert_whole(store: &Store) {
    assert_eq!(findings(store), Vec::<String>::new());
}

/// Everything that verification finds, `part: what`.
pub(crate) fn findings(store: &Store) -> Vec<String> {
    verify_all(store).unwrap()
}

pub(crate) fn verify_all(store: &Store) -> Result<Vec<String>, StoreError> {
    let mut all = store.verify_strays()?.findings;
    for record in store.record_numbers()? {
        all.extend(store.verify(record, &mut |_, _| {})?.findings);
    }
    Ok(all.into_iter().map(|finding| format!("{}: {}", finding.part, finding.what)).collect())
}
