//! The key store of an embedded installation, in a file whose pages the installation key seals, and how both change together.
//!
//! Rotating writes a second file beside it, under the next key, and puts it in the first one's place by one rename. Whatever moment a
//! crash picks, the file at hand opens with the old key or with the next one, and both are written down.

use std::ffi::OsString;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use super::error::at;
use super::lock::Lock;
use super::wrapped::{self, MIGRATIONS};
use super::{InstallationKey, KeyError, KeySource, durable};
use crate::db::{Db, DbError, PageKey, SqliteOptions};

/// What SQLite and its writer keep beside a database; none of it counts once the database is closed.
const BESIDE: [&str; 3] = ["-wal", "-shm", "-turn"];

/// Wraps all keys of an embedded key store with the next installation key, and seals its file with it.
///
/// Nobody else may have the key store open. The next key is a new random one, for a file that holds the current key or is not there yet,
/// or that of the next passphrase. It is in its place when this returns, and the current one is of use for older backups only.
///
/// # Errors
/// [`KeyError::InUse`] while it is open elsewhere; [`KeyError::WrongInstallationKey`] when `current` does not fit;
/// [`KeyError::KeyFileExists`] when the file for the next key holds another; [`KeyError::Db`] and [`KeyError::Io`]. The current key
/// still fits then, or the next one does, by [`KeySource::unlock`].
pub fn rotate_file(path: &Path, current: &InstallationKey, next: &KeySource) -> Result<InstallationKey, KeyError> {
    let rotation = Rotation::begin(path)?;
    let open = rotation.open_current(current)?;
    let key = next.stage(current)?;
    rotation.write_next(open, &key)?;
    rotation.switch()?;
    next.promote()?;
    Ok(key)
}

/// Opens the database of an embedded key store.
pub(super) fn open(path: &Path, key: &InstallationKey) -> Result<Db, KeyError> {
    let pages = PageKey::new(*key.pages_of_key_store());
    let options = SqliteOptions { cache_kib: 1024, ..SqliteOptions::default() };
    Db::open_sqlite(path, &pages, options).map_err(|error| match error {
        DbError::WrongKey => KeyError::WrongInstallationKey,
        error => KeyError::Db(error),
    })
}

/// The steps of [`rotate_file`], apart so that a test can stop between any two.
struct Rotation {
    path: PathBuf,
    _lock: Lock,
}

/// The key store as it is, open, and what its rows are wrapped with.
type Current = (Db, crate::seal::Envelope);

impl Rotation {
    /// Keeps everybody else out.
    fn begin(path: &Path) -> Result<Self, KeyError> {
        Ok(Self { path: path.to_owned(), _lock: Lock::exclusive(path)? })
    }

    fn open_current(&self, key: &InstallationKey) -> Result<Current, KeyError> {
        let db = open(&self.path, key)?;
        db.migrate(MIGRATIONS)?;
        let wrapping = key.wrapping();
        db.write(|tx| wrapped::mark(tx, &wrapping))?;
        Ok((db, wrapping))
    }

    /// Writes the second file and closes both.
    fn write_next(&self, (current, wrapping): Current, key: &InstallationKey) -> Result<(), KeyError> {
        let next_path = self.next_path();
        remove_with_company(&next_path)?;
        let rows = current.read(|tx| wrapped::rewrap(tx, &wrapping, &key.wrapping()))?;
        let next = open(&next_path, key)?;
        next.migrate(MIGRATIONS)?;
        next.write(|tx| wrapped::fill(tx, &rows))?;
        next.checkpoint()?;
        Ok(current.checkpoint()?)
    }

    /// Puts the second file in the place of the first: the moment at which the next key is the one that fits.
    fn switch(&self) -> Result<(), KeyError> {
        let next_path = self.next_path();
        refuse_with_log(&self.path)?;
        refuse_with_log(&next_path)?;
        File::open(&next_path).and_then(|next| next.sync_all()).map_err(at(&next_path))?;
        durable::rename(&next_path, &self.path).map_err(at(&self.path))?;
        remove_with_company(&next_path)
    }

    fn next_path(&self) -> PathBuf {
        beside(&self.path, ".next")
    }
}

/// A log that is not empty belongs to a database that is open, or whose closing failed; under another file it would be read as its own.
fn refuse_with_log(path: &Path) -> Result<(), KeyError> {
    let has_log = fs::metadata(beside(path, "-wal")).is_ok_and(|log| log.len() > 0);
    if has_log { Err(KeyError::InUse) } else { Ok(()) }
}

