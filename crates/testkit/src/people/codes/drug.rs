//! Medicines: RxNorm in the United States, the Anatomical Therapeutic Chemical classification in Europe.

use crate::people::datatype::Code;

const fn rx(code: &'static str, display: &'static str) -> Code {
    Code::new("http://www.nlm.nih.gov/research/umls/rxnorm", code, display)
}

const fn atc(code: &'static str, display: &'static str) -> Code {
    Code::new("http://www.whocc.no/atc", code, display)
}

pub(crate) const METFORMIN: Code = rx("6809", "metformin");
pub(crate) const GLIPIZIDE: Code = rx("4821", "glipizide");
pub(crate) const EMPAGLIFLOZIN: Code = rx("1545653", "empagliflozin");
pub(crate) const LISINOPRIL_10: Code = rx("314076", "lisinopril 10 MG Oral Tablet");
pub(crate) const LISINOPRIL_20: Code = rx("314077", "lisinopril 20 MG Oral Tablet");
pub(crate) const AMLODIPINE_5: Code = rx("197361", "amlodipine 5 MG Oral Tablet");
pub(crate) const ATORVASTATIN: Code = rx("83367", "atorvastatin");
pub(crate) const LEVOTHYROXINE: Code = rx("10582", "levothyroxine");
pub(crate) const AMOXICILLIN: Code = rx("723", "amoxicillin");
pub(crate) const ACETAMINOPHEN: Code = rx("161", "acetaminophen");
pub(crate) const IBUPROFEN: Code = rx("5640", "ibuprofen");
pub(crate) const ALBUTEROL: Code = rx("435", "albuterol");
pub(crate) const FLUTICASONE: Code = rx("41126", "fluticasone");
pub(crate) const SUMATRIPTAN: Code = rx("37418", "sumatriptan");
pub(crate) const FOLIC_ACID: Code = rx("4511", "folic acid");
pub(crate) const VITAMIN_D: Code = rx("2418", "cholecalciferol");
pub(crate) const FERROUS_SULFATE: Code = rx("24947", "ferrous sulfate");

pub(crate) const METFORMIN_ATC: Code = atc("A10BA02", "metformin");
pub(crate) const LISINOPRIL_ATC: Code = atc("C09AA03", "lisinopril");
pub(crate) const DOXYCYCLINE_ATC: Code = atc("J01AA02", "doxycycline");
pub(crate) const PARACETAMOL_ATC: Code = atc("N02BE01", "paracetamol");
pub(crate) const EMPAGLIFLOZIN_ATC: Code = atc("A10BK03", "empagliflozin");
