//! Immunization (R4, immunization.html).

use super::calendar::Day;
use super::chart::Chart;
use super::codes::snomed;
use super::datatype::{Code, quantity, reference};
use super::json::{object, text};
use super::resource::Resource;

const BY_MUSCLE: Code =
    Code::new("http://terminology.hl7.org/CodeSystem/v3-RouteOfAdministration", "IM", "Injection, intramuscular");

impl Chart {
    /// A vaccine given on a day.
    pub(crate) fn vaccine(&self, day: Day, code: Code) -> Resource {
        self.start("Immunization")
            .with("status", "completed")
            .with("vaccineCode", code.concept())
            .points("patient", &self.patient)
            .with("occurrenceDateTime", day.date())
            .with("primarySource", true)
    }

    /// Adds a vaccine given on a day with its lot, the arm and the dose of its series.
    pub(crate) fn add_vaccine(&mut self, day: Day, code: Code, dose: i64) -> String {
        let lot = format!("{}{:04}", ["SY", "NT", "HE"][(dose % 3) as usize], self.around(5000, 4999));
        let series = object().with("doseNumberPositiveInt", dose);
        let arm = if self.chance(70) { snomed::LEFT_ARM } else { snomed::RIGHT_ARM };
        let vaccine = self
            .vaccine(day, code)
            .with("lotNumber", text(&lot))
            .with("site", arm.concept())
            .with("route", BY_MUSCLE.concept())
            .with("doseQuantity", quantity("0.5", super::codes::unit::ML))
            .with("performer", [object().with("actor", reference(&self.organization()))])
            .with("protocolApplied", [series]);
        self.add(vaccine)
    }
}
