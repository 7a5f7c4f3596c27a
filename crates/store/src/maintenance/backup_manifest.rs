//! `manifest.json` of a backup: every file with its length and SHA-256, and where every chain of commits ended. Beside it
//! `manifest.mac` proves, to whoever has the installation key, that this installation wrote it.

use std::fs::File;
use std::io::Read;
use std::path::{Component, Path};

use serde_json::{Value, json};

use super::backup_error::{BackupError, at};
use super::backup_files::BackedUp;

pub(super) const MANIFEST_FILE: &str = "manifest.json";
pub(super) const MAC_FILE: &str = "manifest.mac";
const VERSION: u64 = 1;
/// A manifest is at most this long: about three million files.
const MAX_BYTES: u64 = 512 << 20;

/// What was backed up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// The encrypted files of a data folder.
    Folder,
    /// Dumps of a PostgreSQL database.
    Postgres,
}

impl Kind {
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Folder => "a data folder",
            Self::Postgres => "a PostgreSQL database",
        }
    }
}

/// What a manifest says.
pub(super) struct Manifest {
    pub(super) kind: Kind,
    pub(super) created_at_us: i64,
    pub(super) files: Vec<BackedUp>,
    /// Record, place in the chain and hash there, as they were when the backup began.
    pub(super) heads: Vec<(i64, i64, String)>,
}

/// A manifest as it lies in a backup, and what should prove it.
pub(super) struct KeptManifest {
    pub(super) manifest: Manifest,
    pub(super) text: String,
    pub(super) mac: String,
}

impl Manifest {
    pub(super) fn to_text(&self) -> String {
        let files: Vec<Value> = self
            .files
            .iter()
            .map(|file| json!({"path": file.path, "sizeBytes": file.size_bytes, "sha256": file.sha256}))
            .collect();
        let heads: Vec<Value> =
            self.heads.iter().map(|(record, seq, hash)| json!({"record": record, "seq": seq, "hash": hash})).collect();
        let json = json!({
            "mecumBackup": VERSION,
            "of": self.kind.word(),
            "createdAtUs": self.created_at_us,
            "files": files,
            "heads": heads,
        });
        format!("{json:#}\n")
    }

    fn parse(text: &str) -> Option<Manifest> {
        let json: Value = serde_json::from_str(text).ok()?;
        if json["mecumBackup"].as_u64() != Some(VERSION) {
            return None;
        }
        let kind = [Kind::Folder, Kind::Postgres].into_iter().find(|kind| json["of"] == kind.word())?;
        let files = json["files"].as_array()?.iter().map(file_of).collect::<Option<_>>()?;
        let heads = json["heads"].as_array()?.iter().map(head_of).collect::<Option<_>>()?;
        Some(Manifest { kind, created_at_us: json["createdAtUs"].as_i64()?, files, heads })
    }
}

fn file_of(json: &Value) -> Option<BackedUp> {
    let path = json["path"].as_str()?;
    // It is written to the place it names: never to one outside.
    if path.is_empty() || !Path::new(path).components().all(|part| matches!(part, Component::Normal(_))) {
        return None;
    }
    let sha256 = json["sha256"].as_str()?.to_owned();
    Some(BackedUp { path: path.to_owned(), size_bytes: json["sizeBytes"].as_u64()?, sha256 })
}

fn head_of(json: &Value) -> Option<(i64, i64, String)> {
    Some((json["record"].as_i64()?, json["seq"].as_i64()?, json["hash"].as_str()?.to_owned()))
}

impl KeptManifest {
    /// The manifest of a backup folder.
    ///
    /// # Errors
    /// [`BackupError::NotABackup`] when it is missing or is not one.
    pub(super) fn read(folder: &Path) -> Result<KeptManifest, BackupError> {
        let none = || BackupError::NotABackup(folder.to_owned());
        let text = read_text(&folder.join(MANIFEST_FILE))?.ok_or_else(none)?;
        let mac = read_text(&folder.join(MAC_FILE))?.ok_or_else(none)?;
        let manifest = Manifest::parse(&text).ok_or_else(none)?;
        Ok(KeptManifest { manifest, text, mac })
    }
}

/// A text file; nothing when it is not there, or no text.
fn read_text(path: &Path) -> Result<Option<String>, BackupError> {
    if !path.exists() {
        return Ok(None);
    }
    let mut bytes = Vec::new();
    let file = File::open(path).map_err(at(path))?;
    file.take(MAX_BYTES).read_to_end(&mut bytes).map_err(at(path))?;
    Ok(String::from_utf8(bytes).ok())
}
