//! Rules of clinical, administrative and financial resources.

use std::borrow::Cow;
use std::collections::BTreeSet;

use super::Test::{AllOrNone, Holds, NotBoth, OneOf, OnlyWhen, SomeOf, With};
use super::datatypes::is_certainly_after;
use super::values::{has_choice, has_code, is, text};
use super::{Rule, rule};
use crate::json::Element;

pub(super) const RULES: &[Rule] = &[
    rule("AllergyIntolerance", "ait-1", Holds(allergy_has_status, "needs a clinicalStatus unless entered in error")),
    rule(
        "AllergyIntolerance",
        "ait-2",
        Holds(allergy_in_error_has_none, "has no clinicalStatus when entered in error"),
    ),
    rule("Appointment", "app-2", AllOrNone(&["start", "end"])),
    rule(
        "Appointment",
        "app-3",
        Holds(appointment_is_dated, "only proposed, cancelled or waitlisted ones are without start and end"),
    ),
    // The standard's text says `no-show`, which its own code list does not have.
    rule("Appointment", "app-4", OnlyWhen(&["cancelationReason"], "status", &["noshow", "cancelled"])),
    rule("Appointment.participant", "app-1", SomeOf(&["type", "actor"])),
    rule("AppointmentResponse", "apr-1", SomeOf(&["participantType", "actor"])),
    rule("AuditEvent.entity", "sev-1", NotBoth(&["name", "query"])),
    rule("CarePlan.activity", "cpl-3", NotBoth(&["detail", "reference"])),
    rule("Composition.section", "cmp-1", SomeOf(&["text", "entry", "section"])),
    rule("Composition.section", "cmp-2", NotBoth(&["emptyReason", "entry"])),
    rule("Condition", "con-4", Holds(abated_is_inactive, "an abated one is inactive, resolved or in remission")),
    rule("Condition", "con-5", Holds(condition_in_error_has_none, "has no clinicalStatus when entered in error")),
    rule("Condition.stage", "con-1", SomeOf(&["summary", "assessment"])),
    rule("Condition.evidence", "con-2", SomeOf(&["code", "detail"])),
    rule("Consent", "ppc-1", SomeOf(&["policy", "policyRule"])),
    rule("CoverageEligibilityResponse.insurance.item", "ces-1", OneOf(&["category", "productOrService"])),
    rule("FamilyMemberHistory", "fhs-1", NotBoth(&["age", "born"])),
    rule("FamilyMemberHistory", "fhs-2", With("estimatedAge", "age")),
    rule("Goal.target", "gol-1", With("detail", "measure")),
    rule("Group", "grp-1", Holds(members_are_actual, "only an actual group has members")),
    rule("Immunization.education", "imm-1", SomeOf(&["documentType", "reference"])),
    rule("ImmunizationRecommendation.recommendation", "imr-1", SomeOf(&["vaccineCode", "targetDisease"])),
    rule("InsurancePlan", "ipn-1", SomeOf(&["identifier", "name"])),
    rule("Linkage", "lnk-1", Holds(links_several, "has at least two items")),
    rule("List", "lst-1", NotBoth(&["emptyReason", "entry"])),
    rule(
        "List",
        "lst-2",
        Holds(
            |list| is(list, "mode", "changes") || !any_entry_has(list, "deleted"),
            "entries are deleted only in a list of changes",
        ),
    ),
    rule(
        "List",
        "lst-3",
        Holds(
            |list| is(list, "mode", "working") || !any_entry_has(list, "date"),
            "entries are dated only in a working list",
        ),
    ),
    rule("MedicationAdministration.dosage", "mad-1", SomeOf(&["dose", "rate"])),
    rule("MedicationDispense", "mdd-1", Holds(prepared_before_handed_over, "is handed over after it is prepared")),
    rule("MolecularSequence.referenceSeq", "msq-5", AllOrNone(&["chromosome", "genomeBuild"])),
    rule(
        "MolecularSequence.referenceSeq",
        "msq-6",
        OneOf(&["genomeBuild", "referenceSeqId", "referenceSeqPointer", "referenceSeqString"]),
    ),
    rule("Observation", "obs-6", NotBoth(&["dataAbsentReason", "value"])),
    rule(
        "Observation",
        "obs-7",
        Holds(no_component_repeats_the_code, "has a value only if no component has the same code"),
    ),
    rule("Observation.referenceRange", "obs-3", SomeOf(&["low", "high", "text"])),
    rule("Organization", "org-1", SomeOf(&["identifier", "name"])),
    rule(
        "Organization",
        "org-2",
        Holds(|organization| is_never_home(organization, "address"), "an organization's address is never its home"),
    ),
    rule(
        "Organization",
        "org-3",
        Holds(|organization| is_never_home(organization, "telecom"), "an organization's telecom is never at home"),
    ),
    rule("Parameters.parameter", "inv-1", OneOf(&["value", "resource", "part"])),
    rule("Patient.contact", "pat-1", SomeOf(&["name", "telecom", "address", "organization"])),
    rule("RequestGroup.action", "rqg-1", OneOf(&["resource", "action"])),
    rule("ServiceRequest", "prr-1", With("orderDetail", "code")),
];

