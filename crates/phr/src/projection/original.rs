//! The originals of imports: each file as it came, as a Binary, and a DocumentReference that describes it (IMP-1).

use std::io::Read;

use aws_lc_rs::digest::{Context, SHA1_FOR_LEGACY_USE_ONLY, SHA256};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use mecum_exchange::cover::Generated;
use mecum_exchange::sniff::{Format, PREFIX_BYTES, sniff};
use mecum_fhir::date::format_instant;
use mecum_fhir::json::{ObjectWriter, Writer};
use mecum_record::access::Permit;
use mecum_record::ids::ImportId;
use mecum_store::ImportRow;
use mecum_store::blobs::BlobReader;
use mecum_store::body::BlobContent;
use serde_json::Value;

use super::name::Projected;
use super::{View, rendered, write_head, write_reference};
use crate::permission::name;
use crate::{Failure, Phr, Rendered};

/// Contents up to this length are hashed whenever they are described, bytes.
const MAX_HASHED_BYTES: u64 = 64 << 20;

/// The extension with the SHA-256 of an attachment, in lower-case hexadecimal; R4 itself knows SHA-1 only (PHR-23).
const SHA256_URL: &str = "urn:mecum:sha256";

/// One original as it is described. Not `Debug`: a file's name may say what someone suffers from.
pub(crate) struct Describing {
    /// What it was called.
    pub(crate) title: Option<String>,
    /// What it is, by its bytes.
    pub(crate) content_type: &'static str,
    /// Its length, bytes.
    pub(crate) size_bytes: u64,
    /// SHA-1 and SHA-256, unless it is too long.
    hashes: Option<(Vec<u8>, Vec<u8>)>,
}

impl Describing {
    /// Looks at one original of an import.
    ///
    /// # Errors
    /// When it is missing or damaged.
    pub(crate) fn of(phr: &Phr, permit: &Permit, import: &ImportRow, at: usize) -> Result<Option<Describing>, Failure> {
        let Some(blob) = import.originals.get(at) else { return Ok(None) };
        let mut content = phr.store().open_blob(permit, *blob)?;
        let report: Value = serde_json::from_slice(&import.report).unwrap_or_default();
        let title = report["files"][at]["name"].as_str().map(str::to_owned);
        let size_bytes = content.len();
        let content_type = type_of(&mut content)?;
        let hashes = (size_bytes <= MAX_HASHED_BYTES).then(|| hashes(phr, permit, import, at)).transpose()?;
        Ok(Some(Describing { title, content_type, size_bytes, hashes }))
    }

    /// How to read it, in one sentence.
    fn how_to_read(&self) -> &'static str {
        match self.content_type {
            "application/x-ndjson" => "A file as it was received: one FHIR resource a line, as JSON.",
            "application/json" => "A file as it was received: one FHIR resource or Bundle, as JSON.",
            "application/zip" => "A file as it was received: a ZIP archive of FHIR resources and documents.",
            "application/gzip" => "A file as it was received: FHIR resources as JSON, compressed with gzip.",
            "application/jose" | "application/pgp-encrypted" => {
                "A file as it was received: encrypted by whoever sent it, who has the key."
            }
            _ => "A file as it was received, in a format that only whoever sent it knows.",
        }
    }

    /// Writes an Attachment that leads to `url`.
    pub(crate) fn write_attachment(&self, attachment: &mut ObjectWriter<'_>, url: &str, created_at_us: i64) {
        attachment.arr_some("extension", |extensions| {
            if let Some((_, sha256)) = &self.hashes {
                let hex: String = sha256.iter().map(|byte| format!("{byte:02x}")).collect();
                extensions.obj(|extension| {
                    extension.str("url", SHA256_URL).str("valueString", &hex);
                });
            }
        });
        attachment.str("contentType", self.content_type).str("url", url);
        // R4's unsignedInt ends here; a longer content says its length nowhere.
        if let Ok(size) = i32::try_from(self.size_bytes) {
            attachment.int("size", i64::from(size));
        }
        let sha1 = self.hashes.as_ref().map(|(sha1, _)| STANDARD.encode(sha1));
        attachment.str_some("hash", sha1.as_deref()).str_some("title", self.title.as_deref());
        attachment.str("creation", &format_instant(created_at_us));
    }
}

