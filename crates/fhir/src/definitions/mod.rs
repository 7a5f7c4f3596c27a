//! The standard's own definitions (R4 4.0.1): types and their elements, code sets of required bindings, search
//! parameters, compartments.
//!
//! They come packed in `data/r4.zst`, written by `cargo xtask data`, and are read once, at first use. Types and
//! elements are numbered, so that whoever walks a resource walks tables.

mod codes;
mod primitive;
mod read;
mod types;

use std::collections::HashMap;
use std::sync::OnceLock;

pub use codes::{CodeSet, CodeSystem};
pub use primitive::Primitive;
pub use types::{ElementDefinition, Found, Type, TypeKind};

use crate::compartment::Compartment;
use crate::search_param::SearchParam;

/// What `cargo xtask data` wrote.
const PACKED: &[u8] = include_bytes!("../../data/r4.zst");

/// All definitions; made once, never changed. Get it by [`definitions`].
#[derive(Default)]
pub struct Definitions {
    source: &'static str,
    types: Vec<Type>,
    by_name: HashMap<&'static str, u16>,
    /// By the type they are defined for.
    search_params: HashMap<&'static str, Vec<SearchParam>>,
    /// The base of each, and its place among those of its base.
    params_by_number: Vec<(&'static str, usize)>,
    compartments: Vec<Compartment>,
}

/// The definitions of R4 (4.0.1), read at the first call (a few milliseconds).
pub fn definitions() -> &'static Definitions {
    static DEFINITIONS: OnceLock<Definitions> = OnceLock::new();
    DEFINITIONS.get_or_init(|| read::read(PACKED).expect("the file is compiled in and a test reads it"))
}

