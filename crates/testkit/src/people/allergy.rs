//! AllergyIntolerance (R4, allergyintolerance.html).

use super::chart::Chart;
use super::codes::hl7::{allergy_clinical, allergy_verification};
use super::datatype::{Code, concept};
use super::json::{Json, object, text};
use super::resource::Resource;

/// A reaction: what showed and how badly.
pub(crate) fn reaction(manifestation: Code, severity: &'static str, words: &str) -> Json {
    object()
        .with("manifestation", [manifestation.concept()])
        .with("description", text(words))
        .with("severity", severity)
}

impl Chart {
    /// An active allergy, of a category and verification (`confirmed`, `unconfirmed`, `refuted`).
    pub(crate) fn allergy(
        &self,
        codes: &[Code],
        category: &'static str,
        verification: (&'static str, &'static str),
    ) -> Resource {
        self.start("AllergyIntolerance")
            .with("clinicalStatus", allergy_clinical("active", "Active").bare())
            .with("verificationStatus", allergy_verification(verification.0, verification.1).bare())
            .with("type", "allergy")
            .with("category", [category])
            .with("code", concept(codes, codes[0].display))
            .points("patient", &self.patient)
    }
}
