//! The codes from which the synthetic people's resources are made, by code system.

pub(crate) mod document;
pub(crate) mod drug;
pub(crate) mod hl7;
pub(crate) mod laboratory;
pub(crate) mod measure;
pub(crate) mod snomed;
pub(crate) mod unit;
pub(crate) mod vaccine;

use super::datatype::Code;

/// A LOINC term.
pub(crate) const fn loinc(code: &'static str, display: &'static str) -> Code {
    Code::new("http://loinc.org", code, display)
}

/// A SNOMED CT concept.
pub(crate) const fn sct(code: &'static str, display: &'static str) -> Code {
    Code::new("http://snomed.info/sct", code, display)
}

/// A diagnosis of ICD-10-CM, as hospitals of the United States bill it.
pub(crate) const fn icd10cm(code: &'static str, display: &'static str) -> Code {
    Code::new("http://hl7.org/fhir/sid/icd-10-cm", code, display)
}

/// A diagnosis of the World Health Organization's ICD-10.
pub(crate) const fn icd10(code: &'static str, display: &'static str) -> Code {
    Code::new("http://hl7.org/fhir/sid/icd-10", code, display)
}
