//! Organization, Location, Practitioner and PractitionerRole of a house (R4, administration module).

use super::chart::Chart;
use super::datatype::{Code, human_name, identifier, telecom};
use super::house::{Doctor, House};
use super::json::{Json, list, object};
use super::resource::Resource;

const PROVIDER: Code =
    Code::new("http://terminology.hl7.org/CodeSystem/organization-type", "prov", "Healthcare Provider");

/// The system under which organizations are registered.
pub(crate) const ORGANIZATION_IDS: &str = "https://registry.example/organizations";
/// The system under which places are registered.
pub(crate) const LOCATION_IDS: &str = "https://registry.example/places";

fn address(house: &House) -> Json {
    let [line, city, state, postal, country] = house.address;
    object()
        .with("line", [line])
        .with("city", city)
        .maybe("state", (!state.is_empty()).then_some(state))
        .with("postalCode", postal)
        .with("country", country)
}

/// The Organization of a house.
pub(crate) fn organization(house: &House) -> Resource {
    Resource::new("Organization", house.id)
        .with("identifier", [identifier(ORGANIZATION_IDS, house.id)])
        .with("active", true)
        .with("type", [PROVIDER.concept()])
        .with("name", house.name)
        .with("telecom", [telecom("phone", house.phone, "work")])
        .with("address", [address(house)])
}

/// The Practitioner for one of its staff.
pub(crate) fn practitioner(house: &House, doctor: &Doctor) -> Resource {
    Resource::new("Practitioner", doctor.id)
        .with("identifier", [identifier(house.numbers, doctor.number)])
        .with("active", true)
        .with("name", [human_name(doctor.family, &[doctor.given]).with("prefix", ["Dr."])])
        .with("telecom", [telecom("phone", house.phone, "work")])
}

fn role(house: &House, doctor: &Doctor) -> Resource {
    let code = Code::new("http://terminology.hl7.org/CodeSystem/practitioner-role", "doctor", "Doctor");
    Resource::new("PractitionerRole", format!("{}-{}", doctor.id, house.id))
        .with("active", true)
        .points("practitioner", &doctor.path())
        .points("organization", &format!("Organization/{}", house.id))
        .with("code", [code.concept()])
        .with("specialty", [doctor.specialty.concept()])
        .with("location", list([object().with("reference", format!("Location/{}", house.id))]))
        .with("telecom", [telecom("phone", house.phone, "work")])
}

/// The Location of a house.
pub(crate) fn location(house: &House) -> Resource {
    Resource::new("Location", house.id)
        .with("identifier", [identifier(LOCATION_IDS, house.id)])
        .with("status", "active")
        .with("name", house.name)
        .with("mode", "instance")
        .with("telecom", [telecom("phone", house.phone, "work")])
        .with("address", address(house))
        .points("managingOrganization", &format!("Organization/{}", house.id))
}

impl Chart {
    /// `Organization/id` of the chart's house.
    pub(crate) fn organization(&self) -> String {
        format!("Organization/{}", self.house.id)
    }

    /// Adds the house, its place and some of its staff, by their ids.
    pub(crate) fn add_house(&mut self, staff: &[&str]) {
        let house = self.house;
        self.add(organization(house));
        self.add(location(house));
        for doctor in house.staff.iter().filter(|doctor| staff.contains(&doctor.id)) {
            self.add(practitioner(house, doctor));
            self.add(role(house, doctor));
        }
    }

    /// Adds the house and one of its staff without place and role, for short files.
    pub(crate) fn add_doctor(&mut self, id: &str) {
        let house = self.house;
        self.add(organization(house));
        for doctor in house.staff.iter().filter(|doctor| doctor.id == id) {
            self.add(practitioner(house, doctor));
        }
    }
}
