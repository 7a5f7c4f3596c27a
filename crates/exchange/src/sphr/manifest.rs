//! Our own index inside an archive: every file with name, SHA-256, size and order (PHR-25, PHR-31 d).

use serde::{Deserialize, Serialize};
use std::collections::HashSet;

/// The name under which the manifest lies beside (plain) or among (sealed) the files it lists.
pub(crate) const FILE_NAME: &str = "manifest.json";

/// Marks a manifest as ours, and its version.
const FORMAT: &str = "mecum-sphr/1";

/// The index of an archive that Mecum wrote, in the order of its entries; the manifest itself is the entry after the last.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Manifest {
    format: String,
    /// The program that wrote the archive.
    pub generator: String,
    /// When it was written, as RFC 3339 text.
    pub created: String,
    /// The files in order.
    pub files: Vec<ManifestFile>,
}

/// One file of a manifest.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ManifestFile {
    /// The entry's name, relative to the folder of the manifest. Neutral in a sealed archive.
    pub name: String,
    /// The real path, where `name` is neutral.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// The content type that the writer was told; not to be trusted (PHR-28).
    pub content_type: String,
    /// Size in bytes.
    pub size: u64,
    /// SHA-256 of the content, in lower-case hexadecimal.
    pub sha256: String,
}

impl std::fmt::Debug for Manifest {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Manifest").field("n_files", &self.files.len()).finish_non_exhaustive()
    }
}

impl std::fmt::Debug for ManifestFile {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ManifestFile").field("size", &self.size).finish_non_exhaustive()
    }
}

impl Manifest {
    /// Starts an empty manifest.
    pub(crate) fn new(generator: &str, created: &str) -> Self {
        let (format, generator, created) = (FORMAT.to_owned(), generator.to_owned(), created.to_owned());
        Self { format, generator, created, files: Vec::new() }
    }

    /// Reads a manifest; `None` where the bytes are not one of ours in a version we know, or list a name twice.
    pub(crate) fn parse(bytes: &[u8]) -> Option<Self> {
        let manifest: Self = serde_json::from_slice(bytes).ok()?;
        let names: HashSet<&str> = manifest.files.iter().map(|file| file.name.as_str()).collect();
        (manifest.format == FORMAT && names.len() == manifest.files.len()).then_some(manifest)
    }

    /// Returns the manifest as indented JSON with a final newline: people open it.
    pub(crate) fn to_json(&self) -> Vec<u8> {
        let mut bytes = serde_json::to_vec_pretty(self).expect("a struct of strings and integers always serialises");
        bytes.push(b'\n');
        bytes
    }
}

/// Returns bytes in lower-case hexadecimal.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes
        .iter()
        .flat_map(|byte| [byte >> 4, byte & 15])
        .filter_map(|nibble| char::from_digit(nibble.into(), 16))
        .collect()
}