/// The DocumentReference of an original; of one that is a file of `$ehi-export`, with what that asks for (EHI-7).
pub(super) fn reference(
    view: &View<'_>,
    (import, at): (ImportId, i64),
    file: Option<&str>,
) -> Result<Option<Rendered>, Failure> {
    let Some((import, index)) = find(view, import, at)? else { return Ok(None) };
    let Some(described) = Describing::of(view.phr, &view.own, &import, index)? else { return Ok(None) };
    let subject = view.subject()?;
    let key = Projected::original(view.record(), import.import, at).key();
    let here = name(&Projected::original_content(view.record(), import.import, at).key());
    let url = file.unwrap_or(&here);
    let text = Writer::object(|reference| {
        reference.str("resourceType", "DocumentReference").str("id", &key.id).obj("meta", |meta| {
            meta.str("versionId", "1").str("lastUpdated", &format_instant(import.started_at_us));
            meta.arr("tag", |tags| {
                Generated::Original.write_tag(tags);
                if file.is_some() {
                    tags.obj(|tag| {
                        tag.str("code", "ehi-export");
                    });
                }
            });
        });
        reference.str("status", "current").obj("type", |kind| {
            kind.str("text", "Original of an import");
        });
        if let Some(subject) = &subject {
            write_reference(reference, "subject", &name(subject));
        }
        reference.str("date", &format_instant(import.started_at_us)).str("description", described.how_to_read());
        reference.arr("content", |contents| {
            contents.obj(|content| {
                content.obj("attachment", |attachment| {
                    described.write_attachment(attachment, url, import.started_at_us);
                });
                content.obj("format", |format| {
                    format.str("system", "urn:mecum:original").str("code", described.content_type);
                });
            });
        });
    });
    Ok(Some(rendered(key, import.started_at_us, text)))
}

/// The Binary of an original, its content beside it.
pub(super) fn content(view: &View<'_>, import: ImportId, at: i64) -> Result<Option<Rendered>, Failure> {
    let Some((import, index)) = find(view, import, at)? else { return Ok(None) };
    let Some(blob) = import.originals.get(index) else { return Ok(None) };
    let mut content = view.phr.store().open_blob(&view.own, *blob)?;
    let blob = BlobContent { name: blob.to_string(), size_bytes: content.len() };
    let content_type = type_of(&mut content)?;
    let key = Projected::original_content(view.record(), import.import, at).key();
    let text = Writer::object(|binary| {
        write_head(binary, Generated::OriginalContent, &key.id, import.started_at_us);
        binary.str("contentType", content_type);
    });
    Ok(Some(Rendered { blob: Some(blob), ..rendered(key, import.started_at_us, text) }))
}

/// An original holds everything of its file: whoever does not see everything does not see it.
pub(super) fn find(view: &View<'_>, import: ImportId, at: i64) -> Result<Option<(ImportRow, usize)>, Failure> {
    if !view.sees_everything() {
        return Ok(None);
    }
    let found = view.phr.store().import(&view.own, import)?;
    Ok(found.zip(usize::try_from(at - 1).ok()))
}

fn type_of(content: &mut BlobReader) -> Result<&'static str, Failure> {
    let mut prefix = Vec::with_capacity(PREFIX_BYTES);
    content.take(PREFIX_BYTES as u64).read_to_end(&mut prefix).map_err(|error| unreadable(&error))?;
    Ok(match sniff(&prefix, None) {
        Format::Ndjson => "application/x-ndjson",
        Format::Json => "application/json",
        Format::Zip => "application/zip",
        Format::Gzip => "application/gzip",
        Format::Jwe => "application/jose",
        Format::OpenPgp => "application/pgp-encrypted",
        Format::Age | Format::Empty | Format::Unknown => "application/octet-stream",
    })
}

fn hashes(phr: &Phr, permit: &Permit, import: &ImportRow, at: usize) -> Result<(Vec<u8>, Vec<u8>), Failure> {
    let mut content = phr.store().open_blob(permit, import.originals[at])?;
    let (mut sha1, mut sha256) = (Context::new(&SHA1_FOR_LEGACY_USE_ONLY), Context::new(&SHA256));
    let mut piece = vec![0; 64 << 10];
    loop {
        let n_bytes = content.read(&mut piece).map_err(|error| unreadable(&error))?;
        if n_bytes == 0 {
            return Ok((sha1.finish().as_ref().to_vec(), sha256.finish().as_ref().to_vec()));
        }
        sha1.update(&piece[..n_bytes]);
        sha256.update(&piece[..n_bytes]);
    }
}

fn unreadable(error: &std::io::Error) -> Failure {
    Failure::Damaged(crate::failure::chain(error))
}
