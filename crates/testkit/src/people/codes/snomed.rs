//! Findings, procedures, substances and places of SNOMED CT.

use super::sct;
use crate::people::datatype::Code;

pub(crate) const DIABETES_2: Code = sct("44054006", "Diabetes mellitus type 2");
pub(crate) const HYPERTENSION: Code = sct("59621000", "Essential hypertension");
pub(crate) const HYPERLIPIDEMIA: Code = sct("55822004", "Hyperlipidemia");
pub(crate) const HYPOTHYROIDISM: Code = sct("40930008", "Hypothyroidism");
pub(crate) const PNEUMONIA: Code = sct("233604007", "Pneumonia");
pub(crate) const ATRIAL_FIBRILLATION: Code = sct("49436004", "Atrial fibrillation");
pub(crate) const ASTHMA: Code = sct("195967001", "Asthma");
pub(crate) const ACUTE_OTITIS_MEDIA: Code = sct("3110003", "Acute otitis media");
pub(crate) const ACUTE_BRONCHITIS: Code = sct("10509002", "Acute bronchitis");
pub(crate) const VIRAL_SINUSITIS: Code = sct("444814009", "Viral sinusitis");
pub(crate) const MIGRAINE: Code = sct("37796009", "Migraine");
pub(crate) const IRON_DEFICIENCY: Code = sct("35240004", "Iron deficiency");
pub(crate) const DEPRESSION: Code = sct("35489007", "Depressive disorder");
pub(crate) const PREGNANCY: Code = sct("72892002", "Normal pregnancy");
pub(crate) const RADIUS_FRACTURE: Code = sct("263199001", "Fracture of distal end of radius");
pub(crate) const OSTEOPENIA: Code = sct("312894000", "Osteopenia");
pub(crate) const HYPOGLYCEMIA: Code = sct("302866003", "Hypoglycemia");
pub(crate) const CATARACT: Code = sct("193570009", "Cataract");
pub(crate) const ANKLE_SPRAIN: Code = sct("44465007", "Sprain of ankle");
pub(crate) const MYOCARDIAL_INFARCTION: Code = sct("22298006", "Myocardial infarction");
pub(crate) const BREAST_CANCER: Code = sct("254837009", "Malignant neoplasm of breast");
pub(crate) const COVID_19: Code = sct("840539006", "COVID-19");
pub(crate) const PENICILLIN_ALLERGY: Code = sct("91936005", "Allergy to penicillin");
pub(crate) const PENICILLIN: Code = sct("764146007", "Penicillin");
pub(crate) const CAT_DANDER: Code = sct("232346004", "Cat dander allergy");
pub(crate) const ERUPTION: Code = sct("271807003", "Eruption of skin");
pub(crate) const URTICARIA: Code = sct("126485001", "Urticaria");
pub(crate) const NO_KNOWN_ALLERGY: Code = sct("716186003", "No known allergy");

pub(crate) const CHECK_UP: Code = sct("185349003", "Encounter for check up");
pub(crate) const FOLLOW_UP: Code = sct("390906007", "Follow-up encounter");
pub(crate) const SYMPTOM_VISIT: Code = sct("185345009", "Encounter for symptom");
pub(crate) const WELL_CHILD: Code = sct("410620009", "Well child visit");
pub(crate) const FIRST_PRENATAL: Code = sct("424441002", "Prenatal initial visit");
pub(crate) const PRENATAL: Code = sct("424619006", "Prenatal visit");
pub(crate) const POSTNATAL: Code = sct("169762003", "Postnatal visit");
pub(crate) const EMERGENCY_ADMISSION: Code = sct("50849002", "Emergency room admission");

pub(crate) const BONE_IMMOBILIZATION: Code = sct("274474001", "Bone immobilization");
pub(crate) const CHEST_X_RAY: Code = sct("399208008", "Plain chest X-ray");
pub(crate) const RADIOGRAPHY: Code = sct("363680008", "Radiographic imaging procedure");
pub(crate) const ULTRASONOGRAPHY: Code = sct("16310003", "Diagnostic ultrasonography");
pub(crate) const NORMAL_DELIVERY: Code = sct("177184002", "Normal delivery procedure");
pub(crate) const COLONOSCOPY: Code = sct("73761001", "Colonoscopy");
pub(crate) const MAMMOGRAPHY: Code = sct("71651007", "Mammography");
pub(crate) const APPENDECTOMY: Code = sct("80146002", "Appendectomy");
pub(crate) const CATARACT_REMOVAL: Code = sct("54885007", "Extraction of cataract");
pub(crate) const PRICK_TEST: Code = sct("37968009", "Prick test");
pub(crate) const SPIROMETRY: Code = sct("127783003", "Spirometry");
pub(crate) const MEDICATION_REVIEW: Code = sct("430193006", "Medication reconciliation");

pub(crate) const WRIST: Code = sct("8205005", "Wrist region structure");
pub(crate) const CHEST: Code = sct("51185008", "Thoracic structure");
pub(crate) const LEFT_ARM: Code = sct("368208006", "Left upper arm structure");
pub(crate) const RIGHT_ARM: Code = sct("368209003", "Right upper arm structure");
pub(crate) const RIGHT: Code = sct("24028007", "Right");

pub(crate) const BLOOD: Code = sct("119297000", "Blood specimen");
pub(crate) const URINE: Code = sct("122575003", "Urine specimen");

pub(crate) const NEVER_SMOKED: Code = sct("266919005", "Never smoked tobacco");
pub(crate) const FORMER_SMOKER: Code = sct("8517006", "Ex-smoker");
pub(crate) const NEGATIVE: Code = sct("260385009", "Negative");
pub(crate) const POSITIVE: Code = sct("10828004", "Positive");
pub(crate) const MODERATE: Code = sct("6736007", "Moderate");
pub(crate) const BY_MOUTH: Code = sct("26643006", "Oral route");
pub(crate) const INHALED: Code = sct("447694001", "Respiratory tract route");

pub(crate) const GENERAL_PRACTICE: Code = sct("394814009", "General practice");
pub(crate) const INTERNAL_MEDICINE: Code = sct("419192003", "Internal medicine");
pub(crate) const EMERGENCY_MEDICINE: Code = sct("773568002", "Emergency medicine");
pub(crate) const RADIOLOGY: Code = sct("394914008", "Radiology");
pub(crate) const ALLERGY: Code = sct("408439002", "Allergy");
pub(crate) const CARDIOLOGY: Code = sct("394579002", "Cardiology");
pub(crate) const PEDIATRICS: Code = sct("394537008", "Pediatrics");
pub(crate) const OBSTETRICS: Code = sct("394585009", "Obstetrics and gynecology");
pub(crate) const ENDOCRINOLOGY: Code = sct("394583002", "Endocrinology");
