//! `installation.json` in the data folder: what the installation is called and how a passphrase becomes its key. Nothing in it is secret.

use std::fs::{self, File};
use std::io::Read;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use super::error::at;
use super::passphrase::Stretching;
use super::{KeyError, durable};
use crate::seal::random;

const FILE: &str = "installation.json";
const VERSION: u64 = 1;
const MAX_BYTES: u64 = 16 << 10;

/// One data folder's name and, if its key is a passphrase, how that is stretched.
#[derive(Clone, PartialEq, Eq)]
pub struct Installation {
    id: String,
    pub(super) stretching: Option<Stretching>,
}

impl Installation {
    /// Names a new data folder.
    ///
    /// # Errors
    /// [`KeyError::Io`] when it has a name already or cannot be written.
    pub fn create(data_folder: &Path) -> Result<Self, KeyError> {
        let installation = Self { id: hex(&*random::<8>()), stretching: None };
        let path = path(data_folder);
        durable::write_new(&path, installation.to_json().as_bytes()).map_err(at(&path))?;
        Ok(installation)
    }

    /// The installation of a data folder; nothing if the folder has none yet.
    ///
    /// # Errors
    /// [`KeyError::NotAnInstallation`] when the file is something else, [`KeyError::Io`] when it cannot be read.
    pub fn read(data_folder: &Path) -> Result<Option<Self>, KeyError> {
        Self::read_file(&path(data_folder))
    }

    /// What the installation is called: 16 letters and digits, drawn when it was made.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Whether its key is a passphrase rather than a file.
    #[must_use]
    pub fn has_passphrase(&self) -> bool {
        self.stretching.is_some()
    }

    /// Writes the installation over the one in this file, whole or not at all.
    pub(super) fn write_file(&self, path: &Path) -> Result<(), KeyError> {
        durable::write_over(path, self.to_json().as_bytes()).map_err(at(path))
    }

    pub(super) fn read_file(path: &Path) -> Result<Option<Self>, KeyError> {
        if !fs::exists(path).map_err(at(path))? {
            return Ok(None);
        }
        let mut text = Vec::new();
        let file = File::open(path).map_err(at(path))?;
        file.take(MAX_BYTES).read_to_end(&mut text).map_err(at(path))?;
        let json = serde_json::from_slice(&text).ok();
        json.and_then(|json| Self::of_json(&json)).map(Some).ok_or_else(|| KeyError::NotAnInstallation(path.to_owned()))
    }

    fn to_json(&self) -> String {
        let mut json = json!({ "mecum": VERSION, "id": self.id });
        if let Some(stretching) = &self.stretching {
            json["argon2id"] = json!({
                "salt": hex(&stretching.salt),
                "memoryKib": stretching.memory_kib,
                "passes": stretching.passes,
                "lanes": stretching.lanes,
            });
        }
        format!("{json:#}\n")
    }

    fn of_json(json: &Value) -> Option<Self> {
        let is_known = json.get("mecum")?.as_u64() == Some(VERSION);
        let id = json.get("id")?.as_str().filter(|id| unhex::<8>(id).is_some())?.to_owned();
        let stretching = match json.get("argon2id") {
            None => None,
            Some(argon2id) => Some(stretching_of(argon2id)?),
        };
        is_known.then_some(Self { id, stretching })
    }
}

/// The installation file of a data folder.
pub(super) fn path(data_folder: &Path) -> PathBuf {
    data_folder.join(FILE)
}

fn stretching_of(json: &Value) -> Option<Stretching> {
    let number = |name: &str| json.get(name)?.as_u64().and_then(|number| u32::try_from(number).ok());
    let stretching = Stretching {
        salt: unhex(json.get("salt")?.as_str()?)?,
        memory_kib: number("memoryKib")?,
        passes: number("passes")?,
        lanes: number("lanes")?,
    };
    stretching.is_reasonable().then_some(stretching)
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn unhex<const N: usize>(text: &str) -> Option<[u8; N]> {
    let (pairs, []) = text.as_bytes().as_chunks::<2>() else { return None };
    let pairs: &[[u8; 2]; N] = pairs.try_into().ok()?;
    let mut bytes = [0; N];
    for (byte, [high, low]) in bytes.iter_mut().zip(pairs) {
        *byte = digit(*high)? << 4 | digit(*low)?;
    }
    Some(bytes)
}

fn digit(letter: u8) -> Option<u8> {
    match letter {
        b'0'..=b'9' => Some(letter - b'0'),
        b'a'..=b'f' => Some(letter - b'a' + 10),
        _ => None,
    }
}
