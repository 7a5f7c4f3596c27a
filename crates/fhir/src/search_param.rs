//! The standard's search parameters by resource type (R4 searchparameter-registry.html).

use crate::definitions::{TypeKind, definitions};

/// A search parameter as one type has it.
#[derive(Debug)]
pub struct SearchParam {
    pub(crate) number: u16,
    pub(crate) base: &'static str,
    pub(crate) code: &'static str,
    pub(crate) kind: SearchParamKind,
    pub(crate) id: &'static str,
    pub(crate) targets: Vec<&'static str>,
    pub(crate) expression: &'static str,
    pub(crate) components: Vec<Component>,
}

/// How values are compared (R4 search.html#ptypes).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SearchParamKind {
    /// An integer or decimal.
    Number,
    /// A date, dateTime, instant, Period or Timing.
    Date,
    /// The beginning of words.
    String,
    /// A code with its system, an identifier, a boolean.
    Token,
    /// A reference to another resource.
    Reference,
    /// Several parameters that hold for the same element.
    Composite,
    /// A number with a unit.
    Quantity,
    /// An exact URI.
    Uri,
    /// Location's `near`, with a rule of its own.
    Special,
}

/// One part of a composite parameter.
#[derive(Debug)]
pub struct Component {
    pub(crate) id: &'static str,
    pub(crate) expression: &'static str,
}

/// Where the standard keeps its search parameters.
const REGISTRY: &str = "http://hl7.org/fhir/SearchParameter/";

impl PartialEq for SearchParam {
    fn eq(&self, other: &SearchParam) -> bool {
        self.number == other.number
    }
}

impl SearchParam {
    /// Its number among all parameters of all types, which never changes: R4 is finished. Indexes keep it.
    pub fn number(&self) -> u16 {
        self.number
    }

    /// Its name in a query: `birthdate`.
    pub fn code(&self) -> &'static str {
        self.code
    }

    /// How values are compared.
    pub fn kind(&self) -> SearchParamKind {
        self.kind
    }

    /// The type it is defined for; `Resource` or `DomainResource` for those that every type has.
    pub fn base(&self) -> &'static str {
        self.base
    }

    /// The canonical URL of its definition.
    pub fn url(&self) -> String {
        format!("{REGISTRY}{}", self.id)
    }

    /// The FHIRPath that gives its values, reduced to what speaks of the base. Empty for `_text`, `_content` and
    /// `_query`.
    pub fn expression(&self) -> &'static str {
        self.expression
    }

    /// The types a reference may point at; empty means any.
    pub fn targets(&self) -> &[&'static str] {
        &self.targets
    }

    /// The parts of a composite; empty for other kinds.
    pub fn components(&self) -> &[Component] {
        &self.components
    }
}

impl Component {
    /// Its FHIRPath, relative to each value of the composite's expression.
    pub fn expression(&self) -> &'static str {
        self.expression
    }

    /// The parameter of `resource_type` whose rules of comparison it follows.
    pub fn param(&self, resource_type: &str) -> Option<&'static SearchParam> {
        search_params_for(resource_type).find(|param| param.id == self.id)
    }
}

impl SearchParamKind {
    /// The kind of that name in a SearchParameter's `type`.
    pub fn from_name(name: &str) -> Option<Self> {
        Some(match name {
            "number" => Self::Number,
            "date" => Self::Date,
            "string" => Self::String,
            "token" => Self::Token,
            "reference" => Self::Reference,
            "composite" => Self::Composite,
            "quantity" => Self::Quantity,
            "uri" => Self::Uri,
            "special" => Self::Special,
            _ => return None,
        })
    }

    /// Its name in a SearchParameter's `type`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Number => "number",
            Self::Date => "date",
            Self::String => "string",
            Self::Token => "token",
            Self::Reference => "reference",
            Self::Composite => "composite",
            Self::Quantity => "quantity",
            Self::Uri => "uri",
            Self::Special => "special",
        }
    }
}

/// The parameters `resource_type` can be searched by: its own by name, then those of `DomainResource` and `Resource`.
/// None for what is no resource type.
pub fn search_params_for(resource_type: &str) -> impl Iterator<Item = &'static SearchParam> {
    let of = definitions().type_named(resource_type).filter(|of| of.kind() == TypeKind::Resource);
    std::iter::successors(of, |of| of.base()).flat_map(|of| definitions().own_search_params(of.name()))
}

/// The parameter of that number; see [`SearchParam::number`].
pub fn search_param_numbered(number: u16) -> Option<&'static SearchParam> {
    definitions().search_param_numbered(number)
}

/// The parameter of that name that `resource_type` can be searched by.
pub fn search_param(resource_type: &str, code: &str) -> Option<&'static SearchParam> {
    search_params_for(resource_type).find(|param| param.code == code)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_standards_parameters_are_all_there() {
        let n_own: usize =
            definitions().resource_types().map(|of| definitions().own_search_params(of.name()).len()).sum();
        assert_eq!(n_own, 1697);
        let patient: Vec<&str> = search_params_for("Patient").map(|param| param.code).collect();
        for code in ["birthdate", "general-practitioner", "_text", "_id", "_lastUpdated", "_profile", "_security"] {
            assert!(patient.contains(&code), "{code}");
        }
        assert!(!search_params_for("Binary").any(|param| param.code == "_text"), "Binary is no DomainResource");
        assert_eq!(search_params_for("Quantity").count() + search_params_for("Nonsense").count(), 0);
    }

    #[test]
    fn a_shared_parameter_speaks_of_one_type() {
        let code = search_param("Observation", "code").unwrap();
        assert_eq!((code.expression, code.kind), ("Observation.code", SearchParamKind::Token));
        assert_eq!(code.url(), "http://hl7.org/fhir/SearchParameter/clinical-code");
        let patient = search_param("Condition", "patient").unwrap();
        assert_eq!(patient.expression, "Condition.subject.where(resolve() is Patient)");
        assert_eq!(search_param("Observation", "subject").unwrap().targets, ["Group", "Device", "Patient", "Location"]);
    }

    #[test]
    fn every_part_of_a_composite_has_its_parameter() {
        let mut n_parts = 0;
        for of in definitions().resource_types() {
            for composite in search_params_for(of.name()) {
                assert_eq!(
                    composite.kind == SearchParamKind::Composite,
                    !composite.components.is_empty(),
                    "{}",
                    composite.id
                );
                for part in &composite.components {
                    n_parts += 1;
                    assert!(part.param(of.name()).is_some(), "{} of {}", part.id, of.name());
                }
            }
        }
        assert_eq!(n_parts, 148);
    }

    #[test]
    fn kinds_have_the_standards_names() {
        for of in definitions().resource_types() {
            for param in search_params_for(of.name()) {
                assert_eq!(SearchParamKind::from_name(param.kind.name()), Some(param.kind));
                assert_eq!(
                    param.expression.is_empty(),
                    ["_text", "_content", "_query"].contains(&param.code),
                    "{}",
                    param.id
                );
            }
        }
        assert_eq!(SearchParamKind::from_name("Token"), None);
    }
}
