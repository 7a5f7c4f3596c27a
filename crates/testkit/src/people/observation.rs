//! Observation (R4, observation.html): values of any kind, vital signs and social history.

use super::calendar::Day;
use super::chart::{Chart, Visit};
use super::codes::{hl7, measure, unit};
use super::datatype::{Code, Unit, bounded, concept, fixed, quantity, reference};
use super::json::{Json, list, object, text};
use super::resource::Resource;

impl Resource {
    /// The value as a Quantity with exactly these digits.
    pub(crate) fn measured(self, digits: &str, unit: Unit) -> Resource {
        self.with("valueQuantity", quantity(digits, unit))
    }

    /// The value as a Quantity known only to be below or above a limit.
    pub(crate) fn bounded(self, comparator: &'static str, digits: &str, unit: Unit) -> Resource {
        self.with("valueQuantity", bounded(comparator, digits, unit))
    }

    /// The value as a concept.
    pub(crate) fn found(self, what: Code) -> Resource {
        self.with("valueCodeableConcept", what.concept())
    }

    /// No value, and why.
    pub(crate) fn without_value(self, code: &'static str, words: &'static str) -> Resource {
        self.with("dataAbsentReason", hl7::absent(code, words).bare())
    }
}

/// One component of an Observation with a Quantity.
pub(crate) fn component(code: Code, digits: &str, unit: Unit) -> Json {
    object().with("code", code.bare()).with("valueQuantity", quantity(digits, unit))
}

/// The codes of a measure with its LOINC display as text; LOINC stands first (PHR-80).
pub(crate) fn measure_concept(codes: &[Code]) -> Json {
    concept(codes, codes[0].display)
}

/// What is measured at a visit; what is `None` was not.
#[derive(Clone, Copy, Default)]
pub(crate) struct Vitals {
    /// mmHg, systolic over diastolic.
    pub(crate) pressure: Option<(i64, i64)>,
    /// A minute.
    pub(crate) pulse: Option<i64>,
    /// A minute.
    pub(crate) breaths: Option<i64>,
    /// Tenths of a degree Celsius.
    pub(crate) temperature: Option<i64>,
    /// Tenths of a kilogram.
    pub(crate) weight: Option<i64>,
    /// Tenths of a centimetre, standing.
    pub(crate) height: Option<i64>,
    /// Percent.
    pub(crate) oxygen: Option<i64>,
}

impl Chart {
    /// An Observation made at a visit: final, of a category, at the visit's time.
    pub(crate) fn observe(&self, visit: &Visit, category: Code, code: Json) -> Resource {
        self.about("Observation")
            .with("status", "final")
            .with("category", [category.bare()])
            .with("code", code)
            .points("encounter", &visit.encounter)
            .with("effectiveDateTime", text(&visit.time))
            .with("performer", [reference(&visit.doctor)])
    }

    /// One vital sign with one Quantity.
    pub(crate) fn vital(&self, visit: &Visit, code: Code, digits: &str, unit: Unit) -> Resource {
        self.observe(visit, hl7::VITAL_SIGNS, code.concept()).measured(digits, unit)
    }

    /// A blood pressure with its two components.
    pub(crate) fn pressure(&self, visit: &Visit, (systolic, diastolic): (i64, i64)) -> Resource {
        self.observe(visit, hl7::VITAL_SIGNS, measure::BLOOD_PRESSURE.concept())
            .with("component", pressure_parts(systolic, diastolic))
    }

    /// Adds all that was measured at a visit; their `Type/id`.
    pub(crate) fn add_vitals(&mut self, visit: &Visit, vitals: Vitals) -> Vec<String> {
        let mut made = Vec::new();
        if let Some(pressure) = vitals.pressure {
            made.push(self.add(self.pressure(visit, pressure)));
        }
        let whole = [
            (vitals.pulse, measure::HEART_RATE, unit::PER_MINUTE),
            (vitals.breaths, measure::RESPIRATORY_RATE, unit::PER_MINUTE),
        ];
        for (value, code, unit) in whole {
            if let Some(value) = value {
                made.push(self.add(self.vital(visit, code, &value.to_string(), unit)));
            }
        }
        let tenths = [
            (vitals.temperature, measure::TEMPERATURE, unit::CELSIUS),
            (vitals.weight, measure::WEIGHT, unit::KG),
            (vitals.height, measure::HEIGHT, unit::CM),
        ];
        for (value, code, unit) in tenths {
            if let Some(value) = value {
                made.push(self.add(self.vital(visit, code, &fixed(value, 1), unit)));
            }
        }
        if let (Some(weight), Some(height)) = (vitals.weight, vitals.height) {
            made.push(self.add(self.vital(visit, measure::BMI, &body_mass_index(weight, height), unit::KG_M2)));
        }
        if let Some(oxygen) = vitals.oxygen {
            let code = measure_concept(&[measure::OXYGEN, measure::PULSE_OXIMETRY]);
            made.push(
                self.add(self.observe(visit, hl7::VITAL_SIGNS, code).measured(&oxygen.to_string(), unit::PERCENT)),
            );
        }
        made
    }

    /// Adds a panel that names its members.
    pub(crate) fn add_vital_panel(&mut self, visit: &Visit, members: &[String]) {
        let panel =
            self.observe(visit, hl7::VITAL_SIGNS, measure::VITAL_PANEL.concept()).points_at("hasMember", members);
        self.add(panel);
    }

    /// Adds whether somebody smokes.
    pub(crate) fn add_smoking(&mut self, visit: &Visit, status: Code) {
        let smoking = self.observe(visit, hl7::SOCIAL_HISTORY, measure::SMOKING.concept()).found(status);
        self.add(smoking);
    }

    /// An Observation of a day, without a visit.
    pub(crate) fn observe_on(&self, day: Day, category: Code, code: Json) -> Resource {
        self.about("Observation")
            .with("status", "final")
            .with("category", [category.bare()])
            .with("code", code)
            .with("effectiveDateTime", day.date())
    }
}

/// The components of a blood pressure.
pub(crate) fn pressure_parts(systolic: i64, diastolic: i64) -> Json {
    list([
        component(measure::SYSTOLIC, &systolic.to_string(), unit::MM_HG),
        component(measure::DIASTOLIC, &diastolic.to_string(), unit::MM_HG),
    ])
}

/// Body mass index with one digit after the point, of tenths of kilograms and tenths of centimetres.
fn body_mass_index(weight: i64, height: i64) -> String {
    fixed((weight * 1_000_000 + height * height / 2) / (height * height), 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn body_mass_index_is_kilograms_over_square_metres() {
        assert_eq!(body_mass_index(640, 1600), "25.0");
        assert_eq!(body_mass_index(825, 1810), "25.2");
    }
}
