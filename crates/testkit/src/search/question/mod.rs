//! Questions that nobody thought of: searches about whatever resources there are, most of which match something.

mod clause;
mod comparison;
mod draws;
mod value;

use mecum_fhir::reference::{Id, ResourceType};
use mecum_fhir::search::query::Scope;
use mecum_fhir::search_param::{SearchParam, SearchParamKind, search_param_numbered, search_params_for};

use super::{Asked, Found, World};
pub use draws::Draws;

/// A question about these resources: a scope, none to three conditions, and sometimes an order, a size of page or an include. All kinds of
/// parameters, prefixes and modifiers come; what can be asked is understood almost always. A world without resources is asked for
/// Patients.
#[must_use]
pub fn question(world: &World, draws: &mut Draws) -> Asked {
    let Some(found) = draws.pick(world.found()) else {
        return Asked::of("Patient");
    };
    let (scope, types) = scope(world, found, draws);
    let mut pairs = Vec::new();
    if types.len() < N_TYPES && matches!(scope, Scope::Base | Scope::Compartment { resource_type: None, .. }) {
        pairs.push(("_type".to_owned(), types.iter().map(|of| of.name()).collect::<Vec<_>>().join(",")));
    }
    for _ in 0..[1, 2, 0, 1, 3, 1][draws.below(6)] {
        pairs.extend(clause::clause(world, &types, found, draws, 0));
    }
    if draws.chance(35) {
        pairs.push(("_sort".to_owned(), sort(found, &types, draws)));
    }
    if draws.chance(20) {
        pairs.push(("_count".to_owned(), draws.below(12).to_string()));
    }
    if draws.chance(15) {
        pairs.extend(include(found, draws));
    }
    Asked { scope, pairs }
}

/// What `found` refers to, or what refers to things like it.
fn include(found: &Found, draws: &mut Draws) -> Option<(String, String)> {
    let numbers: Vec<u16> = found.values.iter().map(|value| value.param).collect();
    let params = numbers.into_iter().filter_map(search_param_numbered);
    let params: Vec<&SearchParam> = params.filter(|param| param.kind() == SearchParamKind::Reference).collect();
    let iterates = if draws.chance(25) { ":iterate" } else { "" };
    let from = found.resource_type;
    let code = draws.pick(&params).map_or("*", |param| param.code());
    Some(match draws.below(6) {
        3 => (format!("_include{iterates}"), "*".to_owned()),
        4 => (format!("_revinclude{iterates}"), "*".to_owned()),
        5 => (format!("_revinclude{iterates}"), format!("{from}:{code}")),
        _ => (format!("_include{iterates}"), format!("{from}:{code}")),
    })
}

/// As many types as there are.
const N_TYPES: usize = 146;

/// What is searched, and the types of it.
fn scope(world: &World, found: &Found, draws: &mut Draws) -> (Scope, Vec<ResourceType>) {
    let of = found.resource_type;
    match draws.below(12) {
        8 => {
            let other = draws.pick(world.found()).map_or(of, |other| other.resource_type);
            let mut types = vec![of, other];
            types.sort_unstable_by_key(|of| of.name());
            types.dedup();
            (Scope::Base, types)
        }
        9 => (Scope::Base, ResourceType::all().collect()),
        at @ (10 | 11) => match centre(world, draws) {
            Some((centre, id)) => {
                let resource_type = (at == 10).then_some(of);
                (Scope::Compartment { of: centre, id, resource_type }, vec![of])
            }
            None => (Scope::Type(of), vec![of]),
        },
        _ => (Scope::Type(of), vec![of]),
    }
}

/// A resource that has a compartment, mostly a Patient.
fn centre(world: &World, draws: &mut Draws) -> Option<(ResourceType, Id)> {
    let of = *draws.pick(&["Patient", "Patient", "Patient", "Encounter", "Practitioner", "Device"])?;
    let all: Vec<&Found> = world.found().iter().filter(|found| found.resource_type.name() == of).collect();
    let found = draws.pick(&all)?;
    Some((found.resource_type, Id::parse(&found.id).ok()?))
}

/// One key or two; those of the resource more than others.
fn sort(found: &Found, types: &[ResourceType], draws: &mut Draws) -> String {
    let mut keys = vec!["_lastUpdated", "_id"];
    if let [of] = types {
        let sortable = search_params_for(of.name()).filter(|param| is_supported(param));
        let sortable = sortable.filter(|param| param.kind() != SearchParamKind::Composite && param.code() != "_id");
        let (own, others): (Vec<&SearchParam>, Vec<_>) = sortable.partition(|param| has(found, param));
        let wanted = if draws.chance(20) { others } else { own };
        keys.extend(wanted.iter().map(|param| param.code()));
    }
    let mut chosen = Vec::new();
    for _ in 0..1 + draws.below(2) {
        let key = draws.pick(&keys).copied().unwrap_or("_id");
        chosen.push(format!("{}{key}", if draws.chance(50) { "-" } else { "" }));
    }
    chosen.join(",")
}

fn has(found: &Found, param: &SearchParam) -> bool {
    found.values.iter().any(|value| value.param == param.number())
}

/// Whether there are values of the parameter.
fn is_supported(param: &SearchParam) -> bool {
    !param.expression().is_empty() && param.kind() != SearchParamKind::Special
}
