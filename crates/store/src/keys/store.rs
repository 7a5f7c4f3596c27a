//! The key store: a small database of wrapped keys, apart from the main one and backed up apart.

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use mecum_record::ids::RecordId;
use zeroize::Zeroizing;

use super::cache::KeyCache;
use super::lock::Lock;
use super::wrapped::{self, MIGRATIONS};
use super::{InstallationKey, KeyError, KeySource, embedded};
use crate::db::{Db, PageKey, Tx};
use crate::seal::{Envelope, HeadKey, RecordKey};

/// Gives out the keys of records and databases, which it keeps wrapped by the installation key.
pub struct KeyStore {
    db: Db,
    wrapping: Envelope,
    /// The row that says which installation key the rows are wrapped with, as it was when this was opened.
    mark: Vec<u8>,
    cache: Mutex<KeyCache>,
    /// Keeps a rotation out while an embedded key store is open; where the database is shared, the mark does.
    lock: Option<Lock>,
}

impl KeyStore {
    /// Opens the key store in a database of its own, and makes it if there is none.
    ///
    /// # Errors
    /// [`KeyError::WrongInstallationKey`] when it belongs to another key; [`KeyError::Db`].
    pub fn open(db: Db, key: &InstallationKey) -> Result<Self, KeyError> {
        db.migrate(MIGRATIONS)?;
        let wrapping = key.wrapping();
        let mark = db.write(|tx| wrapped::mark(tx, &wrapping))?;
        Ok(Self { db, wrapping, mark, cache: Mutex::default(), lock: None })
    }

    /// Opens the key store of an embedded installation, `keys.db`, whose pages the installation key seals; makes it if there is none.
    ///
    /// # Errors
    /// As [`KeyStore::open`], and [`KeyError::InUse`] while keys are rotated.
    pub fn open_file(path: &Path, key: &InstallationKey) -> Result<Self, KeyError> {
        let lock = Lock::shared(path)?;
        Ok(Self { lock: Some(lock), ..Self::open(embedded::open(path, key)?, key)? })
    }

    /// The key of a database's pages; random, and made when first asked for.
    ///
    /// # Errors
    /// [`KeyError::KeysRotated`], [`KeyError::Damaged`] or [`KeyError::Db`].
    pub fn page_key(&self, database: &str) -> Result<PageKey, KeyError> {
        Ok(PageKey::new(*self.key_made_once(&format!("pages/{database}"))?))
    }

    /// The key that signs chain heads; random, and made when first asked for.
    ///
    /// # Errors
    /// As [`KeyStore::page_key`].
    pub fn head_key(&self) -> Result<HeadKey, KeyError> {
        Ok(HeadKey::new(&*self.key_made_once("head")?))
    }

    /// Makes a key for each record in one transaction. A record that has one keeps it, so doing it again is no harm.
    ///
    /// # Errors
    /// [`KeyError::KeysRotated`] or [`KeyError::Db`]; no key is made then.
    pub fn create_record_keys(&self, records: &[RecordId]) -> Result<(), KeyError> {
        let names = records.iter().copied().map(wrapped::name_of_record);
        let (keys, rows): (Vec<_>, Vec<_>) = names
            .map(|name| {
                let (key, wrapped) = wrapped::new_key(&self.wrapping, &name);
                (key, (name, wrapped))
            })
            .unzip();
        let added = self.change(|tx| Ok(wrapped::add(tx, &rows)?))?;
        if added == records.len() as u64 {
            let now = Instant::now();
            let mut cache = self.cache.lock().unwrap_or_else(PoisonError::into_inner);
            for (record, key) in records.iter().zip(&keys) {
                cache.put(*record, Arc::new(RecordKey::new(key)), now);
            }
        }
        Ok(())
    }

    /// The data key of a record. Another process's erasing takes up to a minute to be noticed.
    ///
    /// # Errors
    /// [`KeyError::NoRecordKey`] when it has none, or no longer; [`KeyError::Damaged`], [`KeyError::KeysRotated`] or [`KeyError::Db`].
    pub fn record_key(&self, record: RecordId) -> Result<Arc<RecordKey>, KeyError> {
        let now = Instant::now();
        if let Some(key) = self.cache.lock().unwrap_or_else(PoisonError::into_inner).get(record, now) {
            return Ok(key);
        }
        let key = self.find(&wrapped::name_of_record(record))?.ok_or(KeyError::NoRecordKey(record))?;
        let key = Arc::new(RecordKey::new(&key));
        self.cache.lock().unwrap_or_else(PoisonError::into_inner).put(record, Arc::clone(&key), now);
        Ok(key)
    }

