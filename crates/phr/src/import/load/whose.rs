//! Whom a resource is about, by the standard's own compartment of the Patient (R4 compartmentdefinition-patient.html).
//!
//! Who it is about decides before who did something in it: a mother who measured her child's temperature gets no part of the child's
//! record. Only a type that says of nobody that it is about them goes by everybody whom it names.

use std::collections::HashMap;
use std::sync::OnceLock;

use mecum_fhir::compartment::patient_params;
use mecum_fhir::json::{Element, Kind};
use mecum_fhir::reference::{Reference, ResourceType};
use mecum_fhir::resource::Resource;
use mecum_fhir::search_param::search_param;

use super::super::resolve::conditional_identifier;

/// Something that a file says of a person. Not `Debug`: it says who someone is.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Token {
    /// The Patient of that number among those met.
    Met(usize),
    /// The Patient whom the source calls by this id.
    Id(String),
    /// What a file of that number calls by this address.
    Address(usize, String),
    /// The Patient who carries this `system|value`.
    Identifier(String),
}

/// The parameters that say whom a resource is about; the others of a compartment say who else had to do with it.
const ABOUT: [&str; 6] = ["patient", "subject", "beneficiary", "individual", "candidate", "target"];

/// Where the references of a type are that lead to Patients.
#[derive(Default)]
struct Places {
    about: Vec<Vec<&'static str>>,
    others: Vec<Vec<&'static str>>,
}

/// Whom a resource is about, in the words of its file; nobody, for what belongs to no one or does not say.
pub(super) fn whose(unit: usize, resource: &Resource) -> Vec<Token> {
    let Some(places) = places().get(&resource.resource_type()) else { return subject(unit, resource) };
    let mut tokens = tokens_at(unit, resource, &places.about);
    if tokens.is_empty() {
        tokens = subject(unit, resource);
    }
    if tokens.is_empty() {
        tokens = tokens_at(unit, resource, &places.others);
    }
    tokens.sort_unstable();
    tokens.dedup();
    tokens
}

/// Whether resources of the type belong to a person: then one that names nobody is nobody else's to share.
pub(super) fn is_personal(resource_type: ResourceType) -> bool {
    resource_type == ResourceType::PATIENT || places().contains_key(&resource_type)
}

fn subject(unit: usize, resource: &Resource) -> Vec<Token> {
    resource.subject_reference().and_then(|reference| token_of(unit, &reference.text())).into_iter().collect()
}

fn tokens_at(unit: usize, resource: &Resource, paths: &[Vec<&'static str>]) -> Vec<Token> {
    let mut tokens = Vec::new();
    for path in paths {
        walk(resource.root(), path, &mut |element| {
            let text = element.get("reference").and_then(Element::as_str);
            tokens.extend(text.and_then(|text| token_of(unit, &text)));
        });
    }
    tokens
}

/// Hands every element at the end of a path to `take`, through arrays and where one thing stands for an array.
fn walk(element: Element<'_>, path: &[&str], take: &mut dyn FnMut(Element<'_>)) {
    if element.kind() == Kind::Array {
        return element.items().for_each(|item| walk(item, path, take));
    }
    match path.split_first() {
        None => take(element),
        Some((name, rest)) => {
            if let Some(inner) = element.get(name) {
                walk(inner, rest, take);
            }
        }
    }
}

fn token_of(unit: usize, text: &str) -> Option<Token> {
    let is_patient = |resource_type: ResourceType| resource_type == ResourceType::PATIENT;
    match Reference::parse(text) {
        Reference::Relative(target) if is_patient(target.resource_type) => Some(Token::Id(target.id.to_owned())),
        Reference::Absolute { target, .. } if is_patient(target.resource_type) => {
            Some(Token::Address(unit, text.to_owned()))
        }
        Reference::Urn(_) => Some(Token::Address(unit, text.to_owned())),
        Reference::Conditional { resource_type, .. } if is_patient(resource_type) => {
            conditional_identifier(text).map(|(_, identifier)| Token::Identifier(identifier))
        }
        _ => None,
    }
}

