//! One condition: a parameter with its modifier and values, a composite, a chain, `_has`, or what every resource has.

use mecum_fhir::reference::ResourceType;
use mecum_fhir::search::value::{IndexValue, Indexed, NO_GROUP, RefTarget, Stretch};
use mecum_fhir::search_param::{SearchParam, SearchParamKind, search_param, search_param_numbered, search_params_for};

use super::super::{Found, World};
use super::draws::Draws;
use super::{comparison, is_supported, value};

/// A name and a value.
type Pair = (String, String);

/// References that a question may lead over.
const MAX_STEPS: usize = 3;

/// A condition on resources of these types, which `found` is likely to meet.
pub(super) fn clause(
    world: &World,
    types: &[ResourceType],
    found: &Found,
    draws: &mut Draws,
    n_steps: usize,
) -> Option<Pair> {
    let asked = match draws.below(20) {
        10 => missing(types, found, draws),
        11 | 12 => composite(world, types, found, draws),
        13 | 14 if n_steps < MAX_STEPS => chain(world, types, found, draws, n_steps),
        15 | 16 if n_steps < MAX_STEPS => has(world, found, draws, n_steps),
        17 => words(found, draws),
        18 => of_every_type(world, found, draws),
        19 => elsewhere(world, types, draws),
        _ => None,
    };
    asked.or_else(|| own(world, types, found, draws)).or_else(|| of_every_type(world, found, draws))
}

/// A parameter of `found`, with values of it and of others like it.
fn own(world: &World, types: &[ResourceType], found: &Found, draws: &mut Draws) -> Option<Pair> {
    let values: Vec<&Indexed> = found.values.iter().filter(|value| is_common(types, value.param)).collect();
    let mut params: Vec<u16> = values.iter().map(|value| value.param).collect();
    params.dedup();
    let number = *draws.pick(&params)?;
    let param = search_param_numbered(number)?;
    let of_param: Vec<&Indexed> = values.into_iter().filter(|value| value.param == number).collect();
    let first = &draws.pick(&of_param)?.value;
    asked_for(world, types, (param, first), draws)
}

/// A parameter as any resource of these types has it.
fn elsewhere(world: &World, types: &[ResourceType], draws: &mut Draws) -> Option<Pair> {
    let others: Vec<&Found> = world.found().iter().filter(|other| types.contains(&other.resource_type)).collect();
    own(world, types, draws.pick(&others)?, draws)
}

/// The parameter with that value, between commas with others of its kind.
fn asked_for(
    world: &World,
    types: &[ResourceType],
    (param, first): (&SearchParam, &IndexValue),
    draws: &mut Draws,
) -> Option<Pair> {
    let modifier = value::modifier(param, first, draws);
    let mut texts = vec![value::text(world.base_url(), &modifier, first, draws)?];
    while draws.chance(25) {
        let like: Vec<&IndexValue> = all_values(world, types, param).collect();
        let other = like.get(draws.below(like.len()))?;
        texts.extend(value::text(world.base_url(), &modifier, other, draws));
    }
    Some((format!("{}{modifier}", param.code()), texts.join(",")))
}

fn all_values<'w>(
    world: &'w World,
    types: &'w [ResourceType],
    param: &'w SearchParam,
) -> impl Iterator<Item = &'w IndexValue> {
    let searched = world.found().iter().filter(|found| types.contains(&found.resource_type));
    searched.flat_map(|found| &found.values).filter(|value| value.param == param.number()).map(|value| &value.value)
}

/// Whether each of the types has a parameter of that name.
fn is_common(types: &[ResourceType], number: u16) -> bool {
    let code = search_param_numbered(number).map(SearchParam::code);
    code.is_some_and(|code| types.iter().all(|of| search_param(of.name(), code).is_some()))
}

fn missing(types: &[ResourceType], found: &Found, draws: &mut Draws) -> Option<Pair> {
    let has_missing = |param: &&SearchParam| {
        is_supported(param)
            && param.kind() != SearchParamKind::Composite
            && !["_id", "_lastUpdated"].contains(&param.code())
            && is_common(types, param.number())
    };
    let all: Vec<&SearchParam> = search_params_for(types.first()?.name()).filter(has_missing).collect();
    let (own, others): (Vec<&SearchParam>, Vec<&SearchParam>) =
        all.into_iter().partition(|param| super::has(found, param));
    let wanted = if draws.chance(40) { others } else { own };
    let param = draws.pick(&wanted)?;
    let is_missing = draws.chance(30);
    Some((format!("{}:missing", param.code()), is_missing.to_string()))
}

