//! What a resource is about, in a few words, by type.

use crate::json::Element;
use crate::reference::ResourceType;
use crate::resource::Resource;

use super::datatype::{first, joined, text_of};
use super::label::label;

/// The elements that name a resource of a type, the best first.
fn naming(resource_type: ResourceType) -> &'static [&'static str] {
    match resource_type.name() {
        "MedicationRequest" | "MedicationStatement" | "MedicationAdministration" | "MedicationDispense" => {
            &["medicationCodeableConcept", "medicationReference"]
        }
        "Immunization" => &["vaccineCode"],
        "ImmunizationRecommendation" => &["recommendation"],
        "Encounter" => &["type", "serviceType", "reasonCode", "class"],
        "Appointment" => &["description", "serviceType", "appointmentType", "reasonCode"],
        "DocumentReference" => &["description", "type", "category"],
        "Composition" => &["title", "type"],
        "ImagingStudy" => &["description", "procedureCode", "modality"],
        "Media" => &["content", "type", "modality"],
        "CarePlan" => &["title", "description", "category"],
        "CareTeam" => &["name", "category"],
        "Goal" => &["description"],
        "Device" => &["deviceName", "type", "distinctIdentifier", "modelNumber"],
        "DeviceUseStatement" => &["device", "reasonCode"],
        "Coverage" => &["type", "payor", "subscriberId"],
        "Claim" | "ExplanationOfBenefit" => &["type", "use"],
        "FamilyMemberHistory" => &["relationship", "name"],
        "PractitionerRole" => &["code", "specialty", "practitioner"],
        "QuestionnaireResponse" => &["questionnaire"],
        "Consent" => &["category", "scope"],
        "Communication" | "CommunicationRequest" => &["topic", "reasonCode", "payload"],
        "ServiceRequest" | "Procedure" | "Condition" | "Observation" | "DiagnosticReport" | "AllergyIntolerance" => {
            &["code"]
        }
        "Specimen" => &["type"],
        "Provenance" => &["activity", "reason"],
        "AuditEvent" => &["subtype", "type"],
        "Binary" => &["contentType"],
        "Bundle" => &["type"],
        _ => &["title", "name", "description", "code", "type", "category", "topic", "text"],
    }
}

/// What the resource is about; the type's name where it does not say.
pub(super) fn title(resource: &Resource) -> String {
    let root = resource.root();
    let named = naming(resource.resource_type()).iter().filter_map(|name| root.get(name));
    let own =
        named.map(|element| contained(root, element).unwrap_or_else(|| text_of(element))).find(|text| !text.is_empty());
    let conditions = relatives_conditions(resource);
    let own = joined([own.unwrap_or_default(), conditions], ": ");
    first([own, label(resource.resource_type().name())])
}

/// A reference without a display that leads to a contained resource is named by that one's code.
fn contained(root: Element<'_>, element: Element<'_>) -> Option<String> {
    let reference = element.get("reference")?.as_str()?;
    let id = reference.strip_prefix('#')?;
    let display = element.get("display").map(text_of).filter(|display| !display.is_empty());
    let inner =
        root.get("contained")?.items().find(|inner| inner.get("id").and_then(Element::as_str).as_deref() == Some(id));
    display.or_else(|| Some(text_of(inner?.get("code")?)).filter(|text| !text.is_empty()))
}

fn relatives_conditions(resource: &Resource) -> String {
    let conditions =
        resource.root().get("condition").filter(|_| resource.resource_type().name() == "FamilyMemberHistory");
    let named = conditions.into_iter().flat_map(Element::items).filter_map(|condition| condition.get("code"));
    joined(named.take(5).map(text_of), ", ")
}
