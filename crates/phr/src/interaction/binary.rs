//! read of a `Binary` as what it holds, in its own media type (REST-66).

use std::io::Read;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use mecum_fhir::json::Limits;
use mecum_fhir::resource::Resource;
use mecum_record::access::{Act, Permit, ResourceKey};
use mecum_record::caller::Caller;
use mecum_store::body::BlobContent;

use super::read::hidden;
use crate::disclose::{Asked, Released};
use crate::permission::{name, permit, record_of};
use crate::projection::{self, Projected};
use crate::{Failure, Phr};

/// A content is handed over in one piece up to this length, bytes; larger ones leave in an export.
const MAX_CONTENT_BYTES: u64 = 64 << 20;

/// What a `Binary` holds. Not `Debug`: it may be an image of someone.
pub struct BinaryContent {
    /// `Binary.contentType`, as it was written.
    pub content_type: String,
    /// The content itself.
    pub bytes: Vec<u8>,
}

/// The content of a `Binary`.
///
/// # Errors
/// As [`super::read()`]; [`Failure::TooLarge`] for more than 64 MiB.
pub fn binary_content(
    phr: &Phr,
    caller: &Caller,
    key: &ResourceKey,
    asked: &Asked,
) -> Result<Released<BinaryContent>, Failure> {
    if let Some(projected) = Projected::of(key) {
        let (permit, original) = projection::unreleased(phr, caller, (key, projected))?;
        let content = content_of(phr, &permit, (original.text.as_deref().unwrap_or_default(), original.blob.as_ref()))?;
        return phr.desk().release(
            phr.store(),
            (caller, &permit),
            asked,
            (content, std::slice::from_ref(key)),
            phr.now_us(),
        );
    }
    let record = record_of(phr, caller, key)?;
    let permit = permit(phr, caller, Act::Read(key.resource_type), record).map_err(|failure| hidden(failure, key))?;
    let version = phr.store().read(&permit, key)?.ok_or_else(|| Failure::NotFound(name(key)))?;
    let body = version.body.ok_or_else(|| Failure::Gone(name(key)))?;
    let content = content_of(phr, &permit, (&body.text, body.blob.as_ref()))?;
    phr.desk().release(phr.store(), (caller, &permit), asked, (content, std::slice::from_ref(key)), phr.now_us())
}

fn content_of(
    phr: &Phr,
    permit: &Permit,
    (text, blob): (&str, Option<&BlobContent>),
) -> Result<BinaryContent, Failure> {
    let damaged = |_| Failure::Damaged("a stored Binary cannot be read: run mecum verify".to_owned());
    let resource = Resource::parse(text.as_bytes(), &Limits::default()).map_err(damaged)?;
    let member = |key: &str| resource.root().get(key).and_then(|value| Some(value.as_str()?.into_owned()));
    let content_type = member("contentType").unwrap_or_else(|| "application/octet-stream".to_owned());
    let bytes = match blob {
        None => {
            STANDARD.decode(member("data").unwrap_or_default().split_ascii_whitespace().collect::<String>()).map_err(
                |_| Failure::invalid("value", "Binary.data", "its data is no base64: ask for application/fhir+json"),
            )?
        }
        Some(blob) if blob.size_bytes > MAX_CONTENT_BYTES => {
            return Err(Failure::TooLarge("the content is longer than 64 MiB: export the record as .sphr".to_owned()));
        }
        Some(blob) => {
            let name = blob.name.parse().map_err(|_| Failure::Damaged("a blob's name is damaged".to_owned()))?;
            let mut bytes = Vec::with_capacity(usize::try_from(blob.size_bytes).unwrap_or(0));
            phr.store()
                .open_blob(permit, name)?
                .read_to_end(&mut bytes)
                .map_err(|error| Failure::Damaged(crate::failure::chain(&error)))?;
            bytes
        }
    };
    Ok(BinaryContent { content_type, bytes })
}
