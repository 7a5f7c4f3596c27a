//! Contents that are kept beside their `Binary`: files of an archive (PHR-23), or base64 within the line.

use std::io::Read;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use mecum_exchange::cover::{RideAlong, RideContent};
use mecum_exchange::sphr::{MediaWritten, neutral_media_name};
use mecum_fhir::json::Limits;
use mecum_fhir::reference::ResourceType;
use mecum_fhir::resource::Resource;
use mecum_record::access::{Permit, ResourceFilter, ResourceKey};
use mecum_store::blobs::BlobReader;
use mecum_store::body::{BlobContent, Body};
use mecum_store::{Version, Which};

use super::names::{Media, Names, name_of};
use super::selection::Selection;
use super::session::Session;
use super::target::Target;
use crate::{Failure, Phr};

/// Larger than this, no file of an archive.
const MAX_MEDIA_BYTES: u64 = 4_000_000_000;
/// Files of an archive, at most; readers take 10,000 entries.
const MAX_MEDIA: usize = 9_900;
/// Bytes encoded at a time; a multiple of three.
const STEP_BYTES: u64 = 48 << 10;
/// Type of what does not say what it is.
const UNKNOWN_TYPE: &str = "application/octet-stream";

/// A file that rode along.
pub(super) struct Ride {
    pub(super) written: MediaWritten,
    pub(super) content_type: String,
}

impl Ride {
    /// As the manifest lists it.
    pub(super) fn listed(&self) -> RideAlong<'_> {
        RideAlong { path: &self.written.url, described_by: None, sha256: self.written.sha256 }
    }
}

impl Ride {
    /// As a DocumentReference of its own describes it.
    pub(super) fn described(&self) -> RideContent<'_> {
        let MediaWritten { size_bytes, sha1, .. } = self.written;
        RideContent { content_type: &self.content_type, size_bytes, sha1 }
    }
}

/// The files of one archive.
pub(super) struct MediaWriter<'m, 's, 'a, 't, 'o> {
    pub(super) session: &'s Session<'a>,
    pub(super) names: &'m mut Names<'s, 'a>,
    pub(super) target: &'m mut Target<'t, 'o>,
    /// Whether the archive shows neutral names to whoever unpacks it by hand.
    pub(super) hides_names: bool,
}

impl MediaWriter<'_, '_, '_, '_, '_> {
    /// Writes the content of every `Binary` that has one beside it. One that cannot be opened is left for its line to tell of.
    pub(super) fn write(mut self, selection: &Selection) -> Result<Vec<Ride>, Failure> {
        let session = self.session;
        let mut rides = Vec::new();
        let binaries = selection.filter.clone().and(ResourceFilter::TypeIs(ResourceType::BINARY));
        session.pages(Which::Current, &binaries, |_, page| {
            for version in page {
                let Some((body, blob)) = content_of(version) else { continue };
                if blob.size_bytes > MAX_MEDIA_BYTES || rides.len() >= MAX_MEDIA {
                    continue;
                }
                // A file may take long: the page's permit may be old by now.
                let permit = session.permit()?;
                let Some(mut content) = open(session.phr, &permit, blob) else { continue };
                rides.extend(self.ride(&permit, (&version.key, body), &mut content, rides.len() + 1)?);
            }
            Ok(())
        })?;
        Ok(rides)
    }

    fn ride(
        &mut self,
        permit: &Permit,
        (key, body): (&ResourceKey, &Body),
        content: &mut BlobReader,
        ordinal: usize,
    ) -> Result<Option<Ride>, Failure> {
        let content_type = content_type(body);
        let neutral = neutral_media_name(ordinal, &content_type);
        let neutral = neutral.strip_prefix("media/").unwrap_or(&neutral).to_owned();
        let origins = self.session.phr.store().origin_ids(permit, std::slice::from_ref(key))?;
        let own = origins.get(key).map(|path| path.rsplit('/').next().unwrap_or_default().to_owned());
        let spare = format!("{ordinal:04}-{}", key.id);
        let candidates = own.filter(|_| !self.hides_names).into_iter().chain([neutral, spare]);
        for name in candidates {
            if let Ok(written) = self.target.media(&name, &content_type, content)? {
                self.target.count_resource();
                let blob = content.name().to_string();
                self.names.media.insert(name_of(key), Media { url: written.url.clone(), blob });
                self.names.undescribed.insert(written.url.clone());
                return Ok(Some(Ride { written, content_type }));
            }
        }
        Ok(None)
    }
}

/// The content that is kept beside a version.
pub(super) fn content_of(version: &Version) -> Option<(&Body, &BlobContent)> {
    let body = version.body.as_ref()?;
    Some((body, body.blob.as_ref()?))
}

/// Puts a content of up to so many bytes into the text of its `Binary`. The error says why not, in words that name nothing.
pub(super) fn inline(
    phr: &Phr,
    permit: &Permit,
    mut text: String,
    (blob, max_bytes): (&BlobContent, u64),
) -> Result<String, &'static str> {
    if blob.size_bytes > max_bytes {
        return Err("its content is too large to stand within it: ask for sphr");
    }
    let unreadable = "its content is missing or damaged";
    let mut content = open(phr, permit, blob).ok_or(unreadable)?;
    let encoded_bytes = usize::try_from(blob.size_bytes.div_ceil(3) * 4).map_err(|_| unreadable)?;
    text.reserve_exact(encoded_bytes + 16);
    text.pop();
    text.push_str(",\"data\":\"");
    let mut step = Vec::new();
    loop {
        step.clear();
        content.by_ref().take(STEP_BYTES).read_to_end(&mut step).map_err(|_| unreadable)?;
        if step.is_empty() {
            break;
        }
        STANDARD.encode_string(&step, &mut text);
    }
    text.push_str("\"}");
    Ok(text)
}

fn open(phr: &Phr, permit: &Permit, blob: &BlobContent) -> Option<BlobReader> {
    let opened = phr.store().open_blob(permit, blob.name.parse().ok()?);
    opened.inspect_err(|error| tracing::error!(%error, "a kept content cannot be opened for an export")).ok()
}

fn content_type(body: &Body) -> String {
    let parsed = Resource::parse(body.text.as_bytes(), &Limits::default()).ok();
    let stated = parsed.as_ref().and_then(|binary| Some(binary.root().get("contentType")?.as_str()?.into_owned()));
    stated.filter(|stated| !stated.is_empty()).unwrap_or_else(|| UNKNOWN_TYPE.to_owned())
}
