//! Codes of HL7's own systems (terminology.hl7.org and the code systems that are part of R4).

use crate::people::datatype::Code;

const fn category(code: &'static str, display: &'static str) -> Code {
    Code::new("http://terminology.hl7.org/CodeSystem/observation-category", code, display)
}

pub(crate) const VITAL_SIGNS: Code = category("vital-signs", "Vital Signs");
pub(crate) const LABORATORY: Code = category("laboratory", "Laboratory");
pub(crate) const SOCIAL_HISTORY: Code = category("social-history", "Social History");
pub(crate) const SURVEY: Code = category("survey", "Survey");
pub(crate) const EXAM: Code = category("exam", "Exam");
pub(crate) const ACTIVITY: Code = category("activity", "Activity");
pub(crate) const PROCEDURE: Code = category("procedure", "Procedure");

/// A Condition's clinical status.
pub(crate) const fn condition_clinical(code: &'static str, display: &'static str) -> Code {
    Code::new("http://terminology.hl7.org/CodeSystem/condition-clinical", code, display)
}

/// How sure a Condition is.
pub(crate) const fn condition_verification(code: &'static str, display: &'static str) -> Code {
    Code::new("http://terminology.hl7.org/CodeSystem/condition-ver-status", code, display)
}

/// An AllergyIntolerance's clinical status.
pub(crate) const fn allergy_clinical(code: &'static str, display: &'static str) -> Code {
    Code::new("http://terminology.hl7.org/CodeSystem/allergyintolerance-clinical", code, display)
}

/// How sure an AllergyIntolerance is.
pub(crate) const fn allergy_verification(code: &'static str, display: &'static str) -> Code {
    Code::new("http://terminology.hl7.org/CodeSystem/allergyintolerance-verification", code, display)
}

pub(crate) const ACTIVE: Code = condition_clinical("active", "Active");
pub(crate) const RESOLVED: Code = condition_clinical("resolved", "Resolved");
pub(crate) const CONFIRMED: Code = condition_verification("confirmed", "Confirmed");
pub(crate) const ENTERED_IN_ERROR: Code = condition_verification("entered-in-error", "Entered in Error");
pub(crate) const PROBLEM: Code =
    Code::new("http://terminology.hl7.org/CodeSystem/condition-category", "problem-list-item", "Problem List Item");
pub(crate) const DIAGNOSIS: Code =
    Code::new("http://terminology.hl7.org/CodeSystem/condition-category", "encounter-diagnosis", "Encounter Diagnosis");

const fn act(code: &'static str, display: &'static str) -> Code {
    Code::new("http://terminology.hl7.org/CodeSystem/v3-ActCode", code, display)
}

pub(crate) const AMBULATORY: Code = act("AMB", "ambulatory");
pub(crate) const EMERGENCY: Code = act("EMER", "emergency");
pub(crate) const INPATIENT: Code = act("IMP", "inpatient encounter");
pub(crate) const VIRTUAL: Code = act("VR", "virtual");
pub(crate) const HEALTH_POLICY: Code = act("EHCPOL", "extended healthcare");

const fn confidentiality(code: &'static str, display: &'static str) -> Code {
    Code::new("http://terminology.hl7.org/CodeSystem/v3-Confidentiality", code, display)
}

pub(crate) const NORMAL: Code = confidentiality("N", "normal");
pub(crate) const RESTRICTED: Code = confidentiality("R", "restricted");
pub(crate) const PSYCHIATRY: Code = act("PSY", "psychiatry disorder information sensitivity");
pub(crate) const PATIENT_ASSERTED: Code =
    Code::new("http://terminology.hl7.org/CodeSystem/v3-ObservationValue", "PATAST", "patient asserted");
pub(crate) const PATIENT_SUPPLIED: Code =
    Code::new("http://hl7.org/fhir/us/core/CodeSystem/us-core-tags", "patient-supplied", "Patient Supplied");

/// How an observed value is judged.
pub(crate) const fn interpretation(code: &'static str, display: &'static str) -> Code {
    Code::new("http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation", code, display)
}

pub(crate) const HIGH: Code = interpretation("H", "High");
pub(crate) const LOW: Code = interpretation("L", "Low");
pub(crate) const WITHIN: Code = interpretation("N", "Normal");
pub(crate) const NEGATIVE: Code = interpretation("NEG", "Negative");

/// Why a value is missing.
pub(crate) const fn absent(code: &'static str, display: &'static str) -> Code {
    Code::new("http://terminology.hl7.org/CodeSystem/data-absent-reason", code, display)
}

/// A family relationship.
pub(crate) const fn relation(code: &'static str, display: &'static str) -> Code {
    Code::new("http://terminology.hl7.org/CodeSystem/v3-RoleCode", code, display)
}

pub(crate) const MOTHER: Code = relation("MTH", "mother");
pub(crate) const FATHER: Code = relation("FTH", "father");
pub(crate) const MATERNAL_GRANDMOTHER: Code = relation("MGRMTH", "maternal grandmother");
pub(crate) const PATERNAL_GRANDFATHER: Code = relation("PGRFTH", "paternal grandfather");
pub(crate) const SISTER: Code = relation("SIS", "sister");
pub(crate) const DAUGHTER: Code = relation("DAU", "natural daughter");
pub(crate) const SPOUSE: Code = relation("SPS", "spouse");

/// What an agent did for a Provenance.
pub(crate) const fn provenance_agent(code: &'static str, display: &'static str) -> Code {
    Code::new("http://terminology.hl7.org/CodeSystem/provenance-participant-type", code, display)
}

/// A section of a diagnostic service.
pub(crate) const fn service_section(code: &'static str, display: &'static str) -> Code {
    Code::new("http://terminology.hl7.org/CodeSystem/v2-0074", code, display)
}

/// A kind of image of DICOM.
pub(crate) const fn modality(code: &'static str, display: &'static str) -> Code {
    Code::new("http://dicom.nema.org/resources/ontology/DCM", code, display)
}
