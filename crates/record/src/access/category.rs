//! Categories that scopes and grants speak about, as a bit set: US Core's and R4's own category codes.

macro_rules! categories {
    ($($name:ident = $bit:literal, $code:literal;)+) => {
        /// A category of clinical data. The number is the bit in stored facts and never changes.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[repr(u8)]
        #[expect(missing_docs, reason = "each variant is the code of the same name")]
        pub enum Category { $($name = $bit),+ }

        impl Category {
            /// Every category.
            pub const ALL: &'static [Category] = &[$(Category::$name),+];

            /// The category of a `category.coding.code`, whatever system it claims (samples name several).
            #[must_use]
            pub fn of(code: &str) -> Option<Category> {
                match code {
                    $($code => Some(Category::$name),)+
                    _ => None,
                }
            }

            /// The standard's code.
            #[must_use]
            pub fn code(self) -> &'static str {
                match self { $(Category::$name => $code),+ }
            }
        }
    };
}

categories! {
    VitalSigns = 0, "vital-signs";
    Laboratory = 1, "laboratory";
    SocialHistory = 2, "social-history";
    Survey = 3, "survey";
    Imaging = 4, "imaging";
    Exam = 5, "exam";
    Therapy = 6, "therapy";
    Activity = 7, "activity";
    Procedure = 8, "procedure";
    ProblemListItem = 9, "problem-list-item";
    EncounterDiagnosis = 10, "encounter-diagnosis";
    HealthConcern = 11, "health-concern";
    ClinicalNote = 12, "clinical-note";
    Sdoh = 13, "sdoh";
    FunctionalStatus = 14, "functional-status";
    CognitiveStatus = 15, "cognitive-status";
    DisabilityStatus = 16, "disability-status";
    TreatmentInterventionPreference = 17, "treatment-intervention-preference";
    CareExperiencePreference = 18, "care-experience-preference";
    LaboratoryReport = 19, "LAB";
    RadiologyReport = 20, "RAD";
    Medication = 21, "medication";
    Food = 22, "food";
    Environment = 23, "environment";
}

/// The categories of one resource.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CategorySet(pub u64);

impl CategorySet {
    /// This set with one category more.
    #[must_use]
    pub fn with(self, category: Category) -> CategorySet {
        CategorySet(self.0 | 1 << category as u8)
    }

    /// Whether the set holds the category.
    #[must_use]
    pub fn has(self, category: Category) -> bool {
        self.0 & 1 << category as u8 != 0
    }
}
