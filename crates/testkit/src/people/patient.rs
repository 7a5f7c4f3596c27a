//! Patient (R4, patient.html) as each source writes its own, and RelatedPerson.

use super::chart::Chart;
use super::datatype::{Code, concept, human_name, telecom, typed_identifier};
use super::json::{Json, list, object, text};
use super::member::Member;
use super::resource::Resource;

const NEXT_OF_KIN: Code = Code::new("http://terminology.hl7.org/CodeSystem/v2-0131", "N", "Next-of-Kin");

/// The family's home.
pub(crate) fn home() -> Json {
    object()
        .with("use", "home")
        .with("line", ["23 Chandler's Lane"])
        .with("city", "Port Ellery")
        .with("state", "MA")
        .with("postalCode", "02999")
        .with("country", "US")
}

/// Where the grandmother spends her summers.
pub(crate) fn summer_home() -> Json {
    object()
        .with("use", "temp")
        .with("line", ["Les Glycines", "4 chemin de la Fontaine"])
        .with("city", "Val-Doré")
        .with("postalCode", "87999")
        .with("country", "FR")
        .with("period", object().with("start", "2009-05"))
}

/// A Communication element for a language.
pub(crate) fn speaks(code: &'static str, display: &'static str, preferred: bool) -> Json {
    let language = Code::new("urn:ietf:bcp:47", code, display);
    object().with("language", language.concept()).with("preferred", preferred)
}

/// A contact of the patient: somebody of the family and what she or he is.
pub(crate) fn contact(member: &Member, relation: Code, phone: &str) -> Json {
    object()
        .with("relationship", [concept(&[NEXT_OF_KIN], relation.display)])
        .with("name", human_name(member.family, member.given))
        .with("telecom", [telecom("phone", phone, "mobile")])
}

impl Chart {
    /// Gives the patient an id and a record number at this source; the Patient so far, to be completed and added.
    pub(crate) fn patient(&mut self, member: &Member, id: &'static str, number: &str) -> Resource {
        self.patient = format!("Patient/{id}");
        Resource::new("Patient", id)
            .with("identifier", [typed_identifier("MR", "Medical record number", self.house.numbers, number)])
            .with("active", true)
            .with("name", [human_name(member.family, member.given)])
            .with("gender", member.gender)
            .with("birthDate", member.birth.date())
    }

    /// Somebody related to the patient.
    pub(crate) fn related(&self, member: &Member, relation: Code, phone: &str) -> Resource {
        self.start("RelatedPerson")
            .with("active", true)
            .points("patient", &self.patient)
            .with("relationship", [relation.concept()])
            .with("name", [human_name(member.family, member.given)])
            .with("telecom", [telecom("phone", phone, "mobile")])
            .with("gender", member.gender)
            .with("birthDate", member.birth.date())
            .with("address", [home()])
    }
}

/// An extension with a simple value.
pub(crate) fn extension(url: &'static str, kind: &'static str, value: Json) -> Json {
    object().with("url", url).with(kind, value)
}

/// Where somebody was born.
pub(crate) fn birth_place(city: &str, country: &str) -> Json {
    let place = object().with("city", text(city)).with("country", text(country));
    extension("http://hl7.org/fhir/StructureDefinition/patient-birthPlace", "valueAddress", place)
}

/// A list of extensions.
pub(crate) fn extensions(some: impl IntoIterator<Item = Json>) -> Json {
    list(some)
}
