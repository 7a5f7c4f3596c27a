//! What is attached to a resource, byte for byte.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use mecum_fhir::json::Limits;
use mecum_fhir::reading::attachments;
use mecum_fhir::reference::{Reference, ResourceType};
use mecum_fhir::resource::Resource;
use mecum_record::access::{Act, ResourceKey};
use mecum_record::caller::Caller;

use crate::disclose::{Asked, Released};
use crate::interaction::binary_content;
use crate::permission::{name, permit};
use crate::{Failure, Phr};

/// The content of an attachment. Not `Debug`: it may be an image of someone.
pub struct FileContent {
    /// Its media type as written; not to be believed.
    pub content_type: String,
    /// The content itself.
    pub bytes: Vec<u8>,
}

/// The content of the attachment at this place of a resource, counted from 0 in the order of its text.
///
/// # Errors
/// [`Failure::NotFound`] when there is none, it is hidden, or its content is not in this record; [`Failure::Gone`] when the
/// resource was deleted; [`Failure::Invalid`] when it is no base64.
pub fn file(
    phr: &Phr,
    caller: &Caller,
    key: &ResourceKey,
    place: usize,
    asked: &Asked,
) -> Result<Released<FileContent>, Failure> {
    let missing = || Failure::NotFound(name(key));
    if key.resource_type == ResourceType::BINARY && place == 0 {
        return Ok(binary_content(phr, caller, key, asked)?.map(whole));
    }
    let record = caller.bound_record().ok_or_else(missing)?;
    let permit = permit(phr, caller, Act::Read(key.resource_type), record)?;
    let version = phr.store().read(&permit, key)?.ok_or_else(missing)?;
    let body = version.body.ok_or_else(|| Failure::Gone(name(key)))?;
    let damaged = |_| Failure::Damaged("a stored resource cannot be read: run mecum verify".to_owned());
    let resource = Resource::parse(body.text.as_bytes(), &Limits::default()).map_err(damaged)?;
    let found = attachments(&resource);
    let attachment = found.get(place).ok_or_else(missing)?;
    let Some(data) = attachment.data.and_then(|data| data.as_str()) else {
        let target = Reference::parse(&attachment.url).relative().ok_or_else(missing)?;
        let binary = ResourceKey { resource_type: target.resource_type, id: target.id.to_owned() };
        if binary.resource_type != ResourceType::BINARY {
            return Err(missing());
        }
        return Ok(binary_content(phr, caller, &binary, asked)?.map(whole));
    };
    let no_base64 = |_| Failure::invalid("value", "data", "the content of this attachment is no base64");
    let bytes = STANDARD.decode(data.split_ascii_whitespace().collect::<String>()).map_err(no_base64)?;
    let content = FileContent { content_type: attachment.content_type.clone(), bytes };
    phr.desk().release(phr.store(), (caller, &permit), asked, (content, std::slice::from_ref(key)), phr.now_us())
}

fn whole(content: crate::interaction::BinaryContent) -> FileContent {
    FileContent { content_type: content.content_type, bytes: content.bytes }
}
