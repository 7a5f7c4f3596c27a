//! The DocumentReference of a file that rides along and that nothing else in the export describes (PHR-23).

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use mecum_fhir::json::Writer;

use super::composition::write_reference;
use super::export::Export;
use super::manifest::RideAlong;
use super::mark::Generated;

/// The extension with the SHA-256 of an attachment, in lower-case hexadecimal; R4 itself knows SHA-1 only.
const SHA256: &str = "urn:mecum:sha256";

/// What a file holds.
#[derive(Clone, Copy)]
pub struct RideContent<'a> {
    /// Its media type.
    pub content_type: &'a str,
    /// Its length, bytes.
    pub size_bytes: u64,
    /// Its SHA-1, which R4 asks for.
    pub sha1: [u8; 20],
}

/// Describes a file.
pub fn ride_along(export: &Export<'_>, file: &RideAlong<'_>, held: &RideContent<'_>) -> String {
    let hex: String = file.sha256.iter().map(|byte| format!("{byte:02x}")).collect();
    Writer::object(|reference| {
        let id = format!("mecum-ride-along-{}", &hex[..32]);
        reference.str("resourceType", "DocumentReference").str("id", &id).obj("meta", |meta| {
            Generated::Ride.write_mark(meta);
        });
        reference.str("status", "current");
        write_reference(reference, "subject", export.patient);
        reference.arr("content", |contents| {
            contents.obj(|content| {
                content.obj("attachment", |attachment| {
                    attachment.arr("extension", |extensions| {
                        extensions.obj(|extension| {
                            extension.str("url", SHA256).str("valueString", &hex);
                        });
                    });
                    attachment.str("contentType", held.content_type).str("url", &as_uri(file.path));
                    if let Ok(size) = i32::try_from(held.size_bytes) {
                        attachment.int("size", i64::from(size));
                    }
                    attachment.str("hash", &STANDARD.encode(held.sha1));
                });
            });
        });
    })
}

/// A path as a relative address has it (RFC 3986).
fn as_uri(path: &str) -> String {
    let mut uri = String::with_capacity(path.len());
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            uri.push(char::from(byte));
        } else {
            uri.push_str(&format!("%{byte:02X}"));
        }
    }
    uri
}