impl Definitions {
    /// The package the definitions came from, and its version.
    pub fn source(&'static self) -> &'static str {
        self.source
    }

    /// The type of that exact name: a resource type, a datatype, a primitive, or a backbone element by its path
    /// (`Observation.component`).
    pub fn type_named(&'static self, name: &str) -> Option<&'static Type> {
        self.by_name.get(name).map(|&number| &self.types[usize::from(number)])
    }

    /// The resource type of that name; none for `Resource` and `DomainResource`, of which there are no instances.
    pub fn resource_type(&'static self, name: &str) -> Option<&'static Type> {
        self.type_named(name).filter(|of| of.kind() == TypeKind::Resource && !of.is_abstract())
    }

    /// The 146 types a resource can have, by name.
    pub fn resource_types(&'static self) -> impl Iterator<Item = &'static Type> {
        self.types.iter().filter(|of| of.kind() == TypeKind::Resource && !of.is_abstract())
    }

    /// Search parameters defined for exactly `base`, by name.
    pub(crate) fn own_search_params(&'static self, base: &str) -> &'static [SearchParam] {
        self.search_params.get(base).map_or(&[], Vec::as_slice)
    }

    pub(crate) fn search_param_numbered(&'static self, number: u16) -> Option<&'static SearchParam> {
        let (base, place) = self.params_by_number.get(usize::from(number))?;
        self.own_search_params(base).get(*place)
    }

    /// The five compartments.
    pub(crate) fn compartments(&'static self) -> &'static [Compartment] {
        &self.compartments
    }

    /// All types, in order of [`Type::number`].
    pub(crate) fn types(&'static self) -> impl Iterator<Item = &'static Type> {
        self.types.iter()
    }

    fn type_at(&'static self, number: u16) -> &'static Type {
        &self.types[usize::from(number)]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_types_of_r4_are_there_and_nothing_of_later_releases() {
        let names: Vec<&str> = definitions().resource_types().map(Type::name).collect();
        assert_eq!(names.len(), 146);
        assert!(names.is_sorted());
        for later in ["Citation", "ClinicalUseDefinition", "SubscriptionTopic", "Ingredient", "NutritionProduct"] {
            assert!(definitions().type_named(later).is_none(), "{later}");
        }
        for name in ["Resource", "DomainResource", "Quantity", "string", "Observation.component"] {
            assert!(definitions().type_named(name).is_some(), "{name}");
            assert!(definitions().resource_type(name).is_none(), "{name}");
        }
        assert_eq!(definitions().source(), "hl7.fhir.r4.examples@4.0.1");
    }

    #[test]
    fn they_agree_with_the_stored_resource_types() {
        use crate::reference::ResourceType;
        let mut stored: Vec<&str> = ResourceType::all().map(ResourceType::name).collect();
        stored.sort_unstable();
        assert!(definitions().resource_types().map(Type::name).eq(stored));
    }

    fn found(of: &str, key: &str) -> Option<(&'static str, &'static str, bool)> {
        let found = definitions().type_named(of).expect("known").find(key)?;
        Some((found.element.name(), found.of.name(), found.is_sibling))
    }

    #[test]
    fn json_names_lead_to_elements_and_types() {
        assert_eq!(found("Observation", "valueQuantity"), Some(("value", "Quantity", false)));
        assert_eq!(found("Observation", "valueDateTime"), Some(("value", "dateTime", false)));
        assert_eq!(found("Observation", "_valueDateTime"), Some(("value", "dateTime", true)));
        assert_eq!(found("Observation", "component"), Some(("component", "Observation.component", false)));
        assert_eq!(
            found("Observation.component", "referenceRange"),
            Some(("referenceRange", "Observation.referenceRange", false))
        );
        assert_eq!(found("Patient", "_birthDate"), Some(("birthDate", "date", true)));
        assert_eq!(found("Patient", "id"), Some(("id", "id", false)));
        assert_eq!(found("Extension", "url"), Some(("url", "uri", false)));
        assert_eq!(found("Extension", "valueBase64Binary"), Some(("value", "base64Binary", false)));
        for (of, key) in [
            ("Observation", "value"),
            ("Observation", "value[x]"),
            ("Observation", "valueMoney"),
            ("Observation", "_subject"),
            ("Observation", "resourceType"),
            ("Patient", "_"),
            ("Patient", ""),
            ("Narrative", "_div"),
        ] {
            assert_eq!(found(of, key), None, "{of} {key}");
        }
    }

    #[test]
    fn elements_know_their_bounds_codes_and_targets() {
        let observation = definitions().resource_type("Observation").expect("known");
        let element = |name: &str| observation.element(name).expect("known");
        assert!(element("status").is_required() && element("status").is_modifier() && element("status").is_summary());
        assert!(element("category").is_many() && !element("category").is_required());
        assert_eq!(
            element("status").codes().expect("bound").system_of("final"),
            Some("http://hl7.org/fhir/observation-status")
        );
        assert_eq!(element("status").codes().expect("bound").system_of("Final"), None);
        assert_eq!(element("subject").targets(), ["Patient", "Group", "Device", "Location"]);
        assert!(element("focus").targets().is_empty());
        assert_eq!(element("value").types().count(), 11);
        assert_eq!(element("value").key_for("SampledData").as_deref(), Some("valueSampledData"));
        assert_eq!(element("value").key_for("Money"), None);
        let range = definitions().type_named("Range").expect("known");
        assert!(range.element("low").expect("known").is_simple_quantity());
    }

    #[test]
    fn types_know_what_they_derive_from() {
        let is_a = |of: &str, base: &str| definitions().type_named(of).expect("known").is_a(base);
        assert!(is_a("Observation", "DomainResource") && is_a("Observation", "Resource"));
        assert!(is_a("Binary", "Resource") && !is_a("Binary", "DomainResource"));
        assert!(is_a("Age", "Quantity") && is_a("oid", "uri") && is_a("Observation.component", "BackboneElement"));
        assert!(!is_a("Quantity", "Age"));
    }

    #[test]
    fn nested_codes_are_in_and_foreign_lists_are_open() {
        let codes = |of: &str, element: &str| definitions().type_named(of)?.element(element)?.codes();
        let status = codes("Condition", "clinicalStatus").expect("bound");
        assert!(status.contains("http://terminology.hl7.org/CodeSystem/condition-clinical", "relapse"));
        assert!(!status.contains("http://hl7.org/fhir/condition-clinical", "relapse"));
        assert_eq!(status.url(), "http://hl7.org/fhir/ValueSet/condition-clinical");
        assert!(codes("Money", "currency").expect("bound").is_open());
        assert!(codes("Attachment", "contentType").expect("bound").is_open());
        assert!(codes("Patient", "language").is_none(), "languages are preferred, not required");
        assert!(codes("Timing.repeat", "periodUnit").expect("bound").contains("http://unitsofmeasure.org", "mo"));
    }
}
