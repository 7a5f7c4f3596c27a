//! Security labels that a resource carries: confidentiality and sensitivity codes of `meta.security` (LBL-1), as a bit set.

/// HL7 v3 Confidentiality.
const CONFIDENTIALITY: &str = "http://terminology.hl7.org/CodeSystem/v3-Confidentiality";
/// HL7 v3 ActCode, where the sensitivity codes live.
const ACT_CODE: &str = "http://terminology.hl7.org/CodeSystem/v3-ActCode";

macro_rules! labels {
    ($($(#[$doc:meta])* $name:ident = $bit:literal, [$(($system:path, $code:literal)),+];)+) => {
        /// A kind of sensitivity. The number is the bit in stored facts and never changes.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[repr(u8)]
        pub enum Label { $($(#[$doc])* $name = $bit),+ }

        impl Label {
            /// Every label.
            pub const ALL: &'static [Label] = &[$(Label::$name),+];

            /// The label that a coding of `meta.security` stands for.
            #[must_use]
            pub fn of(system: &str, code: &str) -> Option<Label> {
                match (system, code) {
                    $($(($system, $code))|+ => Some(Label::$name),)+
                    _ => None,
                }
            }
        }
    };
}

labels! {
    /// Restricted confidentiality (R).
    Restricted = 0, [(CONFIDENTIALITY, "R")];
    /// Very restricted confidentiality (V).
    VeryRestricted = 1, [(CONFIDENTIALITY, "V")];
    /// Mental health.
    MentalHealth = 2, [(ACT_CODE, "PSY"), (ACT_CODE, "MH"), (ACT_CODE, "BH"), (ACT_CODE, "PSYTHPN")];
    /// Substance use.
    SubstanceUse = 3, [(ACT_CODE, "ETH"), (ACT_CODE, "ETHUD"), (ACT_CODE, "OPIOIDUD"), (ACT_CODE, "SUD"), (ACT_CODE, "ALCOHOL")];
    /// Reproductive and sexual health.
    Reproductive = 4, [(ACT_CODE, "SEX"), (ACT_CODE, "STD"), (ACT_CODE, "REPRO"), (ACT_CODE, "SRH")];
    /// HIV.
    Hiv = 5, [(ACT_CODE, "HIV")];
    /// Genetic disease information.
    Genetic = 6, [(ACT_CODE, "GDIS"), (ACT_CODE, "GEN")];
    /// Sexual assault, domestic violence.
    Violence = 7, [(ACT_CODE, "SDV"), (ACT_CODE, "VIO")];
    /// Adolescents' confidential care.
    Adolescent = 8, [(ACT_CODE, "ADOL"), (ACT_CODE, "PDS")];
    /// A sensitivity code that is taboo at the patient's wish.
    Taboo = 9, [(ACT_CODE, "TBOO")];
}

/// The labels of one resource.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LabelSet(pub u64);

impl LabelSet {
    /// This set with one label more.
    #[must_use]
    pub fn with(self, label: Label) -> LabelSet {
        LabelSet(self.0 | 1 << label as u8)
    }

    /// Whether the set holds the label.
    #[must_use]
    pub fn has(self, label: Label) -> bool {
        self.0 & 1 << label as u8 != 0
    }
}
