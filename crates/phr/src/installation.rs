//! An installation: a data folder with a name, the key that opens it, and the store behind both (design §5).

use std::path::{Path, PathBuf};
use std::sync::Arc;

use mecum_store::keys::{self, InstallationKey, KeyError, KeySource, KeyStore};
use mecum_store::{KEYS_FILE, KEYS_SCHEMA, Place, Store, StoreError, db};
use zeroize::Zeroizing;

use crate::{Failure, Phr, SystemClock, moment::Clock};

pub use mecum_store::Workload;
pub use mecum_store::keys::Passphrase;

/// Where an installation lies. Not `Debug`: a database's address holds a password.
#[derive(Clone)]
pub struct Site {
    /// The data folder.
    pub data_folder: PathBuf,
    /// The address of a PostgreSQL database, if the records are there; name, salt and blobs are in the folder all the same.
    pub database_url: Option<String>,
}

/// What holds the installation key.
pub enum KeyPlace {
    /// A file, which must not be in the data folder.
    File(PathBuf),
    /// A passphrase as it was typed; its salt is in the data folder.
    Typed(Passphrase),
}

/// An installation that has a name, whether or not it has been opened before.
pub struct Installation {
    site: Site,
    name: keys::Installation,
}

impl Site {
    fn place(&self) -> Place {
        match &self.database_url {
            None => Place::Folder(self.data_folder.clone()),
            Some(url) => Place::Postgres { url: url.clone(), blobs: self.data_folder.join(mecum_store::BLOBS_FOLDER) },
        }
    }
}

impl Installation {
    /// The installation of a site; nothing if none was made there yet.
    ///
    /// # Errors
    /// When its file cannot be read or is something else.
    pub fn find(site: Site) -> Result<Option<Installation>, Failure> {
        let name = keys::Installation::read(&site.data_folder).map_err(key_failure)?;
        Ok(name.map(|name| Installation { site, name }))
    }

    /// Names a new installation; [`Installation::create`] then makes its key and store.
    ///
    /// # Errors
    /// When there is one, or the folder cannot be written.
    pub fn name_new(site: Site) -> Result<Installation, Failure> {
        let name = keys::Installation::create(&site.data_folder).map_err(key_failure)?;
        Ok(Installation { site, name })
    }

    /// What the installation is called: 16 letters and digits.
    #[must_use]
    pub fn id(&self) -> &str {
        self.name.id()
    }

    /// The folder it lies in.
    #[must_use]
    pub fn data_folder(&self) -> &Path {
        &self.site.data_folder
    }

    /// Whether its key is a passphrase.
    #[must_use]
    pub fn has_passphrase(&self) -> bool {
        self.name.has_passphrase()
    }

    /// Where its key file is unless said otherwise: under the user's configuration folder.
    #[must_use]
    pub fn default_key_file(&self, config_folder: &Path) -> PathBuf {
        keys::default_key_file(config_folder, self.id())
    }

    /// Whether a store was made in its folder already. Of a PostgreSQL database this cannot be told without the key.
    #[must_use]
    pub fn has_store(&self) -> bool {
        self.site.database_url.is_none() && Store::is_there(&self.site.data_folder)
    }

    /// Makes the key and the store, and gives the recovery code. A key file that is there is used: several nodes share one.
    ///
    /// # Errors
    /// When there is a store already, the key would lie in the data folder, or anything cannot be written. Doing it again is no harm.
    pub fn create(&self, key: KeyPlace) -> Result<Zeroizing<String>, Failure> {
        if self.has_store() {
            return Err(Failure::Conflict(format!(
                "{} holds an installation already; nothing was changed",
                self.data_folder().display()
            )));
        }
        let is_made = match &key {
            KeyPlace::File(path) => path.exists(),
            KeyPlace::Typed(_) => self.has_passphrase(),
        };
        let source = self.source(key)?;
        let made = if is_made { source.read() } else { source.create() };
        let made = made.map_err(key_failure)?;
        Store::open(&self.site.place(), &made, Workload::COMMAND, SystemClock.now_us()).map_err(store_failure)?;
        Ok(made.recovery_code())
    }

    /// Opens the records with the key.
    ///
    /// # Errors
    /// A key that is missing or the wrong one, a newer schema, a database that is not encrypted or is not there.
    pub fn open(&self, key: KeyPlace, workload: Workload) -> Result<Phr, Failure> {
        let store = self.unlock(key, |key| {
            Store::open(&self.site.place(), key, workload, SystemClock.now_us()).map_err(store_failure_or_key)
        })?;
        Ok(Phr::new(store, Arc::new(SystemClock)))
    }

    /// The recovery code of the key that opens the key store: the key itself, to be written down.
    ///
    /// # Errors
    /// As [`Installation::open`].
    pub fn recovery_code(&self, key: KeyPlace) -> Result<Zeroizing<String>, Failure> {
        self.unlock(key, |key| {
            self.open_keys(key)?;
            Ok(key.recovery_code())
        })
    }

