//! MedicationRequest, MedicationStatement and Medication (R4, medications module).

use super::calendar::Day;
use super::chart::{Chart, Visit};
use super::codes::snomed;
use super::datatype::{Code, Unit, concept, period, quantity};
use super::json::{Json, list, number, object, text};
use super::resource::Resource;

/// How a medicine is taken: in words, how much, how often a day, and by which way.
#[derive(Clone, Copy)]
pub(crate) struct Dose {
    pub(crate) words: &'static str,
    pub(crate) amount: &'static str,
    pub(crate) unit: Unit,
    pub(crate) times_a_day: i64,
    pub(crate) route: Code,
}

/// A dose by mouth.
pub(crate) const fn by_mouth(words: &'static str, amount: &'static str, unit: Unit, times_a_day: i64) -> Dose {
    Dose { words, amount, unit, times_a_day, route: snomed::BY_MOUTH }
}

impl Dose {
    fn instruction(self, as_needed: bool) -> Json {
        let repeat = object().with("frequency", self.times_a_day).with("period", number("1")).with("periodUnit", "d");
        let rate = object().with("doseQuantity", quantity(self.amount, self.unit));
        object()
            .with("sequence", 1)
            .with("text", self.words)
            .with("timing", object().with("repeat", repeat))
            .with("asNeededBoolean", as_needed)
            .with("route", self.route.concept())
            .with("doseAndRate", [rate])
    }
}

impl Chart {
    /// An order for a medicine, made at a visit.
    pub(crate) fn prescription(&self, visit: &Visit, codes: &[Code], dose: Dose) -> Resource {
        self.about("MedicationRequest")
            .with("status", "active")
            .with("intent", "order")
            .with("medicationCodeableConcept", concept(codes, codes[0].display))
            .points("encounter", &visit.encounter)
            .with("authoredOn", text(&visit.time))
            .points("requester", &visit.doctor)
            .with("dosageInstruction", [dose.instruction(false)])
    }

    /// A medicine that was taken over a time: a course that is over.
    pub(crate) fn course(&self, visit: &Visit, codes: &[Code], dose: Dose, days: i64) -> Resource {
        let until = visit.day + days;
        let valid = period(&visit.day.date(), &until.date());
        let supply = quantity(&days.to_string(), super::codes::unit::DAY);
        let duration = object().with("validityPeriod", valid).with("expectedSupplyDuration", supply);
        self.prescription(visit, codes, dose).with("status", "completed").with("dispenseRequest", duration)
    }

    /// What somebody says she takes, from a day on; an empty end leaves it open.
    pub(crate) fn statement(&self, codes: &[Code], dose: Dose, (from, until): (Day, Option<Day>)) -> Resource {
        let end = until.map(Day::date).unwrap_or_default();
        self.about("MedicationStatement")
            .with("status", if until.is_some() { "completed" } else { "active" })
            .with("medicationCodeableConcept", concept(codes, codes[0].display))
            .with("effectivePeriod", period(&from.date(), &end))
            .with("dosage", [dose.instruction(false)])
    }

    /// A medicine when needed.
    pub(crate) fn as_needed(&self, visit: &Visit, codes: &[Code], dose: Dose) -> Resource {
        self.prescription(visit, codes, dose).with("dosageInstruction", list([dose.instruction(true)]))
    }
}
