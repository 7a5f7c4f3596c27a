//! ImagingStudy and Media, and the DiagnosticReport of a radiologist (R4, diagnostics module).

use super::Media;
use super::chart::{Chart, Visit};
use super::codes::hl7;
use super::datatype::{Code, identifier, linked_attachment, reference};
use super::json::{Json, list, object, text};
use super::resource::Resource;

/// Roots of unique identifiers for examples; never given to a real device.
const UID_ROOT: &str = "2.25.990000";
const COMPUTED_RADIOGRAPHY: &str = "1.2.840.10008.5.1.4.1.1.1";
const ULTRASOUND: &str = "1.2.840.10008.5.1.4.1.1.6.1";

/// What a study took pictures of, and how.
pub(crate) struct Study {
    /// The DICOM modality, such as `DX`.
    pub(crate) modality: Code,
    /// The part of the body.
    pub(crate) site: Code,
    /// A description in words.
    pub(crate) words: &'static str,
    /// A number that makes its identifiers unique.
    pub(crate) number: u32,
}

impl Chart {
    /// A study of one series with one image.
    pub(crate) fn study(&self, visit: &Visit, study: &Study) -> Resource {
        let class = if study.modality.code == "US" { ULTRASOUND } else { COMPUTED_RADIOGRAPHY };
        let uid = |level: u32| format!("{UID_ROOT}{:05}.{level}", study.number);
        let class = object().with("system", "urn:ietf:rfc:3986").with("code", format!("urn:oid:{class}"));
        let instance = object().with("uid", uid(3)).with("sopClass", class).with("number", 1);
        let series = object()
            .with("uid", uid(2))
            .with("number", 1)
            .with("modality", study.modality.coding())
            .with("numberOfInstances", 1)
            .with("bodySite", study.site.coding())
            .with("instance", [instance]);
        self.about("ImagingStudy")
            .with("identifier", [identifier("urn:dicom:uid", &format!("urn:oid:{}", uid(1)))])
            .with("status", "available")
            .with("modality", [study.modality.coding()])
            .points("encounter", &visit.encounter)
            .with("started", text(&visit.time))
            .with("numberOfSeries", 1)
            .with("numberOfInstances", 1)
            .with("description", study.words)
            .with("series", [series])
    }

    /// A picture that rides along in a container.
    pub(crate) fn picture(&self, visit: &Visit, picture: &Media, site: Code, (width, height): (i64, i64)) -> Resource {
        let kind = Code::new("http://terminology.hl7.org/CodeSystem/media-type", "image", "Image");
        self.about("Media")
            .with("status", "completed")
            .with("type", kind.concept())
            .points("encounter", &visit.encounter)
            .with("createdDateTime", text(&visit.time))
            .with("bodySite", site.concept())
            .with("height", height)
            .with("width", width)
            .with("content", picture.attachment())
    }

    /// What a radiologist wrote about a study.
    pub(crate) fn reading(&self, visit: &Visit, code: Json, reader: &str, conclusion: &'static str) -> Resource {
        self.about("DiagnosticReport")
            .with("status", "final")
            .with("category", [hl7::service_section("RAD", "Radiology").bare()])
            .with("code", code)
            .points("encounter", &visit.encounter)
            .with("effectiveDateTime", text(&visit.time))
            .with("issued", text(&visit.time))
            .with("performer", list([reference(&format!("Practitioner/{reader}"))]))
            .with("conclusion", conclusion)
    }
}

impl Media {
    /// A file for a container.
    pub(crate) fn new(name: &str, content_type: &'static str, bytes: Vec<u8>) -> Media {
        Media { name: name.to_owned(), content_type, bytes }
    }

    /// The Attachment that leads to it, relative to the container (PHR-23).
    pub(crate) fn attachment(&self) -> Json {
        let title = self.name.rsplit('/').next().unwrap_or(&self.name);
        linked_attachment(self.content_type, title, &self.name, &self.bytes)
    }
}