    /// Wraps all record keys with a new installation key, in the same file or from another passphrase, and gives its recovery code.
    ///
    /// # Errors
    /// While anything else has the embedded key store open; a passphrase that is too short; as [`Installation::open`].
    pub fn rotate(&self, current: KeyPlace, next: KeyPlace) -> Result<Zeroizing<String>, Failure> {
        let current = self.unlock(current, |key| {
            self.open_keys(key)?;
            InstallationKey::from_recovery_code(&key.recovery_code()).map_err(|error| Halt::Key(error.into()))
        })?;
        let next = self.source(next)?;
        let rotated = match &self.site.database_url {
            None => keys::rotate_file(&self.site.data_folder.join(KEYS_FILE), &current, &next),
            Some(_) => self.open_keys(&current).map_err(Halt::into_failure)?.rotate(&current, &next),
        };
        Ok(rotated.map_err(key_failure)?.recovery_code())
    }

    /// Writes the key of a recovery code to a new key file, if it opens the key store.
    ///
    /// # Errors
    /// A code that is not one, or of another installation; a file that is there already.
    pub fn restore_key(&self, code: &str, file: &Path) -> Result<(), Failure> {
        let key = InstallationKey::from_recovery_code(code).map_err(|error| key_failure(error.into()))?;
        self.refuse_inside(file)?;
        if self.site.database_url.is_none() && !self.has_store() {
            return Err(Failure::NotFound(format!("an installation in {}", self.data_folder().display())));
        }
        self.open_keys(&key).map_err(Halt::into_failure)?;
        keys::write_key_file(file, &key).map_err(key_failure)
    }

    /// Brings the schemas up to this program: part, version found, version left.
    ///
    /// # Errors
    /// As [`Installation::open`].
    pub fn migrate(&self, key: KeyPlace) -> Result<Vec<(&'static str, u32, u32)>, Failure> {
        let done = self.unlock(key, |key| Store::migrate(&self.site.place(), key).map_err(store_failure_or_key))?;
        Ok(done.into_iter().map(|(part, migrated)| (part, migrated.from, migrated.to)).collect())
    }

    fn unlock<T>(
        &self,
        key: KeyPlace,
        mut work: impl FnMut(&InstallationKey) -> Result<T, Halt>,
    ) -> Result<T, Failure> {
        let is_missing = self.site.database_url.is_none() && !self.has_store();
        if is_missing {
            // Opening would make an empty store, which is what `create` is for.
            return Err(Failure::NotFound(format!("a store in {}", self.data_folder().display())));
        }
        let unlocked = self.source(key)?.unlock(|key| match work(key) {
            Ok(done) => Ok(Ok(done)),
            Err(Halt::Key(error)) => Err(error),
            Err(Halt::Other(failure)) => Ok(Err(failure)),
        });
        unlocked.map_err(key_failure)?
    }

    fn open_keys(&self, key: &InstallationKey) -> Result<KeyStore, Halt> {
        match &self.site.database_url {
            None => KeyStore::open_file(&self.site.data_folder.join(KEYS_FILE), key).map_err(Halt::Key),
            Some(url) => {
                let db = db::Db::open_postgres(url, KEYS_SCHEMA, db::PgOptions::default());
                KeyStore::open(db.map_err(|error| Halt::Key(error.into()))?, key).map_err(Halt::Key)
            }
        }
    }

    fn source(&self, key: KeyPlace) -> Result<KeySource, Failure> {
        match key {
            KeyPlace::File(path) => {
                self.refuse_inside(&path)?;
                Ok(KeySource::File(path))
            }
            KeyPlace::Typed(passphrase) => {
                Ok(KeySource::Passphrase { passphrase, data_folder: self.site.data_folder.clone() })
            }
        }
    }

    /// A stolen folder, or its backup, must not carry its key.
    fn refuse_inside(&self, key_file: &Path) -> Result<(), Failure> {
        let absolute = |path: &Path| std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
        let real = |path: &Path| path.canonicalize().unwrap_or_else(|_| absolute(path));
        let file = absolute(key_file);
        let beside = file.parent().map_or_else(|| file.clone(), real);
        if beside.starts_with(real(&self.site.data_folder)) {
            return Err(Failure::Conflict(
                "the key file must lie outside the data folder: name another place for it".to_owned(),
            ));
        }
        Ok(())
    }
}

/// Why work with a key stopped: because of the key, so that the next one is tried, or otherwise.
enum Halt {
    Key(KeyError),
    Other(Failure),
}

impl Halt {
    fn into_failure(self) -> Failure {
        match self {
            Halt::Key(error) => key_failure(error),
            Halt::Other(failure) => failure,
        }
    }
}

impl From<KeyError> for Halt {
    fn from(error: KeyError) -> Self {
        Halt::Key(error)
    }
}

fn store_failure_or_key(error: StoreError) -> Halt {
    match error {
        StoreError::Keys(error) => Halt::Key(error),
        error => Halt::Other(error.into()),
    }
}

fn store_failure(error: StoreError) -> Failure {
    store_failure_or_key(error).into_failure()
}

/// What a person can put right is a conflict; the rest is a fault of the installation.
#[expect(clippy::needless_pass_by_value, reason = "it is what map_err hands over")]
fn key_failure(error: KeyError) -> Failure {
    crate::failure::of_key(&error)
}