fn remove_with_company(path: &Path) -> Result<(), KeyError> {
    for path in [path.to_owned()].into_iter().chain(BESIDE.map(|ending| beside(path, ending))) {
        match fs::remove_file(&path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            removed => removed.map_err(at(&path))?,
        }
    }
    Ok(())
}

fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut path = OsString::from(path);
    path.push(ending);
    path.into()
}

#[cfg(test)]
mod tests {
    use mecum_record::ids::RecordId;
    use tempfile::TempDir;

    use super::*;
    use crate::keys::KeyStore;
    use crate::seal::Aad;

    const RECORD: RecordId = RecordId(17);

    struct House {
        folder: TempDir,
        sealed: Vec<u8>,
    }

    impl House {
        fn new() -> Self {
            let mut house = Self { folder: tempfile::tempdir().unwrap(), sealed: Vec::new() };
            house.source().create().unwrap();
            let keys = house.open();
            keys.create_record_keys(&[RECORD]).unwrap();
            house.sealed = keys.record_key(RECORD).unwrap().seal(&Aad::new("t"), b"pulse 62");
            house
        }

        fn path(&self) -> PathBuf {
            self.folder.path().join("keys.db")
        }

        fn source(&self) -> KeySource {
            KeySource::File(self.folder.path().join("a.key"))
        }

        fn open(&self) -> KeyStore {
            self.source().unlock(|key| KeyStore::open_file(&self.path(), key)).unwrap()
        }

        /// Opens as after a crash, with whichever key fits; and then rotates for good.
        fn is_whole(&self) {
            for _ in 0..2 {
                let opened = self.open().record_key(RECORD).unwrap().open(&Aad::new("t"), &self.sealed);
                assert_eq!(opened.unwrap(), b"pulse 62");
            }
            rotate_file(&self.path(), &self.source().read().unwrap(), &self.source()).unwrap();
            let opened = self.open().record_key(RECORD).unwrap().open(&Aad::new("t"), &self.sealed);
            assert_eq!(opened.unwrap(), b"pulse 62");
        }
    }

    /// Goes the first `n_steps` of [`rotate_file`], then stops as a crash would: nothing is undone, nothing tidied up.
    fn crash_after(house: &House, n_steps: usize) {
        let rotation = Rotation::begin(&house.path()).unwrap();
        let current = house.source().read().unwrap();
        let open = rotation.open_current(&current).unwrap();
        if n_steps == 0 {
            return;
        }
        let key = house.source().stage(&current).unwrap();
        if n_steps == 1 {
            return;
        }
        rotation.write_next(open, &key).unwrap();
        if n_steps == 2 {
            return;
        }
        rotation.switch().unwrap();
    }

    #[test]
    fn a_crash_after_any_step_of_a_rotation_leaves_a_key_that_fits() {
        for n_steps in 0..=3 {
            let house = House::new();
            let old = house.source().read().unwrap().recovery_code();
            crash_after(&house, n_steps);
            assert_eq!(house.source().read().unwrap().recovery_code(), old, "promoted before the end");
            house.open();
            let is_rotated = house.source().read().unwrap().recovery_code() != old;
            assert_eq!(is_rotated, n_steps == 3, "after {n_steps} steps");
            house.is_whole();
        }
    }

    #[test]
    fn a_crash_in_the_middle_of_writing_the_second_file_leaves_the_old_key() {
        for half in [&b""[..], b"half a database"] {
            let house = House::new();
            crash_after(&house, 2);
            let next = beside(&house.path(), ".next");
            fs::write(&next, half).unwrap();
            fs::write(beside(&next, "-wal"), b"half a log").unwrap();
            house.is_whole();
        }
    }

    #[test]
    fn a_log_that_was_left_is_never_read_under_another_file() {
        let house = House::new();
        let rotation = Rotation::begin(&house.path()).unwrap();
        let current = house.source().read().unwrap();
        let open = rotation.open_current(&current).unwrap();
        let key = house.source().stage(&current).unwrap();
        rotation.write_next(open, &key).unwrap();
        fs::write(beside(&house.path(), "-wal"), b"a log").unwrap();
        assert!(matches!(rotation.switch(), Err(KeyError::InUse)));
        drop(rotation);
        fs::remove_file(beside(&house.path(), "-wal")).unwrap();
        house.is_whole();
    }

    #[test]
    fn two_crashes_one_after_the_other_do_no_more_harm_than_one() {
        for (first, second) in [(1, 3), (2, 2), (3, 1), (3, 2), (3, 3)] {
            let house = House::new();
            crash_after(&house, first);
            drop(house.open());
            crash_after(&house, second);
            house.is_whole();
        }
    }
}
