//! Provenance and Device: which hand or machine something came from (R4, provenance.html; PHR-82 for what people
//! measure themselves).

use super::chart::Chart;
use super::codes::hl7;
use super::datatype::{Code, reference, spoken};
use super::json::{list, object, text};
use super::resource::Resource;

impl Chart {
    /// The record of who made some resources, at an instant.
    pub(crate) fn origin(&self, targets: &[String], recorded: &str, role: Code, who: &str) -> Resource {
        let agent = object().with("type", role.concept()).with("who", reference(who));
        self.start("Provenance").points_at("target", targets).with("recorded", text(recorded)).with("agent", [agent])
    }

    /// The record that a device of the patient's measured some resources.
    pub(crate) fn measured_by(&self, device: &str, targets: &[String], recorded: &str) -> Resource {
        let by_hand = object()
            .with("type", hl7::provenance_agent("author", "Author").concept())
            .with("who", reference(&self.patient));
        let by_machine = object()
            .with("type", hl7::provenance_agent("assembler", "Assembler").concept())
            .with("who", reference(device));
        self.start("Provenance")
            .points_at("target", targets)
            .with("recorded", text(recorded))
            .with("agent", list([by_hand, by_machine]))
    }

    /// Adds a device of the patient's.
    pub(crate) fn add_device(
        &mut self,
        id: &'static str,
        (maker, name, kind): (&'static str, &'static str, &'static str),
    ) -> String {
        let device = Resource::new("Device", id)
            .with("status", "active")
            .with("manufacturer", maker)
            .with("deviceName", [object().with("name", name).with("type", "user-friendly-name")])
            .with("type", spoken(kind))
            .points("patient", &self.patient);
        self.add(device)
    }
}
