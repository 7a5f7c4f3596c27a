//! What the generated resources say of the export they belong to.

use mecum_fhir::date::format_instant;
use mecum_fhir::json::ObjectWriter;

/// An export, as far as its generated resources tell.
#[derive(Clone, Copy)]
pub struct Export<'a> {
    /// The person it is about, as a reference that leads there within the export: `Patient/…`.
    pub patient: &'a str,
    /// When it was made, in microseconds since the epoch.
    pub made_at_us: i64,
    /// The version of Mecum that made it.
    pub version: &'a str,
    /// The strictest label of anything in it, where labels are known (PHR-94, LBL-2).
    pub confidentiality: Option<Confidentiality>,
}

impl Export<'_> {
    /// The id of the patient.
    pub(super) fn patient_id(&self) -> &str {
        self.patient.rsplit('/').next().unwrap_or_default()
    }

    /// When it was made, as a FHIR instant.
    pub(super) fn made_at(&self) -> String {
        format_instant(self.made_at_us)
    }

    /// Writes `contained` with the Device that Mecum is; [`DEVICE`] refers to it.
    pub(super) fn write_device(&self, resource: &mut ObjectWriter<'_>) {
        resource.arr("contained", |contained| {
            contained.obj(|device| {
                device.str("resourceType", "Device").str("id", "mecum").arr("deviceName", |names| {
                    names.obj(|name| {
                        name.str("name", "Mecum").str("type", "manufacturer-name");
                    });
                });
                device.arr_some("version", |versions| {
                    if !self.version.is_empty() {
                        versions.obj(|version| {
                            version.str("value", self.version);
                        });
                    }
                });
            });
        });
    }
}

impl std::fmt::Debug for Export<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Export").field("made_at_us", &self.made_at_us).finish_non_exhaustive()
    }
}

/// The reference to the Device that [`Export::write_device`] wrote.
pub(super) const DEVICE: &str = "#mecum";

/// A label of v3-Confidentiality (LBL-1), the least strict first, so that the highest mark is the greatest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Confidentiality {
    /// Anybody may see it.
    Unrestricted,
    /// Made unidentifiable, or of low risk.
    Low,
    /// Less than normal health data.
    Moderate,
    /// Health data as a rule.
    Normal,
    /// Sensitive.
    Restricted,
    /// Very sensitive.
    VeryRestricted,
}

impl Confidentiality {
    /// All of them, the least strict first.
    pub const ALL: [Self; 6] =
        [Self::Unrestricted, Self::Low, Self::Moderate, Self::Normal, Self::Restricted, Self::VeryRestricted];

    /// The code.
    pub fn code(self) -> &'static str {
        match self {
            Self::Unrestricted => "U",
            Self::Low => "L",
            Self::Moderate => "M",
            Self::Normal => "N",
            Self::Restricted => "R",
            Self::VeryRestricted => "V",
        }
    }

    /// The label with that code.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|label| label.code() == code)
    }
}
