//! Encounter (R4, encounter.html): the visit to which most of what a hospital writes belongs.

use super::calendar::Day;
use super::chart::{Chart, Visit};
use super::codes::{hl7, snomed};
use super::datatype::{Code, period, reference, reference_named, spoken};
use super::json::{list, object};

/// What a visit is: its class, its type and how long it takes, in minutes.
#[derive(Clone, Copy)]
pub(crate) struct VisitKind {
    pub(crate) class: Code,
    pub(crate) kind: Code,
    pub(crate) minutes: i64,
}

const fn ambulatory(kind: Code, minutes: i64) -> VisitKind {
    VisitKind { class: hl7::AMBULATORY, kind, minutes }
}

pub(crate) const CHECK_UP: VisitKind = ambulatory(snomed::CHECK_UP, 30);
pub(crate) const FOLLOW_UP: VisitKind = ambulatory(snomed::FOLLOW_UP, 20);
pub(crate) const SYMPTOM: VisitKind = ambulatory(snomed::SYMPTOM_VISIT, 20);
pub(crate) const WELL_CHILD: VisitKind = ambulatory(snomed::WELL_CHILD, 30);
pub(crate) const FIRST_PRENATAL: VisitKind = ambulatory(snomed::FIRST_PRENATAL, 45);
pub(crate) const PRENATAL: VisitKind = ambulatory(snomed::PRENATAL, 25);
pub(crate) const POSTNATAL: VisitKind = ambulatory(snomed::POSTNATAL, 25);
pub(crate) const EMERGENCY: VisitKind =
    VisitKind { class: hl7::EMERGENCY, kind: snomed::EMERGENCY_ADMISSION, minutes: 260 };
pub(crate) const STAY: VisitKind =
    VisitKind { class: hl7::INPATIENT, kind: snomed::EMERGENCY_ADMISSION, minutes: 3 * 1440 };
pub(crate) const CALL: VisitKind = VisitKind { class: hl7::VIRTUAL, kind: snomed::FOLLOW_UP, minutes: 15 };

impl Chart {
    /// Adds an Encounter that began at `minutes` after midnight with the staff member `doctor`, for a reason in words
    /// (may be empty).
    pub(crate) fn visit(
        &mut self,
        day: Day,
        minutes: i64,
        kind: VisitKind,
        (doctor, reason): (&str, &'static str),
    ) -> Visit {
        let (start, end) = (self.time(day, minutes), self.time(day, minutes + kind.minutes));
        let doctor = format!("Practitioner/{doctor}");
        let attender = Code::new("http://terminology.hl7.org/CodeSystem/v3-ParticipationType", "ATND", "attender");
        let participant = object().with("type", [attender.bare()]).with("individual", reference(&doctor));
        let encounter = self
            .about("Encounter")
            .with("status", "finished")
            .with("class", kind.class.coding())
            .with("type", [kind.kind.concept()])
            .with("participant", [participant])
            .with("period", period(&start, &end))
            .maybe("reasonCode", (!reason.is_empty()).then(|| list([spoken(reason)])))
            .with("serviceProvider", reference_named(&self.organization(), self.house.name));
        let encounter = self.add(encounter);
        Visit { day, time: start, encounter, doctor }
    }
}
