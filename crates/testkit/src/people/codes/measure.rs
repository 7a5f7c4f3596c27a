//! Vital signs, body measures, habits, scores and what wearables count (LOINC, and the interim codes of the PHR guide
//! for its own data, PHR-80).

use super::loinc;
use crate::people::datatype::Code;

pub(crate) const BLOOD_PRESSURE: Code = loinc("85354-9", "Blood pressure panel with all children optional");
pub(crate) const SYSTOLIC: Code = loinc("8480-6", "Systolic blood pressure");
pub(crate) const DIASTOLIC: Code = loinc("8462-4", "Diastolic blood pressure");
pub(crate) const HEART_RATE: Code = loinc("8867-4", "Heart rate");
pub(crate) const RESTING_HEART_RATE: Code = loinc("40443-4", "Heart rate --resting");
pub(crate) const RESPIRATORY_RATE: Code = loinc("9279-1", "Respiratory rate");
pub(crate) const TEMPERATURE: Code = loinc("8310-5", "Body temperature");
pub(crate) const WEIGHT: Code = loinc("29463-7", "Body weight");
pub(crate) const HEIGHT: Code = loinc("8302-2", "Body height");
pub(crate) const LENGTH: Code = loinc("8306-3", "Body height --lying");
pub(crate) const HEAD: Code = loinc("9843-4", "Head Occipital-frontal circumference");
pub(crate) const BMI: Code = loinc("39156-5", "Body mass index (BMI) [Ratio]");
pub(crate) const OXYGEN: Code = loinc("2708-6", "Oxygen saturation in Arterial blood");
pub(crate) const PULSE_OXIMETRY: Code = loinc("59408-5", "Oxygen saturation in Arterial blood by Pulse oximetry");
pub(crate) const VITAL_PANEL: Code =
    loinc("85353-1", "Vital signs, weight, height, head circumference, oxygen saturation and BMI panel");

pub(crate) const SMOKING: Code = loinc("72166-2", "Tobacco smoking status");
pub(crate) const ALCOHOL: Code = loinc("74013-4", "Alcoholic drinks per day");
pub(crate) const PHQ9: Code = loinc("44261-6", "Patient Health Questionnaire 9 item (PHQ-9) total score [Reported]");
pub(crate) const PEAK_FLOW: Code =
    loinc("33452-4", "Maximum expiratory gas flow Respiratory system airway by Peak flow meter");
pub(crate) const FEV1: Code = loinc("20150-9", "FEV1");

pub(crate) const PREGNANCY_STATUS: Code = loinc("82810-3", "Pregnancy status");
pub(crate) const LAST_PERIOD: Code = loinc("8665-2", "Last menstrual period start date");
pub(crate) const DUE_DATE: Code = loinc("11778-8", "Delivery date Estimated");
pub(crate) const GESTATIONAL_AGE: Code = loinc("11884-4", "Gestational age Estimated");
pub(crate) const FUNDAL_HEIGHT: Code = loinc("11881-0", "Uterus Fundal height Tape measure");
pub(crate) const FETAL_HEART_RATE: Code = loinc("55283-6", "Fetal Heart rate");
pub(crate) const APGAR_1: Code = loinc("9272-6", "1 minute Apgar Score");
pub(crate) const APGAR_5: Code = loinc("9274-2", "5 minute Apgar Score");

pub(crate) const STEPS: Code = loinc("55423-8", "Number of steps in unspecified time Pedometer");
pub(crate) const SLEEP: Code = loinc("93832-4", "Sleep duration");
pub(crate) const ENERGY: Code = loinc("41981-2", "Calories burned");
pub(crate) const DISTANCE: Code = loinc("55430-3", "Walking distance unspecified time Pedometer");
pub(crate) const EXERCISE: Code = loinc("55411-3", "Exercise duration");
pub(crate) const HEART_RATE_VARIABILITY: Code =
    loinc("80404-7", "R-R interval.standard deviation (Heart rate variability)");
pub(crate) const GLUCOSE_METER: Code = loinc("2339-0", "Glucose [Mass/volume] in Blood");

const fn pghd(code: &'static str) -> Code {
    Code::new("http://hl7.org/fhir/uv/phr/CodeSystem/observation-pghd-codes", code, code)
}

pub(crate) const PGHD_STEPS: Code = pghd("stepCount");
pub(crate) const PGHD_HEART_RATE: Code = pghd("heartRate");
pub(crate) const PGHD_BLOOD_PRESSURE: Code = pghd("bloodPressure");
pub(crate) const PGHD_GLUCOSE: Code = pghd("bloodGlucose");
pub(crate) const PGHD_WEIGHT: Code = pghd("bodyMass");
pub(crate) const PGHD_ENERGY: Code = pghd("totalEnergyBurned");
