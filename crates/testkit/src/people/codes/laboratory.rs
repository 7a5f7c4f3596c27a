//! Laboratory tests with their units and reference ranges: St. Brigid's in conventional units, Val-Doré's in SI units
//! under codes of its own.

use super::{loinc, unit};
use crate::people::datatype::{Code, Unit};

/// A test as one laboratory runs it. Limits are in the last digit that the laboratory reports.
pub(crate) struct Test {
    /// The codes under which it is reported, LOINC first where the laboratory knows it.
    pub(crate) codes: &'static [Code],
    /// What the laboratory calls it.
    pub(crate) name: &'static str,
    /// Its unit.
    pub(crate) unit: Unit,
    /// How many digits after the point are reported.
    pub(crate) places: u32,
    /// The reference range; `None` where it is open.
    pub(crate) range: (Option<i64>, Option<i64>),
}

/// A group of tests ordered together.
pub(crate) struct Panel {
    /// The code of the group.
    pub(crate) code: Code,
    /// Its members with a usual value each, in the last digit reported, and how far people differ.
    pub(crate) members: &'static [(Test, i64, i64)],
}

const fn test(codes: &'static [Code], unit: Unit, places: u32, low: i64, high: i64) -> Test {
    Test { codes, name: codes[0].display, unit, places, range: (Some(low), Some(high)) }
}

const fn below(codes: &'static [Code], unit: Unit, places: u32, high: i64) -> Test {
    Test { codes, name: codes[0].display, unit, places, range: (None, Some(high)) }
}

const fn above(codes: &'static [Code], unit: Unit, places: u32, low: i64) -> Test {
    Test { codes, name: codes[0].display, unit, places, range: (Some(low), None) }
}

pub(crate) const HBA1C: Test =
    test(&[loinc("4548-4", "Hemoglobin A1c/Hemoglobin.total in Blood")], unit::PERCENT, 1, 40, 56);
pub(crate) const GLUCOSE: Test =
    test(&[loinc("2345-7", "Glucose [Mass/volume] in Serum or Plasma")], unit::MG_DL, 0, 70, 99);
pub(crate) const TSH: Test =
    test(&[loinc("3016-3", "Thyrotropin [Units/volume] in Serum or Plasma")], unit::MIU_L, 2, 40, 400);
pub(crate) const FREE_T4: Test =
    test(&[loinc("3024-7", "Thyroxine (T4) free [Mass/volume] in Serum or Plasma")], unit::NG_DL, 2, 80, 177);
pub(crate) const TPO: Test =
    below(&[loinc("8099-4", "Thyroperoxidase Ab [Units/volume] in Serum or Plasma")], unit::IU_ML, 0, 34);
pub(crate) const FERRITIN: Test =
    test(&[loinc("2276-4", "Ferritin [Mass/volume] in Serum or Plasma")], unit::NG_ML, 0, 15, 150);
pub(crate) const POTASSIUM: Test =
    test(&[loinc("2823-3", "Potassium [Moles/volume] in Serum or Plasma")], unit::MMOL_L, 1, 35, 51);
pub(crate) const ALBUMIN_RATIO: Test =
    below(&[loinc("9318-7", "Albumin/Creatinine [Mass Ratio] in Urine")], unit::MG_G, 0, 30);
pub(crate) const GLUCOSE_CHALLENGE: Test = below(
    &[loinc("1504-0", "Glucose [Mass/volume] in Serum or Plasma --1 hour post 50 g glucose PO")],
    unit::MG_DL,
    0,
    139,
);
pub(crate) const HEMOGLOBIN: Test =
    test(&[loinc("718-7", "Hemoglobin [Mass/volume] in Blood")], unit::G_DL, 1, 120, 155);

/// Salts, sugar and kidneys.
pub(crate) const METABOLIC: Panel = Panel {
    code: loinc("24321-2", "Basic metabolic 2000 panel - Serum or Plasma"),
    members: &[
        (test(&[loinc("2951-2", "Sodium [Moles/volume] in Serum or Plasma")], unit::MMOL_L, 0, 136, 145), 140, 4),
        (test(&[loinc("2823-3", "Potassium [Moles/volume] in Serum or Plasma")], unit::MMOL_L, 1, 35, 51), 43, 6),
        (test(&[loinc("2075-0", "Chloride [Moles/volume] in Serum or Plasma")], unit::MMOL_L, 0, 98, 107), 102, 4),
        (test(&[loinc("3094-0", "Urea nitrogen [Mass/volume] in Serum or Plasma")], unit::MG_DL, 0, 7, 20), 15, 6),
        (test(&[loinc("2160-0", "Creatinine [Mass/volume] in Serum or Plasma")], unit::MG_DL, 2, 57, 111), 86, 20),
    ],
};

