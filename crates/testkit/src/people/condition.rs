//! Condition and Procedure (R4, condition.html, procedure.html), Flag.

use super::chart::{Chart, Visit};
use super::codes::hl7;
use super::datatype::{Code, concept, period, reference};
use super::json::{Json, text};
use super::resource::Resource;

impl Chart {
    /// A problem of the list: active and confirmed, since a date that may be partial.
    pub(crate) fn problem(&self, codes: &[Code], onset: &str) -> Resource {
        self.about("Condition")
            .with("clinicalStatus", hl7::ACTIVE.bare())
            .with("verificationStatus", hl7::CONFIRMED.bare())
            .with("category", [hl7::PROBLEM.bare()])
            .with("code", concept(codes, codes[0].display))
            .with("onsetDateTime", text(onset))
    }

    /// A diagnosis made at a visit and over some days later.
    pub(crate) fn diagnosis(&self, visit: &Visit, codes: &[Code], days: i64) -> Resource {
        self.problem(codes, &visit.day.date())
            .with("clinicalStatus", hl7::RESOLVED.bare())
            .with("category", [hl7::DIAGNOSIS.bare()])
            .points("encounter", &visit.encounter)
            .with("abatementDateTime", (visit.day + days).date())
            .with("recordedDate", text(&visit.time))
            .points("recorder", &visit.doctor)
    }

    /// Something that was done at a visit.
    pub(crate) fn procedure(&self, visit: &Visit, what: Json) -> Resource {
        self.about("Procedure")
            .with("status", "completed")
            .with("code", what)
            .points("encounter", &visit.encounter)
            .with("performedDateTime", text(&visit.time))
            .with("performer", [super::json::object().with("actor", reference(&visit.doctor))])
    }

    /// Something that was done once, as remembered; the date may be partial.
    pub(crate) fn past_procedure(&self, what: Json, date: &'static str) -> Resource {
        self.about("Procedure").with("status", "completed").with("code", what).with("performedDateTime", date)
    }

    /// A warning to whoever opens the record.
    pub(crate) fn flag(&self, words: &'static str, since: &str) -> Resource {
        let category = Code::new("http://terminology.hl7.org/CodeSystem/flag-category", "clinical", "Clinical");
        self.about("Flag")
            .with("status", "active")
            .with("category", [category.concept()])
            .with("code", super::datatype::spoken(words))
            .with("period", period(since, ""))
    }
}