    /// Erases a record's key and writes the key store anew without it: what was sealed with it is unreadable from now on.
    ///
    /// # Errors
    /// [`KeyError::KeysRotated`] or [`KeyError::Db`]; erase again then, which is no harm when the key is gone already.
    pub fn erase_record_key(&self, record: RecordId) -> Result<(), KeyError> {
        let name = wrapped::name_of_record(record);
        let sql = "DELETE FROM wrapped_key WHERE name = $1";
        let erased = self.change(|tx| Ok(tx.execute(sql, &[name.as_str().into()])?));
        self.cache.lock().unwrap_or_else(PoisonError::into_inner).remove(record);
        erased?;
        Ok(self.db.vacuum()?)
    }

    /// Whether the rows still are wrapped with the key this was opened with.
    ///
    /// # Errors
    /// [`KeyError::WrongInstallationKey`] when they are not; [`KeyError::Db`].
    pub fn verify_installation(&self) -> Result<(), KeyError> {
        self.db.read(|tx| wrapped::read_mark(tx, &self.wrapping)).map(drop)
    }

    /// Wraps all keys with the next installation key, in one transaction, where the key store is in a shared database; the next key
    /// is as for [`super::rotate_file`], which is for embedded ones.
    ///
    /// Other processes that have it open go on reading, and refuse to make keys until they are started with the new key.
    ///
    /// # Errors
    /// [`KeyError::InUse`] for an embedded key store, otherwise as [`super::rotate_file`]; [`KeyError::KeysRotated`].
    pub fn rotate(&mut self, current: &InstallationKey, next: &KeySource) -> Result<InstallationKey, KeyError> {
        if self.lock.is_some() {
            return Err(KeyError::InUse);
        }
        self.db.read(|tx| wrapped::read_mark(tx, &current.wrapping()))?;
        let key = next.stage(current)?;
        let wrapping = key.wrapping();
        self.mark = self.change(|tx| {
            let rows = wrapped::rewrap(tx, &self.wrapping, &wrapping)?;
            tx.execute("DELETE FROM wrapped_key", &[])?;
            wrapped::fill(tx, &rows)?;
            wrapped::mark(tx, &wrapping)
        })?;
        self.wrapping = wrapping;
        next.promote()?;
        Ok(key)
    }

    /// The database of wrapped keys, for its backup.
    #[must_use]
    pub fn database(&self) -> &Db {
        &self.db
    }

    fn key_made_once(&self, name: &str) -> Result<Zeroizing<[u8; 32]>, KeyError> {
        if let Some(key) = self.find(name)? {
            return Ok(key);
        }
        let (_, wrapped) = wrapped::new_key(&self.wrapping, name);
        self.change(|tx| Ok(wrapped::add(tx, &[(name.to_owned(), wrapped)])?))?;
        // Another process may have been first; its key is the one that counts.
        self.find(name)?.ok_or_else(|| KeyError::Damaged { name: name.to_owned() })
    }

    fn find(&self, name: &str) -> Result<Option<Zeroizing<[u8; 32]>>, KeyError> {
        self.db.read(|tx| {
            let Some(wrapped) = wrapped::find(tx, name)? else { return Ok(None) };
            match wrapped::unwrap(&self.wrapping, name, &wrapped) {
                Ok(key) => Ok(Some(key)),
                Err(damaged) if wrapped::read_mark(tx, &self.wrapping).is_ok() => Err(damaged),
                Err(_) => Err(KeyError::KeysRotated),
            }
        })
    }

    /// Changes rows, if they still are wrapped with the key this was opened with.
    fn change<T>(&self, work: impl FnOnce(&mut Tx<'_>) -> Result<T, KeyError>) -> Result<T, KeyError> {
        self.db.write(|tx| if wrapped::lock_mark(tx)? == self.mark { work(tx) } else { Err(KeyError::KeysRotated) })
    }
}
