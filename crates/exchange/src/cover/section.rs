//! The sections of a cover page: kinds of resources, each with the LOINC code that IPS uses for it where there is one.

use mecum_fhir::reference::ResourceType;

/// A kind of resources; the order is that of the sections.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum SectionKind {
    People,
    Allergies,
    Problems,
    Medications,
    Immunizations,
    Procedures,
    Results,
    Devices,
    Encounters,
    Plans,
    FamilyHistory,
    Documents,
    Questionnaires,
    Consents,
    Insurance,
    Provenance,
    Other,
}

impl SectionKind {
    /// The section that resources of a type are in.
    pub(super) fn of(resource_type: ResourceType) -> Self {
        match resource_type.name() {
            "Patient" | "RelatedPerson" | "Person" | "Practitioner" | "PractitionerRole" | "Organization" => {
                Self::People
            }
            "AllergyIntolerance" => Self::Allergies,
            "Condition" => Self::Problems,
            "Medication"
            | "MedicationStatement"
            | "MedicationRequest"
            | "MedicationAdministration"
            | "MedicationDispense" => Self::Medications,
            "Immunization" | "ImmunizationEvaluation" | "ImmunizationRecommendation" => Self::Immunizations,
            "Procedure" => Self::Procedures,
            "Observation" | "DiagnosticReport" | "Specimen" | "MolecularSequence" => Self::Results,
            "Device" | "DeviceUseStatement" => Self::Devices,
            "Encounter" | "EpisodeOfCare" | "Appointment" => Self::Encounters,
            "CarePlan" | "CareTeam" | "Goal" | "ServiceRequest" | "Task" => Self::Plans,
            "FamilyMemberHistory" => Self::FamilyHistory,
            "DocumentReference" | "DocumentManifest" | "Composition" | "Bundle" | "Media" | "Binary"
            | "ImagingStudy" => Self::Documents,
            "Questionnaire" | "QuestionnaireResponse" => Self::Questionnaires,
            "Consent" | "Contract" => Self::Consents,
            "Coverage" | "Claim" | "ClaimResponse" | "ExplanationOfBenefit" | "Account" | "Invoice" => Self::Insurance,
            "Provenance" | "AuditEvent" => Self::Provenance,
            _ => Self::Other,
        }
    }

    /// The section's title.
    pub(super) fn title(self) -> &'static str {
        match self {
            Self::People => "People and organizations",
            Self::Allergies => "Allergies and intolerances",
            Self::Problems => "Problems",
            Self::Medications => "Medications",
            Self::Immunizations => "Immunizations",
            Self::Procedures => "Procedures",
            Self::Results => "Results and measurements",
            Self::Devices => "Devices",
            Self::Encounters => "Encounters",
            Self::Plans => "Plans and teams",
            Self::FamilyHistory => "Family history",
            Self::Documents => "Documents and images",
            Self::Questionnaires => "Questionnaires",
            Self::Consents => "Consents",
            Self::Insurance => "Insurance and costs",
            Self::Provenance => "Provenance",
            Self::Other => "Other",
        }
    }

    /// The section's LOINC code.
    pub(super) fn loinc(self) -> Option<&'static str> {
        Some(match self {
            Self::Allergies => "48765-2",
            Self::Problems => "11450-4",
            Self::Medications => "10160-0",
            Self::Immunizations => "11369-6",
            Self::Procedures => "47519-4",
            Self::Results => "30954-2",
            Self::Devices => "46264-8",
            Self::Encounters => "46240-8",
            Self::Plans => "18776-5",
            Self::FamilyHistory => "10157-6",
            _ => return None,
        })
    }
}
