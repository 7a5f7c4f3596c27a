//! Files that came along with the resources: each becomes a `Binary` whose content is a sealed blob (PHR-23, PHR-29).

use std::io::Read;

use mecum_fhir::json::{Limits, Writer};
use mecum_fhir::reference::ResourceType;
use mecum_fhir::resource::Resource;
use mecum_record::access::{Facts, ResourceKey};
use mecum_record::ids::SourceId;
use mecum_store::blobs::BlobRef;
use mecum_store::body::BlobContent;
use mecum_store::{Change, Content, Expected, OriginDigest, origin_digest};

use crate::adopt::{Adoption, SourceMeta, adopt};
use crate::{Failure, Phr};

/// Bytes looked at to tell what a file is.
const SNIFF_BYTES: usize = 16;

/// A file that came along, kept and described.
pub(super) struct KeptRide {
    pub(super) blob: BlobRef,
    pub(super) content_type: &'static str,
    pub(super) digest: OriginDigest,
}

/// Keeps one file that came along, sealed.
pub(super) fn keep_ride(
    phr: &Phr,
    permit: &mecum_record::access::Permit,
    path: &str,
    content: &mut dyn Read,
) -> Result<KeptRide, Failure> {
    let mut head = Vec::with_capacity(SNIFF_BYTES);
    content
        .take(SNIFF_BYTES as u64)
        .read_to_end(&mut head)
        .map_err(|error| Failure::invalid("structure", path, crate::failure::chain(&error)))?;
    let content_type = content_type_of(&head, path);
    let blob = phr.store().put_blob(permit, &mut head.as_slice().chain(content))?;
    let mut stream = phr.store().origin_digest_stream(permit)?;
    stream.part(path.as_bytes());
    stream.part(&blob.sha256);
    Ok(KeptRide { digest: origin_digest(stream), blob, content_type })
}

/// The `Binary` that stands for it.
pub(super) fn binary((id, source): (&str, SourceId), ride: &KeptRide, expected: Expected) -> Result<Change, Failure> {
    let text = Writer::object(|binary| {
        binary.str("resourceType", "Binary").str("id", id).str("contentType", ride.content_type);
    });
    let broken = |_| Failure::Broken("a Binary of our own making cannot be read back".to_owned());
    let resource = Resource::parse(text.as_bytes(), &Limits::default()).map_err(broken)?;
    let blob = BlobContent { name: ride.blob.name.to_string(), size_bytes: ride.blob.size };
    let adoption = Adoption { id, source_meta: SourceMeta::Dropped, resolve: &|_| None, blob: Some(blob), line: None };
    Ok(Change {
        key: ResourceKey { resource_type: ResourceType::BINARY, id: id.to_owned() },
        content: Content::Put(adopt(&resource, &adoption).body),
        facts: Facts::of(&resource, Some(source)),
        origin_digest: Some(ride.digest),
        expected,
    })
}

/// What a file is, by its first bytes; a name decides only between texts (PHR-28).
fn content_type_of(head: &[u8], path: &str) -> &'static str {
    const MAGIC: [(&[u8], &str); 8] = [
        (b"\xff\xd8\xff", "image/jpeg"),
        (b"\x89PNG\r\n\x1a\n", "image/png"),
        (b"GIF8", "image/gif"),
        (b"%PDF-", "application/pdf"),
        (b"II*\0", "image/tiff"),
        (b"MM\0*", "image/tiff"),
        (b"PK\x03\x04", "application/zip"),
        (b"RIFF", "audio/wav"),
    ];
    if let Some((_, found)) = MAGIC.iter().find(|(magic, _)| head.starts_with(magic)) {
        return found;
    }
    match path.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase()).as_deref() {
        Some("dcm") => "application/dicom",
        Some("txt" | "md") => "text/plain",
        Some("csv") => "text/csv",
        Some("xml") => "application/xml",
        Some("mp4") => "video/mp4",
        _ => "application/octet-stream",
    }
}
