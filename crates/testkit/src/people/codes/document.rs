//! Kinds of documents, reports and their sections (LOINC).

use super::loinc;
use crate::people::datatype::Code;

pub(crate) const MEDICAL_RECORDS: Code = loinc("11503-0", "Medical records");
pub(crate) const EPISODE_SUMMARY: Code = loinc("34133-9", "Summarization of episode note");
pub(crate) const DISCHARGE_SUMMARY: Code = loinc("18842-5", "Discharge summary");
pub(crate) const PROGRESS_NOTE: Code = loinc("11506-3", "Progress note");
pub(crate) const CONSULT_NOTE: Code = loinc("11488-4", "Consult note");
pub(crate) const IMAGING_STUDY: Code = loinc("18748-4", "Diagnostic imaging study");
pub(crate) const CHEST_PA_LATERAL: Code = loinc("42272-5", "XR Chest PA and Lateral");
pub(crate) const PLAN_NOTE: Code = loinc("18776-5", "Plan of care note");
pub(crate) const PROBLEMS: Code = loinc("11450-4", "Problem list - Reported");
pub(crate) const ALLERGIES: Code = loinc("48765-2", "Allergies and adverse reactions Document");
pub(crate) const MEDICATIONS: Code = loinc("10160-0", "History of Medication use Narrative");
pub(crate) const RESULTS: Code = loinc("30954-2", "Relevant diagnostic tests/laboratory data Narrative");
pub(crate) const VITALS: Code = loinc("8716-3", "Vital signs");
pub(crate) const PROCEDURES: Code = loinc("47519-4", "History of Procedures Document");
pub(crate) const ASSESSMENT: Code = loinc("51847-2", "Evaluation + Plan note");
pub(crate) const LABOR_SUMMARY: Code = loinc("57057-2", "Labor and delivery summary note");
pub(crate) const LABORATORY_REPORT: Code = loinc("11502-2", "Laboratory report");
