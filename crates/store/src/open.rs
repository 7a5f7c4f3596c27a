//! Opening the store: where it lies, with which key, and bringing its schemas up to this program.

use std::path::{Path, PathBuf};

use mecum_record::access::{Act, Permit};

use crate::Store;
use crate::blobs::Blobs;
use crate::db::{Db, DbError, Migrated, PageKey, Pending, PgOptions, SqliteOptions};
use crate::error::StoreError;
use crate::keys::{InstallationKey, KeyStore};
use crate::schema;

/// Where a store lies.
#[derive(Clone)]
pub enum Place {
    /// Encrypted SQLite files in a folder.
    Folder(PathBuf),
    /// A PostgreSQL database, with the blobs in a folder.
    Postgres {
        /// `postgres://…`; holds a password and is never printed.
        url: String,
        /// The folder of the blobs.
        blobs: PathBuf,
    },
}

/// The files of a data folder.
pub const RECORD_FILE: &str = "record.db";
/// The access log's file in a data folder.
pub const ACCESS_FILE: &str = "access.db";
/// The key store's file in a data folder.
pub const KEYS_FILE: &str = "keys.db";
/// The folder of the blobs in a data folder.
pub const BLOBS_FOLDER: &str = "blobs";

/// The schemas of a PostgreSQL database: one each, so that each is dumped by itself.
pub const RECORD_SCHEMA: &str = "mecum";
/// The access log's schema.
pub const ACCESS_SCHEMA: &str = "mecum_access";
/// The key store's schema, dumped apart and kept apart (design §5).
pub const KEYS_SCHEMA: &str = "mecum_keys";

/// How busy a store is expected to be.
#[derive(Clone, Copy, Debug)]
pub struct Workload {
    /// Reads at once.
    pub n_readers: usize,
    /// Decrypted pages kept by each reader, KiB.
    pub cache_kib: u32,
}

impl Workload {
    /// One command on the command line.
    pub const COMMAND: Workload = Workload { n_readers: 2, cache_kib: 8 * 1024 };
    /// A server.
    pub const SERVER: Workload = Workload { n_readers: 8, cache_kib: 16 * 1024 };
}

/// The three databases of a store.
struct Databases {
    main: Db,
    access: Db,
    keys: KeyStore,
}

impl Store {
    /// Opens the store, migrating it first; makes it when there is none yet.
    ///
    /// # Errors
    /// A wrong key, a schema newer than this program, a file that is not encrypted; each says so.
    pub fn open(place: &Place, key: &InstallationKey, workload: Workload, now_us: i64) -> Result<Store, StoreError> {
        let databases = connect(place, key, workload)?;
        databases.main.migrate(schema::RECORD)?;
        databases.access.migrate(schema::ACCESS)?;
        let heads = databases.keys.head_key()?;
        let blobs = Blobs::open(&blob_folder(place))?;
        let Databases { main, access, keys } = databases;
        let store = Store { main, access, keys, blobs, heads };
        store.open_directory(now_us)?;
        Ok(store)
    }

    /// Brings the schemas up to this program and says from where to where; on Citus, distributes the tables.
    ///
    /// # Errors
    /// As [`Store::open`].
    pub fn migrate(place: &Place, key: &InstallationKey) -> Result<Vec<(&'static str, Migrated)>, StoreError> {
        let databases = connect(place, key, Workload::COMMAND)?;
        let done = vec![
            ("record", databases.main.migrate(schema::RECORD)?),
            ("access log", databases.access.migrate(schema::ACCESS)?),
        ];
        databases.main.distribute(schema::DISTRIBUTED)?;
        databases.access.distribute(schema::DISTRIBUTED_ACCESS)?;
        Ok(done)
    }

    /// What a migration would do.
    ///
    /// # Errors
    /// As [`Store::open`].
    pub fn pending(place: &Place, key: &InstallationKey) -> Result<Vec<(&'static str, Pending)>, StoreError> {
        let databases = connect(place, key, Workload::COMMAND)?;
        Ok(vec![
            ("record", databases.main.pending(schema::RECORD)?),
            ("access log", databases.access.pending(schema::ACCESS)?),
        ])
    }

    /// Whether a store was made here already.
    #[must_use]
    pub fn is_there(folder: &Path) -> bool {
        folder.join(KEYS_FILE).exists()
    }

    /// Keeps a content in the record that the permit is over, sealed, and gives its name; equal content is kept once.
    ///
    /// # Errors
    /// [`StoreError::NotCovered`] without a permit to import; what the file system says.
    pub fn put_blob(
        &self,
        permit: &Permit,
        content: &mut dyn std::io::Read,
    ) -> Result<crate::blobs::BlobRef, StoreError> {
        if permit.act() != Act::Import {
            return Err(StoreError::NotCovered);
        }
        let record = permit.over();
        let key = self.keys.record_key(record)?;
        Ok(self.blobs.put(record, &key, content)?)
    }

    /// Opens a kept content of the record that the permit is over.
    ///
    /// # Errors
    /// When it is missing or not what was put.
    pub fn open_blob(
        &self,
        permit: &Permit,
        name: crate::blobs::BlobName,
    ) -> Result<crate::blobs::BlobReader, StoreError> {
        let record = permit.over();
        let key = self.keys.record_key(record)?;
        Ok(self.blobs.open_blob(record, &key, name)?)
    }
}

fn connect(place: &Place, key: &InstallationKey, workload: Workload) -> Result<Databases, StoreError> {
    match place {
        Place::Folder(folder) => {
            let options = SqliteOptions {
                n_readers: workload.n_readers,
                cache_kib: workload.cache_kib,
                ..SqliteOptions::default()
            };
            let open = |file: &str, page_key: &PageKey| Db::open_sqlite(&folder.join(file), page_key, options);
            let keys = KeyStore::open_file(&folder.join(KEYS_FILE), key)?;
            let main = open(RECORD_FILE, &keys.page_key("record")?)?;
            let access = open(ACCESS_FILE, &keys.page_key("access")?)?;
            Ok(Databases { main, access, keys })
        }
        Place::Postgres { url, .. } => {
            let options = PgOptions { n_connections: workload.n_readers, ..PgOptions::default() };
            let open = |schema: &str| -> Result<Db, DbError> { Db::open_postgres(url, schema, options) };
            let keys = KeyStore::open(open(KEYS_SCHEMA)?, key)?;
            Ok(Databases { main: open(RECORD_SCHEMA)?, access: open(ACCESS_SCHEMA)?, keys })
        }
    }
}

fn blob_folder(place: &Place) -> PathBuf {
    match place {
        Place::Folder(folder) => folder.join(BLOBS_FOLDER),
        Place::Postgres { blobs, .. } => blobs.clone(),
    }
}