const ALLERGY_VERIFICATION: &str = "http://terminology.hl7.org/CodeSystem/allergyintolerance-verification";
const CONDITION_VERIFICATION: &str = "http://terminology.hl7.org/CodeSystem/condition-ver-status";
const CONDITION_CLINICAL: &str = "http://terminology.hl7.org/CodeSystem/condition-clinical";

fn allergy_is_in_error(allergy: Element<'_>) -> bool {
    has_code(allergy, "verificationStatus", ALLERGY_VERIFICATION, &["entered-in-error"])
}

fn allergy_has_status(allergy: Element<'_>) -> bool {
    allergy.get("clinicalStatus").is_some() || allergy_is_in_error(allergy)
}

fn allergy_in_error_has_none(allergy: Element<'_>) -> bool {
    allergy.get("clinicalStatus").is_none() || !allergy_is_in_error(allergy)
}

fn condition_in_error_has_none(condition: Element<'_>) -> bool {
    condition.get("clinicalStatus").is_none()
        || !has_code(condition, "verificationStatus", CONDITION_VERIFICATION, &["entered-in-error"])
}

fn abated_is_inactive(condition: Element<'_>) -> bool {
    !has_choice(condition, "abatement")
        || has_code(condition, "clinicalStatus", CONDITION_CLINICAL, &["resolved", "remission", "inactive"])
}

fn appointment_is_dated(appointment: Element<'_>) -> bool {
    let may_be_open = ["proposed", "cancelled", "waitlist"].iter().any(|status| is(appointment, "status", status));
    may_be_open || (appointment.get("start").is_some() && appointment.get("end").is_some())
}

fn members_are_actual(group: Element<'_>) -> bool {
    group.get("member").is_none() || group.get("actual").and_then(Element::as_bool) == Some(true)
}

fn links_several(linkage: Element<'_>) -> bool {
    linkage.get("item").is_none_or(|items| items.len() > 1)
}

fn any_entry_has(list: Element<'_>, name: &str) -> bool {
    let entries = list.get("entry");
    entries.into_iter().flat_map(Element::items).any(|entry| entry.get(name).is_some())
}

fn prepared_before_handed_over(dispense: Element<'_>) -> bool {
    !is_certainly_after(text(dispense, "whenPrepared").as_deref(), text(dispense, "whenHandedOver").as_deref())
}

fn is_never_home(organization: Element<'_>, name: &str) -> bool {
    let items = organization.get(name);
    !items.into_iter().flat_map(Element::items).any(|item| is(item, "use", "home"))
}

/// Two codes are the same if a coding of one has the system and code of a coding of the other.
fn no_component_repeats_the_code(observation: Element<'_>) -> bool {
    let Some(components) = observation.get("component") else { return true };
    if !has_choice(observation, "value") {
        return true;
    }
    let own: BTreeSet<_> = codings(observation).collect();
    own.is_empty() || !components.items().flat_map(codings).any(|coding| own.contains(&coding))
}

/// System and code of each coding of the element `code`.
fn codings<'a>(holder: Element<'a>) -> impl Iterator<Item = (Option<Cow<'a, str>>, Cow<'a, str>)> {
    let codings = holder.at(&["code", "coding"]).into_iter().flat_map(Element::items);
    codings.filter_map(|coding| Some((text(coding, "system"), text(coding, "code")?)))
}
