//! FamilyMemberHistory, QuestionnaireResponse and Consent: what the person says of herself, her family and her wishes.

use super::chart::Chart;
use super::codes::unit;
use super::datatype::{Code, quantity};
use super::json::{Json, list, number, object, text};
use super::resource::Resource;

/// A condition of a relative, and the age at which it began, if known.
pub(crate) fn condition_of_relative(what: Code, age: Option<&str>) -> Json {
    object().with("code", what.concept()).maybe("onsetAge", age.map(|age| quantity(age, unit::YEAR)))
}

/// An answer that is a number.
pub(crate) fn whole_answer(id: &'static str, question: &'static str, value: i64) -> Json {
    let answer = object().with("valueInteger", number(&value.to_string()));
    object().with("linkId", id).with("text", question).with("answer", [answer])
}

/// An answer in words.
pub(crate) fn spoken_answer(id: &'static str, question: &'static str, words: &'static str) -> Json {
    object().with("linkId", id).with("text", question).with("answer", [object().with("valueString", words)])
}

impl Chart {
    /// What is known of a relative.
    pub(crate) fn relative(&self, relation: Code, name: &'static str, conditions: Vec<Json>) -> Resource {
        self.start("FamilyMemberHistory")
            .with("status", "completed")
            .points("patient", &self.patient)
            .with("name", name)
            .with("relationship", relation.concept())
            .with("condition", conditions)
    }

    /// The answers to a questionnaire.
    pub(crate) fn answers(&self, questionnaire: &'static str, answered: &str, items: Vec<Json>) -> Resource {
        self.about("QuestionnaireResponse")
            .with("questionnaire", questionnaire)
            .with("status", "completed")
            .with("authored", text(answered))
            .points("source", &self.patient)
            .with("item", items)
    }

    /// A consent to privacy practices: `permit` or `deny` for an organization's records.
    pub(crate) fn consent(&self, signed: &str, provision: &'static str) -> Resource {
        let scope =
            Code::new("http://terminology.hl7.org/CodeSystem/consentscope", "patient-privacy", "Privacy Consent");
        let category = Code::new("http://loinc.org", "59284-0", "Consent Document");
        let opt_in = Code::new("http://terminology.hl7.org/CodeSystem/v3-ActCode", "OPTIN", "opt-in");
        self.start("Consent")
            .with("status", "active")
            .with("scope", scope.bare())
            .with("category", [category.concept()])
            .points("patient", &self.patient)
            .with("dateTime", text(signed))
            .with("organization", list([super::datatype::reference(&self.organization())]))
            .with("policyRule", opt_in.bare())
            .with("provision", object().with("type", provision))
    }
}
