//! The kinds of entries by which a person thinks of her record; every type belongs to exactly one.

use mecum_fhir::reference::ResourceType;
use mecum_record::access::{Category, CategorySet, ResourceFilter};

/// A kind of entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "each variant is the kind of the same name")]
pub enum Kind {
    Problems,
    Medications,
    Allergies,
    Immunizations,
    Results,
    Vitals,
    Lifestyle,
    Procedures,
    Visits,
    Documents,
    Plans,
    Family,
    Devices,
    People,
    Insurance,
    Other,
}

impl Kind {
    /// Every kind, in the order in which they are offered.
    pub const ALL: [Kind; 16] = [
        Kind::Problems,
        Kind::Medications,
        Kind::Allergies,
        Kind::Immunizations,
        Kind::Results,
        Kind::Vitals,
        Kind::Lifestyle,
        Kind::Procedures,
        Kind::Visits,
        Kind::Documents,
        Kind::Plans,
        Kind::Family,
        Kind::Devices,
        Kind::People,
        Kind::Insurance,
        Kind::Other,
    ];

    /// Its name in addresses and catalogues.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Kind::Problems => "problems",
            Kind::Medications => "medications",
            Kind::Allergies => "allergies",
            Kind::Immunizations => "immunizations",
            Kind::Results => "results",
            Kind::Vitals => "vitals",
            Kind::Lifestyle => "lifestyle",
            Kind::Procedures => "procedures",
            Kind::Visits => "visits",
            Kind::Documents => "documents",
            Kind::Plans => "plans",
            Kind::Family => "family",
            Kind::Devices => "devices",
            Kind::People => "people",
            Kind::Insurance => "insurance",
            Kind::Other => "other",
        }
    }

    /// The kind of that name.
    #[must_use]
    pub fn parse(word: &str) -> Option<Kind> {
        Kind::ALL.into_iter().find(|kind| kind.word() == word)
    }

    /// The types it has; none for what is left over. Observations are told apart by their category.
    fn types(self) -> &'static [&'static str] {
        match self {
            Kind::Problems => {
                &["Condition", "AdverseEvent", "DetectedIssue", "ClinicalImpression", "RiskAssessment", "Flag"]
            }
            Kind::Medications => &[
                "MedicationRequest",
                "MedicationStatement",
                "MedicationAdministration",
                "MedicationDispense",
                "Medication",
            ],
            Kind::Allergies => &["AllergyIntolerance"],
            Kind::Immunizations => &["Immunization", "ImmunizationRecommendation", "ImmunizationEvaluation"],
            Kind::Results => &["DiagnosticReport", "Specimen", "MolecularSequence"],
            Kind::Vitals | Kind::Lifestyle => &[],
            Kind::Procedures => &["Procedure", "ServiceRequest"],
            Kind::Visits => &["Encounter", "EpisodeOfCare", "Appointment", "AppointmentResponse"],
            Kind::Documents => &[
                "DocumentReference",
                "DocumentManifest",
                "Composition",
                "Media",
                "ImagingStudy",
                "Binary",
                "Bundle",
                "QuestionnaireResponse",
                "Communication",
            ],
            Kind::Plans => &["CarePlan", "Goal", "CareTeam", "NutritionOrder", "RequestGroup", "Task"],
            Kind::Family => &["FamilyMemberHistory", "RelatedPerson"],
            Kind::Devices => &["Device", "DeviceUseStatement", "DeviceRequest", "DeviceMetric"],
            Kind::People => &[
                "Patient",
                "Person",
                "Practitioner",
                "PractitionerRole",
                "Organization",
                "Location",
                "HealthcareService",
            ],
            Kind::Insurance => &[
                "Coverage",
                "Claim",
                "ClaimResponse",
                "ExplanationOfBenefit",
                "Account",
                "Invoice",
                "CoverageEligibilityRequest",
                "CoverageEligibilityResponse",
            ],
            Kind::Other => &[],
        }
    }

    /// Which resources are of this kind; every resource is of one.
    #[must_use]
    pub fn filter(self) -> ResourceFilter {
        match self {
            Kind::Vitals => ResourceFilter::And(vec![observation(), is_vital()]),
            Kind::Lifestyle => ResourceFilter::And(vec![observation(), not(is_vital()), is_lifestyle()]),
            Kind::Results => {
                let mut parts = of_types(self.types());
                parts.push(ResourceFilter::And(vec![observation(), not(is_vital()), not(is_lifestyle())]));
                ResourceFilter::Or(parts)
            }
            Kind::Other => {
                let mut named: Vec<ResourceFilter> = Kind::ALL.iter().flat_map(|kind| of_types(kind.types())).collect();
                named.push(observation());
                not(ResourceFilter::Or(named))
            }
            _ => ResourceFilter::Or(of_types(self.types())),
        }
    }

    /// The kind of a resource.
    #[must_use]
    pub fn of(resource_type: ResourceType, categories: CategorySet) -> Kind {
        match resource_type {
            ResourceType::OBSERVATION if categories.has(Category::VitalSigns) => Kind::Vitals,
            ResourceType::OBSERVATION if LIFESTYLE.into_iter().any(|category| categories.has(category)) => {
                Kind::Lifestyle
            }
            ResourceType::OBSERVATION => Kind::Results,
            _ => {
                let named = Kind::ALL.into_iter().find(|kind| kind.types().contains(&resource_type.name()));
                named.unwrap_or(Kind::Other)
            }
        }
    }
}

/// Categories of observations about how somebody lives.
const LIFESTYLE: [Category; 4] = [Category::SocialHistory, Category::Survey, Category::Activity, Category::Sdoh];

fn is_lifestyle() -> ResourceFilter {
    ResourceFilter::Or(LIFESTYLE.map(ResourceFilter::CategoryIs).to_vec())
}

fn is_vital() -> ResourceFilter {
    ResourceFilter::CategoryIs(Category::VitalSigns)
}

fn not(filter: ResourceFilter) -> ResourceFilter {
    ResourceFilter::Not(Box::new(filter))
}

fn observation() -> ResourceFilter {
    ResourceFilter::TypeIs(ResourceType::OBSERVATION)
}

fn of_types(names: &[&str]) -> Vec<ResourceFilter> {
    names.iter().filter_map(|name| ResourceType::parse(name)).map(ResourceFilter::TypeIs).collect()
}

#[cfg(test)]
mod tests {
    use mecum_record::access::{Facts, LabelSet};

    use super::*;

    #[test]
    fn every_type_is_of_exactly_one_kind() {
        for resource_type in ResourceType::all() {
            for category in [Category::VitalSigns, Category::Activity, Category::Laboratory] {
                let categories = CategorySet(1 << category as u64);
                let facts = Facts { resource_type, labels: LabelSet(0), categories, dated: None, source: None };
                let kinds: Vec<Kind> =
                    Kind::ALL.into_iter().filter(|kind| kind.filter().matches(&facts, "x")).collect();
                assert_eq!(kinds, [Kind::of(resource_type, categories)], "{}", resource_type.name());
            }
        }
        for kind in Kind::ALL {
            assert_eq!(Kind::parse(kind.word()), Some(kind));
            for name in kind.types() {
                assert!(ResourceType::parse(name).is_some(), "{name} is no type");
            }
        }
    }
}
