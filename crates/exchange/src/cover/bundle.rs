//! The Bundle around an export, for whoever asks for no other format (PHR-50, PHR-54, PHR-71); written piece by piece.

use mecum_fhir::bundle::{BundleHead, BundleType, BundleWriter, NewEntry};
use mecum_fhir::json::Writer;
use mecum_fhir::reference::ResourceType;

use super::composition::table_of_contents;
use super::export::Export;
use super::mark::{Generated, write_security};

/// The system of identifiers that are URIs, as a document's `urn:uuid:…`.
const URI: &str = "urn:ietf:rfc:3986";

/// Begins a document. Its first entry, a Composition, lists `entries`, which must be all that [`add`] adds afterwards, under
/// the same `base`. `uuid` names the document for ever: a fresh `urn:uuid:…`.
pub fn document<'e>(
    export: &Export<'_>,
    base: &str,
    uuid: &str,
    entries: impl IntoIterator<Item = (ResourceType, &'e str)>,
) -> BundleWriter {
    let mut bundle = begin(export, uuid, BundleType::Document);
    let composition = table_of_contents(export, entries);
    let cover = Generated::Cover;
    add(&mut bundle, base, (cover.resource_type(), &cover.id(export)), &composition);
    bundle
}

/// Begins a collection, which needs no table of contents.
pub fn collection(export: &Export<'_>, uuid: &str) -> BundleWriter {
    begin(export, uuid, BundleType::Collection)
}

/// Adds a resource, given its type, id and minified text, under the address that it has at `base`.
pub fn add(bundle: &mut BundleWriter, base: &str, (resource_type, id): (ResourceType, &str), text: &str) {
    let full_url = format!("{}/{}/{id}", base.trim_end_matches('/'), resource_type.name());
    bundle.entry(&NewEntry { full_url: Some(&full_url), resource: Some(text), ..NewEntry::default() });
}

fn begin(export: &Export<'_>, uuid: &str, bundle_type: BundleType) -> BundleWriter {
    let meta = export.confidentiality.map(|label| Writer::object(|meta| write_security(meta, label)));
    BundleWriter::new(&BundleHead {
        meta: meta.as_deref(),
        identifier: Some((URI, uuid)),
        timestamp_us: Some(export.made_at_us),
        ..BundleHead::of(bundle_type)
    })
}
