//! Compartments (R4 compartmentdefinition.html): by which search parameters a resource belongs to a patient,
//! practitioner, …

use std::collections::HashMap;

use crate::definitions::definitions;

/// The resources linked to one resource of type [`Compartment::of`].
#[derive(Debug)]
pub struct Compartment {
    of: &'static str,
    params: HashMap<&'static str, Vec<&'static str>>,
}

impl Compartment {
    pub(crate) fn new(of: &'static str) -> Self {
        Self { of, params: HashMap::new() }
    }

    pub(crate) fn insert(&mut self, resource_type: &'static str, params: Vec<&'static str>) {
        self.params.insert(resource_type, params);
    }

    /// `Patient`, `Practitioner`, `Encounter`, `Device` or `RelatedPerson`.
    pub fn of(&self) -> &'static str {
        self.of
    }

    /// The reference parameters by which a `resource_type` belongs to it; empty for a type that never does. The
    /// resource at its centre belongs to it without any: the standard lists none.
    pub fn params(&self, resource_type: &str) -> &[&'static str] {
        self.params.get(resource_type).map_or(&[], Vec::as_slice)
    }
}

/// The compartment of that resource type.
pub fn compartment(of: &str) -> Option<&'static Compartment> {
    definitions().compartments().iter().find(|compartment| compartment.of == of)
}

/// The reference parameters by which a `resource_type` belongs to a patient; empty for a type that never does.
pub fn patient_params(resource_type: &str) -> &'static [&'static str] {
    compartment("Patient").map_or(&[], |compartment| compartment.params(resource_type))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::search_param::{SearchParamKind, search_param};

    #[test]
    fn what_belongs_to_a_patient_is_what_the_standard_lists() {
        assert_eq!(patient_params("Observation"), ["subject", "performer"]);
        assert_eq!(patient_params("AllergyIntolerance"), ["patient", "recorder", "asserter"]);
        assert_eq!(patient_params("Patient"), ["link"]);
        assert!(patient_params("Organization").is_empty());
        assert!(patient_params("Nonsense").is_empty());
    }

    #[test]
    fn every_compartment_leads_by_reference_parameters_that_exist() {
        for of in ["Patient", "Practitioner", "Encounter", "Device", "RelatedPerson"] {
            for (resource_type, params) in &compartment(of).unwrap().params {
                for param in params {
                    let found = search_param(resource_type, param).unwrap_or_else(|| panic!("{resource_type}.{param}"));
                    assert_eq!(found.kind(), SearchParamKind::Reference, "{resource_type}.{param}");
                }
            }
        }
        assert!(compartment("Organization").is_none());
    }
}
