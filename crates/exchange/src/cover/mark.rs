//! The mark of what Mecum generated for an export; an import drops what carries it (design: two exports are identical but for these).

use mecum_fhir::json::{ArrayWriter, Element, Kind, ObjectWriter};
use mecum_fhir::reference::ResourceType;
use mecum_fhir::resource::Resource;

use super::export::{Confidentiality, Export};

/// The system of the mark in `meta.tag`; it stands in files and never changes.
const SYSTEM: &str = "urn:mecum:generated";

/// What was generated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Generated {
    /// The cover page, a Composition.
    Cover,
    /// The DocumentManifest.
    Manifest,
    /// The closing Provenance.
    Closing,
    /// The Provenance of a commit.
    Commit,
    /// The AuditEvent of a line of the access log.
    Access,
    /// The DocumentReference of an import's original.
    Original,
    /// The Binary of an import's original.
    OriginalContent,
    /// The DocumentReference of a file that rides along and that nothing else describes (PHR-23).
    Ride,
}

impl Generated {
    const ALL: [Self; 8] = [
        Self::Cover,
        Self::Manifest,
        Self::Closing,
        Self::Commit,
        Self::Access,
        Self::Original,
        Self::OriginalContent,
        Self::Ride,
    ];

    /// What `resource` is of these: it must carry the mark and be of the type. None for health data.
    pub fn of(resource: &Resource) -> Option<Self> {
        let tags = resource.meta()?.get("tag")?;
        Self::ALL
            .into_iter()
            .filter(|generated| generated.resource_type() == resource.resource_type())
            .find(|generated| tags.items().any(|tag| is_tag(tag, SYSTEM, generated.code())))
    }

    /// Its resource type.
    pub fn resource_type(self) -> ResourceType {
        match self {
            Self::Cover => ResourceType::COMPOSITION,
            Self::Manifest => ResourceType::DOCUMENT_MANIFEST,
            Self::Closing | Self::Commit => ResourceType::PROVENANCE,
            Self::Access => ResourceType::AUDIT_EVENT,
            Self::Original | Self::Ride => ResourceType::DOCUMENT_REFERENCE,
            Self::OriginalContent => ResourceType::BINARY,
        }
    }

    /// The code of its mark.
    pub fn code(self) -> &'static str {
        match self {
            Self::Cover => "cover",
            Self::Manifest => "manifest",
            Self::Closing => "closing",
            Self::Commit => "commit",
            Self::Access => "access",
            Self::Original | Self::OriginalContent => "original",
            Self::Ride => "ride-along",
        }
    }

    /// Its id in an export about that patient, always the same.
    pub(super) fn id(self, export: &Export<'_>) -> String {
        let of_patient = format!("mecum-{}-{}", self.code(), export.patient_id());
        let is_id = mecum_fhir::reference::Id::is_valid(&of_patient);
        if is_id { of_patient } else { format!("mecum-{}", self.code()) }
    }

    /// `Composition/…`
    pub(super) fn reference(self, export: &Export<'_>) -> String {
        format!("{}/{}", self.resource_type().name(), self.id(export))
    }

    /// Writes type, id and a `meta` with the export's label and the mark.
    pub(super) fn write_head(self, resource: &mut ObjectWriter<'_>, export: &Export<'_>) {
        resource.str("resourceType", self.resource_type().name()).str("id", &self.id(export)).obj("meta", |meta| {
            if let Some(label) = export.confidentiality {
                write_security(meta, label);
            }
            self.write_mark(meta);
        });
    }

    /// Writes `tag` with the mark into a `meta`.
    pub fn write_mark(self, meta: &mut ObjectWriter<'_>) {
        meta.arr("tag", |tags| self.write_tag(tags));
    }

    /// Writes the mark into `meta.tag`.
    pub fn write_tag(self, tags: &mut ArrayWriter<'_>) {
        tags.obj(|tag| {
            tag.str("system", SYSTEM).str("code", self.code());
        });
    }
}

/// Writes `security` with the label (PHR-94, LBL-1).
pub(super) fn write_security(meta: &mut ObjectWriter<'_>, label: Confidentiality) {
    meta.arr("security", |labels| {
        labels.obj(|coding| {
            coding.str("system", "http://terminology.hl7.org/CodeSystem/v3-Confidentiality").str("code", label.code());
        });
    });
}

fn is_tag(tag: Element<'_>, system: &str, code: &str) -> bool {
    let is = |key: &str, text: &str| {
        tag.get(key).is_some_and(|value| value.kind() == Kind::String && value.as_str().as_deref() == Some(text))
    };
    is("system", system) && is("code", code)
}
