//! CarePlan, CareTeam and Goal (R4, care provision), Appointment and Communication (R4, workflow).

use super::calendar::Day;
use super::chart::{Chart, Visit};
use super::datatype::{Code, Unit, period, quantity, reference, spoken};
use super::json::{Json, list, object, text};
use super::resource::Resource;

const ASSESS_PLAN: Code = Code::new(
    "http://hl7.org/fhir/us/core/CodeSystem/careplan-category",
    "assess-plan",
    "Assessment and Plan of Treatment",
);

/// An activity of a plan, in words.
pub(crate) fn activity(words: &'static str, status: &'static str) -> Json {
    object().with("detail", object().with("code", spoken(words)).with("status", status).with("description", words))
}

impl Chart {
    /// A plan that is followed from a day on.
    pub(crate) fn plan(&self, title: &'static str, since: Day, activities: Vec<Json>) -> Resource {
        self.about("CarePlan")
            .with("status", "active")
            .with("intent", "plan")
            .with("category", [ASSESS_PLAN.concept()])
            .with("title", title)
            .with("period", period(&since.date(), ""))
            .with("activity", activities)
            .narrative(&format!("<p>{title}</p>"))
    }

    /// Those who follow a plan.
    pub(crate) fn team(&self, name: &'static str, since: Day, members: &[(Code, String)]) -> Resource {
        let participant =
            |(role, who): &(Code, String)| object().with("role", [role.concept()]).with("member", reference(who));
        self.about("CareTeam")
            .with("status", "active")
            .with("name", name)
            .with("period", period(&since.date(), ""))
            .with("participant", list(members.iter().map(participant)))
            .with("managingOrganization", [reference(&self.organization())])
    }

    /// Something to reach: a measure to be at or below a value by a day.
    pub(crate) fn goal(
        &self,
        words: &'static str,
        measure: Code,
        (digits, unit): (&str, Unit),
        (from, due): (Day, Day),
    ) -> Resource {
        let target = object()
            .with("measure", measure.concept())
            .with("detailRange", object().with("high", quantity(digits, unit)))
            .with("dueDate", due.date());
        self.about("Goal")
            .with("lifecycleStatus", "active")
            .with("description", spoken(words))
            .with("startDate", from.date())
            .with("target", [target])
    }

    /// A booked visit.
    pub(crate) fn appointment(&self, (start, end): (&str, &str), doctor: &str, words: &'static str) -> Resource {
        let part =
            |who: &str| object().with("actor", reference(who)).with("required", "required").with("status", "accepted");
        self.start("Appointment")
            .with("status", "booked")
            .with("description", words)
            .with("start", text(start))
            .with("end", text(end))
            .with("participant", [part(&self.patient), part(doctor)])
    }

    /// A message that was sent to the patient.
    pub(crate) fn message(&self, visit: &Visit, words: &'static str) -> Resource {
        let category =
            Code::new("http://terminology.hl7.org/CodeSystem/communication-category", "notification", "Notification");
        self.about("Communication")
            .with("status", "completed")
            .with("category", [category.concept()])
            .points("encounter", &visit.encounter)
            .with("sent", text(&visit.time))
            .with("recipient", [reference(&self.patient)])
            .points("sender", &visit.doctor)
            .with("payload", [object().with("contentString", words)])
    }
}
