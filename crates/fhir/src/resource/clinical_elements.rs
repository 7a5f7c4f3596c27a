//! The elements of each type that say when it happened, the best first (PHR-55).
//!
//! Types that are not listed have no such time and are never left out by a date: people, places, organizations,
//! products, definitions.

use crate::reference::ResourceType;

/// An element that says when.
pub(super) enum When {
    /// The element of this name.
    At(&'static str),
    /// The choice of this name: `Choice("effective")` is `effectiveDateTime`, `effectivePeriod`, …
    Choice(&'static str),
    /// An element inside another.
    In(&'static str, &'static When),
    /// From the element `start` to the element `end`.
    StartToEnd,
}

use When::{At, Choice, In, StartToEnd};

/// What any listed type may fall back to.
pub(super) const RECORDED: [When; 2] = [At("recordedDate"), At("recorded")];

/// The elements of a type; empty if it has no clinically relevant time.
pub(super) fn elements_of(resource_type: ResourceType) -> &'static [When] {
    clinical(resource_type).or_else(|| request(resource_type)).or_else(|| document(resource_type)).unwrap_or(&[])
}

/// What was found, done and given.
fn clinical(resource_type: ResourceType) -> Option<&'static [When]> {
    Some(match resource_type {
        ResourceType::ADVERSE_EVENT => &[At("date"), At("detected")],
        ResourceType::ALLERGY_INTOLERANCE => &[Choice("onset"), At("lastOccurrence")],
        ResourceType::CLINICAL_IMPRESSION => &[Choice("effective"), At("date")],
        ResourceType::CONDITION => &[Choice("onset"), Choice("abatement")],
        ResourceType::DETECTED_ISSUE => &[Choice("identified")],
        ResourceType::DEVICE_USE_STATEMENT => &[Choice("timing"), At("recordedOn")],
        ResourceType::DIAGNOSTIC_REPORT => &[Choice("effective"), At("issued")],
        ResourceType::ENCOUNTER | ResourceType::EPISODE_OF_CARE => &[At("period")],
        ResourceType::FAMILY_MEMBER_HISTORY => &[At("date")],
        ResourceType::FLAG => &[At("period")],
        ResourceType::GOAL => &[Choice("start"), At("statusDate")],
        ResourceType::IMAGING_STUDY => &[At("started")],
        ResourceType::IMMUNIZATION => &[Choice("occurrence")],
        ResourceType::IMMUNIZATION_EVALUATION | ResourceType::IMMUNIZATION_RECOMMENDATION => &[At("date")],
        ResourceType::MEDIA => &[Choice("created"), At("issued")],
        ResourceType::MEDICATION_ADMINISTRATION => &[Choice("effective")],
        ResourceType::MEDICATION_DISPENSE => &[At("whenHandedOver"), At("whenPrepared")],
        ResourceType::MEDICATION_STATEMENT => &[Choice("effective"), At("dateAsserted")],
        ResourceType::OBSERVATION => &[Choice("effective"), At("issued")],
        ResourceType::PROCEDURE => &[Choice("performed")],
        ResourceType::QUESTIONNAIRE_RESPONSE => &[At("authored")],
        ResourceType::RISK_ASSESSMENT => &[Choice("occurrence")],
        ResourceType::SPECIMEN => &[In("collection", &Choice("collected")), At("receivedTime")],
        ResourceType::SUPPLY_DELIVERY => &[Choice("occurrence")],
        _ => return None,
    })
}

/// What was asked for, planned and paid.
fn request(resource_type: ResourceType) -> Option<&'static [When]> {
    Some(match resource_type {
        ResourceType::APPOINTMENT => &[StartToEnd, At("requestedPeriod"), At("created")],
        ResourceType::APPOINTMENT_RESPONSE | ResourceType::SLOT => &[StartToEnd],
        ResourceType::CARE_PLAN => &[At("period"), At("created")],
        ResourceType::CARE_TEAM | ResourceType::COVERAGE => &[At("period")],
        ResourceType::ACCOUNT => &[At("servicePeriod")],
        ResourceType::CHARGE_ITEM => &[Choice("occurrence"), At("enteredDate")],
        ResourceType::CLAIM | ResourceType::EXPLANATION_OF_BENEFIT => &[At("billablePeriod"), At("created")],
        ResourceType::CLAIM_RESPONSE | ResourceType::PAYMENT_NOTICE => &[At("created")],
        ResourceType::ENROLLMENT_REQUEST | ResourceType::ENROLLMENT_RESPONSE => &[At("created")],
        ResourceType::COVERAGE_ELIGIBILITY_REQUEST => &[Choice("serviced"), At("created")],
        ResourceType::COVERAGE_ELIGIBILITY_RESPONSE => &[Choice("serviced"), At("created")],
        ResourceType::DEVICE_REQUEST | ResourceType::SERVICE_REQUEST => &[Choice("occurrence"), At("authoredOn")],
        ResourceType::COMMUNICATION_REQUEST | ResourceType::SUPPLY_REQUEST => &[Choice("occurrence"), At("authoredOn")],
        ResourceType::GUIDANCE_RESPONSE => &[Choice("occurrence")],
        ResourceType::INVOICE => &[At("date")],
        ResourceType::MEDICATION_REQUEST | ResourceType::REQUEST_GROUP => &[At("authoredOn")],
        ResourceType::NUTRITION_ORDER => &[At("dateTime")],
        ResourceType::PAYMENT_RECONCILIATION => &[At("period"), At("created")],
        ResourceType::RESEARCH_STUDY | ResourceType::RESEARCH_SUBJECT => &[At("period")],
        ResourceType::SCHEDULE => &[At("planningHorizon")],
        ResourceType::TASK => &[At("executionPeriod"), At("authoredOn"), At("lastModified")],
        ResourceType::VISION_PRESCRIPTION => &[At("dateWritten"), At("created")],
        _ => return None,
    })
}

/// What was written, said, agreed and noted down.
fn document(resource_type: ResourceType) -> Option<&'static [When]> {
    Some(match resource_type {
        ResourceType::AUDIT_EVENT => &[At("period"), At("recorded")],
        ResourceType::BASIC | ResourceType::DOCUMENT_MANIFEST => &[At("created")],
        ResourceType::BUNDLE => &[At("timestamp")],
        ResourceType::COMMUNICATION => &[At("sent"), At("received")],
        ResourceType::COMPOSITION | ResourceType::LIST => &[At("date")],
        ResourceType::CONSENT => &[At("dateTime")],
        ResourceType::CONTRACT => &[At("applies"), At("issued")],
        ResourceType::DOCUMENT_REFERENCE => &[At("date"), In("context", &At("period"))],
        ResourceType::MEASURE_REPORT => &[At("period"), At("date")],
        ResourceType::PROVENANCE => &[Choice("occurred"), At("recorded")],
        ResourceType::TEST_REPORT => &[At("issued")],
        ResourceType::VERIFICATION_RESULT => &[At("lastPerformed"), At("statusDate")],
        _ => return None,
    })
}