fn places() -> &'static HashMap<ResourceType, Places> {
    static PLACES: OnceLock<HashMap<ResourceType, Places>> = OnceLock::new();
    PLACES.get_or_init(|| ResourceType::all().filter_map(|one| Some((one, places_of(one)?))).collect())
}

fn places_of(resource_type: ResourceType) -> Option<Places> {
    let name = resource_type.name();
    let params = patient_params(name);
    if params.is_empty() || resource_type == ResourceType::PATIENT {
        return None;
    }
    let mut places = Places::default();
    for code in params {
        let Some(param) = search_param(name, code) else { continue };
        let list = if ABOUT.contains(code) { &mut places.about } else { &mut places.others };
        list.extend(param.expression().split('|').filter_map(|path| path_of(name, path)));
    }
    Some(places)
}

/// The names of `(Appointment.participant.actor as Reference)` or `Provenance.target.where(…)` behind the type.
fn path_of(name: &str, expression: &'static str) -> Option<Vec<&'static str>> {
    let plain = expression.trim().trim_start_matches('(');
    let plain = plain.split([' ', ')']).next()?;
    let mut names = plain.split('.');
    if names.next()? != name {
        return None;
    }
    Some(names.take_while(|name| !name.contains('(')).collect())
}

#[cfg(test)]
mod tests {
    use mecum_fhir::json::Limits;
    use mecum_fhir::resource::Resource;

    use super::{Token, is_personal, places, whose};

    fn check(text: &str, expect: &[&str]) {
        let resource = Resource::parse(text.as_bytes(), &Limits::default()).expect("resource of the test");
        let expect: Vec<Token> = expect.iter().map(|id| Token::Id((*id).to_owned())).collect();
        assert!(whose(0, &resource) == expect, "{text}");
    }

    #[test]
    fn a_resource_belongs_to_whom_it_is_about_and_not_to_who_had_to_do_with_it() {
        check(
            r#"{"resourceType":"Observation","subject":{"reference":"Patient/child"},"performer":[{"reference":"Patient/mother"}]}"#,
            &["child"],
        );
        check(r#"{"resourceType":"Observation","performer":[{"reference":"Patient/mother"}]}"#, &["mother"]);
        check(
            r#"{"resourceType":"Coverage","beneficiary":{"reference":"Patient/a"},"subscriber":{"reference":"Patient/b"}}"#,
            &["a"],
        );
        check(
            r#"{"resourceType":"Provenance","target":[{"reference":"Observation/1"},{"reference":"Patient/a"}]}"#,
            &["a"],
        );
        check(r#"{"resourceType":"Device","patient":{"reference":"Patient/a"}}"#, &["a"]);
    }

    #[test]
    fn what_is_about_several_people_names_all_of_them() {
        check(
            r#"{"resourceType":"Group","member":[{"entity":{"reference":"Patient/b"}},{"entity":{"reference":"Patient/a"}}]}"#,
            &["a", "b"],
        );
        check(
            r#"{"resourceType":"Account","subject":[{"reference":"Patient/a"},{"reference":"Patient/b"}]}"#,
            &["a", "b"],
        );
        check(
            r#"{"resourceType":"Appointment","participant":[{"actor":{"reference":"Patient/a"}},{"actor":{"reference":"Practitioner/p"}}]}"#,
            &["a"],
        );
    }

    #[test]
    fn what_belongs_to_nobody_names_nobody() {
        check(r#"{"resourceType":"Practitioner","id":"p"}"#, &[]);
        check(r#"{"resourceType":"Observation","subject":{"reference":"Location/l"}}"#, &[]);
    }

    #[test]
    fn every_place_of_the_compartment_is_understood() {
        for (resource_type, places) in places() {
            let paths = places.about.iter().chain(&places.others);
            assert!(paths.clone().next().is_some(), "{} has no place", resource_type.name());
            assert!(paths.clone().all(|path| !path.is_empty()), "{}", resource_type.name());
        }
        let is = |name| mecum_fhir::reference::ResourceType::parse(name).is_some_and(is_personal);
        assert!(is("Observation") && is("Patient") && !is("Practitioner") && !is("Medication"));
    }
}