/// A composite with parts of one element, or of any.
fn composite(world: &World, types: &[ResourceType], found: &Found, draws: &mut Draws) -> Option<Pair> {
    let [of] = types else { return None };
    let composites = search_params_for(of.name()).filter(|param| param.kind() == SearchParamKind::Composite);
    let composites: Vec<&SearchParam> = composites.filter(|param| !groups(of, param, found).is_empty()).collect();
    let composite = draws.pick(&composites)?;
    let groups = groups(of, composite, found);
    let group = *draws.pick(&groups)?;
    let is_mixed = draws.chance(20);
    let mut texts = Vec::new();
    for component in composite.components() {
        let param = component.param(of.name())?;
        let values = parts(found, param).filter(|value| is_mixed || value.group == group);
        let values: Vec<&Indexed> = values.collect();
        texts.push(value::text(world.base_url(), "", &draws.pick(&values)?.value, draws)?);
    }
    Some((composite.code().to_owned(), texts.join("$")))
}

/// Values that a query without a modifier can ask for.
fn parts<'f>(found: &'f Found, param: &SearchParam) -> impl Iterator<Item = &'f Indexed> {
    let (number, kind) = (param.number(), param.kind());
    found.values.iter().filter(move |value| value.param == number && value::is_plain(kind, &value.value))
}

/// The elements in which all parts of a composite have a value.
fn groups(of: &ResourceType, composite: &SearchParam, found: &Found) -> Vec<u16> {
    let has_all = |group: &u16| {
        let mut params = composite.components().iter().map(|component| component.param(of.name()));
        *group != NO_GROUP
            && params.all(|param| param.is_some_and(|param| parts(found, param).any(|value| value.group == *group)))
    };
    let mut groups: Vec<u16> = found.values.iter().map(|value| value.group).filter(has_all).collect();
    groups.sort_unstable();
    groups.dedup();
    groups
}

/// A condition on what a reference of `found` leads to.
fn chain(world: &World, types: &[ResourceType], found: &Found, draws: &mut Draws, n_steps: usize) -> Option<Pair> {
    let mut links = Vec::new();
    for indexed in found.values.iter().filter(|value| is_common(types, value.param)) {
        let IndexValue::Reference(RefTarget::Resource(of, id)) = &indexed.value else { continue };
        links.extend(world.get(*of, id).map(|there| (indexed.param, there)));
    }
    let (number, there) = *draws.pick(&links)?;
    let param = search_param_numbered(number)?;
    let of = there.resource_type;
    let (name, value) = clause(world, &[of], there, draws, n_steps + 1)?;
    let only = if param.targets().is_empty() || draws.chance(60) { format!(":{of}") } else { String::new() };
    Some((format!("{}{only}.{name}", param.code()), value))
}

/// A condition on what refers to `found`.
fn has(world: &World, found: &Found, draws: &mut Draws, n_steps: usize) -> Option<Pair> {
    let mut links = Vec::new();
    for other in world.found() {
        let leads_here =
            |value: &&Indexed| matches!(&value.value, IndexValue::Reference(target) if found.is_at(target));
        links.extend(other.values.iter().filter(leads_here).map(|value| (value.param, other)));
    }
    let (number, other) = *draws.pick(&links)?;
    let param = search_param_numbered(number)?;
    let from = other.resource_type;
    let (name, value) = clause(world, &[from], other, draws, n_steps + 1)?;
    Some((format!("_has:{from}:{}:{name}", param.code()), value))
}

/// One to three words, the last one cut.
fn words(found: &Found, draws: &mut Draws) -> Option<Pair> {
    let is_narrative = !found.words.narrative.is_empty() && draws.chance(60);
    let there = if is_narrative { &found.words.narrative } else { &found.words.all };
    let mut words = Vec::new();
    for _ in 0..draws.below(3) {
        words.push(draws.pick(there)?.clone());
    }
    let last = draws.pick(there)?;
    let n_letters = 2 + draws.below(last.chars().count());
    words.push(last.chars().take(n_letters).collect());
    Some((if is_narrative { "_text" } else { "_content" }.to_owned(), words.join(" ")))
}

/// What there is to ask of any resource.
fn of_every_type(world: &World, found: &Found, draws: &mut Draws) -> Option<Pair> {
    let mut ids = vec![found.id.clone()];
    match draws.below(4) {
        2 => {
            let at = Stretch { start_us: found.last_updated_us, end_us: found.last_updated_us + 1 };
            Some(("_lastUpdated".to_owned(), comparison::date(at, draws)))
        }
        3 => {
            let lists: Vec<&Found> = world.found().iter().filter(|list| list.resource_type.name() == "List").collect();
            Some(("_list".to_owned(), draws.pick(&lists)?.id.clone()))
        }
        _ => {
            while draws.chance(40) {
                ids.push(draws.pick(world.found())?.id.clone());
            }
            Some(("_id".to_owned(), ids.join(",")))
        }
    }
}