/// Fats in the blood.
pub(crate) const LIPIDS: Panel = Panel {
    code: loinc("57698-3", "Lipid panel with direct LDL - Serum or Plasma"),
    members: &[
        (below(&[loinc("2093-3", "Cholesterol [Mass/volume] in Serum or Plasma")], unit::MG_DL, 0, 200), 190, 40),
        (above(&[loinc("2085-9", "Cholesterol in HDL [Mass/volume] in Serum or Plasma")], unit::MG_DL, 0, 40), 54, 15),
        (
            below(&[loinc("2089-1", "Cholesterol in LDL [Mass/volume] in Serum or Plasma")], unit::MG_DL, 0, 130),
            112,
            35,
        ),
        (below(&[loinc("2571-8", "Triglyceride [Mass/volume] in Serum or Plasma")], unit::MG_DL, 0, 150), 120, 60),
    ],
};

/// Blood count.
pub(crate) const BLOOD_COUNT: Panel = Panel {
    code: loinc("58410-2", "CBC panel - Blood by Automated count"),
    members: &[
        (
            test(
                &[loinc("6690-2", "Leukocytes [#/volume] in Blood by Automated count")],
                unit::THOUSAND_UL,
                1,
                45,
                110,
            ),
            67,
            25,
        ),
        (
            test(
                &[loinc("789-8", "Erythrocytes [#/volume] in Blood by Automated count")],
                unit::MILLION_UL,
                2,
                390,
                550,
            ),
            462,
            50,
        ),
        (test(&[loinc("718-7", "Hemoglobin [Mass/volume] in Blood")], unit::G_DL, 1, 120, 170), 138, 15),
        (
            test(
                &[loinc("4544-3", "Hematocrit [Volume Fraction] of Blood by Automated count")],
                unit::PERCENT,
                1,
                360,
                500,
            ),
            415,
            40,
        ),
        (
            test(&[loinc("777-3", "Platelets [#/volume] in Blood by Automated count")], unit::THOUSAND_UL, 0, 150, 400),
            255,
            80,
        ),
    ],
};

const fn local(code: &'static str, display: &'static str) -> Code {
    Code::new("https://val-dore.example/codes/laboratoire", code, display)
}

const HBA1C_CODES: &[Code] =
    &[loinc("59261-8", "Hemoglobin A1c/Hemoglobin.total in Blood by IFCC protocol"), local("HBGLY", "HbA1c (IFCC)")];
const GLUCOSE_CODES: &[Code] =
    &[loinc("14749-6", "Glucose [Moles/volume] in Serum or Plasma"), local("GLYC", "Glycémie veineuse")];

pub(crate) const HBA1C_IFCC: Test =
    Test { codes: HBA1C_CODES, name: "HbA1c (IFCC)", unit: unit::MMOL_MOL, places: 0, range: (Some(20), Some(42)) };
pub(crate) const GLUCOSE_SI: Test = Test {
    codes: GLUCOSE_CODES,
    name: "Glycémie veineuse",
    unit: unit::MMOL_L,
    places: 1,
    range: (Some(39), Some(61)),
};
pub(crate) const CREATININE_SI: Test = test(
    &[loinc("14682-9", "Creatinine [Moles/volume] in Serum or Plasma"), local("CREA", "Créatinine")],
    unit::UMOL_L,
    0,
    45,
    84,
);
pub(crate) const CRP: Test = below(
    &[loinc("1988-5", "C reactive protein [Mass/volume] in Serum or Plasma"), local("CRP", "CRP")],
    unit::MG_L,
    0,
    5,
);
/// Val-Doré knows no LOINC code for its kidney estimate.
pub(crate) const GFR_LOCAL: Test = above(&[local("DFG", "Débit de filtration glomérulaire estimé")], unit::GFR, 0, 60);
