//! The DocumentManifest: the cover page and the files that ride along, each with its SHA-256 (PHR-22, PHR-23).

use mecum_fhir::json::Writer;

use super::composition::write_reference;
use super::export::Export;
use super::mark::Generated;

/// The system of an identifier that is the SHA-256 of a file, in lower-case hexadecimal.
const SHA256: &str = "urn:mecum:sha256";

/// A file beside the `.phr`.
#[derive(Clone, Copy)]
pub struct RideAlong<'a> {
    /// Its path relative to the `.phr`.
    pub path: &'a str,
    /// The DocumentReference or Media that describes it, as a reference that leads there within the export.
    pub described_by: Option<&'a str>,
    /// The SHA-256 of its content.
    pub sha256: [u8; 32],
}

impl std::fmt::Debug for RideAlong<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RideAlong").finish_non_exhaustive()
    }
}

/// The manifest, the second line of a `.phr`; its content is the cover page and then the files, in their order. It is never
/// without content (PHR-19).
pub fn manifest(export: &Export<'_>, files: &[RideAlong<'_>]) -> String {
    Writer::object(|manifest| {
        Generated::Manifest.write_head(manifest, export);
        manifest.str("status", "current");
        write_reference(manifest, "subject", export.patient);
        manifest.str("created", &export.made_at()).str("description", "Contents of a personal health record");
        manifest.arr("content", |content| {
            content.obj(|cover| {
                cover.str("reference", &Generated::Cover.reference(export));
            });
            for file in files {
                content.obj(|entry| {
                    entry.str_some("reference", file.described_by).obj("identifier", |identifier| {
                        identifier.str("system", SHA256).str("value", &hex(&file.sha256));
                    });
                    entry.str_some("display", file.path);
                });
            }
        });
    })
}

fn hex(bytes: &[u8]) -> String {
    let nibbles = bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]);
    nibbles.filter_map(|nibble| char::from_digit(u32::from(nibble), 16)).collect()
}
