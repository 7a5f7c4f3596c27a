//! Coverage and ExplanationOfBenefit (R4, financial module).

use super::calendar::Day;
use super::chart::Chart;
use super::codes::hl7;
use super::datatype::{Code, concept, period, reference, spoken};
use super::json::{Json, number, object, text};
use super::resource::Resource;

fn dollars(cents: i64) -> Json {
    object().with("value", number(&super::datatype::fixed(cents, 2))).with("currency", "USD")
}

fn adjudication(code: &'static str, display: &'static str, cents: i64) -> Json {
    let category = Code::new("http://terminology.hl7.org/CodeSystem/adjudication", code, display);
    object().with("category", category.bare()).with("amount", dollars(cents))
}

/// One settled bill: the day, the words of the service, the diagnosis and the amount in cents.
pub(crate) struct Bill {
    pub(crate) day: Day,
    pub(crate) service: &'static str,
    pub(crate) diagnosis: Code,
    pub(crate) cents: i64,
}

impl Chart {
    /// The patient's policy with the chart's house.
    pub(crate) fn coverage(&self, number: &str, since: Day) -> Resource {
        self.start("Coverage")
            .with("status", "active")
            .with("type", hl7::HEALTH_POLICY.concept())
            .with("subscriberId", text(number))
            .points("beneficiary", &self.patient)
            .with(
                "relationship",
                Code::new("http://terminology.hl7.org/CodeSystem/subscriber-relationship", "self", "Self").bare(),
            )
            .with("period", period(&since.date(), ""))
            .with("payor", [reference(&self.organization())])
    }

    /// How a bill was settled under a coverage.
    pub(crate) fn settled(&self, bill: &Bill, coverage: &str, provider: &str) -> Resource {
        let kind = Code::new("http://terminology.hl7.org/CodeSystem/claim-type", "professional", "Professional");
        let diagnosis = object()
            .with("sequence", 1)
            .with("diagnosisCodeableConcept", concept(&[bill.diagnosis], bill.diagnosis.display));
        let covered = bill.cents * 4 / 5;
        let item = object()
            .with("sequence", 1)
            .with("diagnosisSequence", [1])
            .with("productOrService", spoken(bill.service))
            .with("servicedDate", bill.day.date())
            .with("net", dollars(bill.cents))
            .with("adjudication", [adjudication("benefit", "Benefit Amount", covered)]);
        self.start("ExplanationOfBenefit")
            .with("status", "active")
            .with("type", kind.bare())
            .with("use", "claim")
            .points("patient", &self.patient)
            .with("billablePeriod", period(&bill.day.date(), &bill.day.date()))
            .with("created", (bill.day + 6).date())
            .points("insurer", &self.organization())
            .points("provider", provider)
            .with("outcome", "complete")
            .with("diagnosis", [diagnosis])
            .with("insurance", [object().with("focal", true).with("coverage", reference(coverage))])
            .with("item", [item])
            .with(
                "total",
                [
                    adjudication("submitted", "Submitted Amount", bill.cents),
                    adjudication("benefit", "Benefit Amount", covered),
                ],
            )
    }
}
