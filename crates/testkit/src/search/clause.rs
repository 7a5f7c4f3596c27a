//! Whether a clause holds for a resource.

use mecum_fhir::compartment::compartment;
use mecum_fhir::search::query::{Clause, MAX_BEGINNING, MIN_BEGINNING, Matches, Part};
use mecum_fhir::search::value::{IndexValue, NO_GROUP, RefTarget, Stretch};
use mecum_fhir::search_param::{SearchParam, search_param};

use super::value;
use super::world::{Found, World};

/// Whether the clause holds.
pub(super) fn holds(clause: &Clause, found: &Found, world: &World) -> bool {
    match clause {
        // search.html#id
        Clause::Id(ids) => ids.contains(&found.id),
        // search.html#lastUpdated: an instant is a stretch of a microsecond.
        Clause::LastUpdated(dates) => {
            let at = Stretch { start_us: found.last_updated_us, end_us: found.last_updated_us + 1 };
            dates.iter().any(|date| value::date(date, at))
        }
        // search.html#combining: of the values of a parameter one, of the values in the query one.
        Clause::Has { param, any_of } => has(found, param, any_of),
        // search.html#modifiers, :not: the set of resources for which none is so, those without the parameter too.
        Clause::HasNot { param, any_of } => !has(found, param, any_of),
        // search.html#modifiers, :missing
        Clause::Missing { param, is_missing } => values(found, param).next().is_none() == *is_missing,
        // search.html#chaining: what the parameter leads to is here, and the clause holds for it.
        Clause::Chain { param, to } => targets(found, param).any(|target| {
            let RefTarget::Resource(of, id) = target else { return false };
            let clauses = to.iter().filter(|(to, _)| to == of);
            world.get(*of, id).is_some_and(|there| clauses.into_iter().any(|(_, clause)| holds(clause, there, world)))
        }),
        // search.html#has: what refers here is here, and the clause holds for it.
        Clause::ReferredBy { from, param, clause } => world.found().iter().any(|other| {
            other.resource_type == *from
                && targets(other, param).any(|target| found.is_at(target))
                && holds(clause, other, world)
        }),
        // compartmentdefinition.html: the one at the centre, and what one of the parameters listed leads there from.
        Clause::Compartment { of, id } => {
            let is_centre = found.resource_type == *of && found.id == *id;
            let centre = RefTarget::Resource(*of, id.clone());
            let codes = compartment(of.name()).map_or(&[][..], |centre| centre.params(found.resource_type.name()));
            let mut params = codes.iter().filter_map(|code| search_param(found.resource_type.name(), code));
            is_centre || params.any(|param| targets(found, param).any(|target| *target == centre))
        }
        // http.html#search: several types have a parameter of that name, each its own.
        Clause::PerType(each) => {
            each.iter().any(|(of, clause)| *of == found.resource_type && holds(clause, found, world))
        }
        // search.html#content
        Clause::Words { narrative_only, any_of } => {
            let there = if *narrative_only { &found.words.narrative } else { &found.words.all };
            any_of.iter().any(|words| all_occur(words, there))
        }
    }
}

/// The values of a parameter.
fn values<'f>(found: &'f Found, param: &SearchParam) -> impl Iterator<Item = (&'f IndexValue, u16)> {
    let number = param.number();
    found.values.iter().filter(move |value| value.param == number).map(|value| (&value.value, value.group))
}

/// Where a parameter leads.
fn targets<'f>(found: &'f Found, param: &SearchParam) -> impl Iterator<Item = &'f RefTarget> {
    values(found, param)
        .filter_map(|(value, _)| if let IndexValue::Reference(target) = value { Some(target) } else { None })
}

fn has(found: &Found, param: &SearchParam, any_of: &Matches) -> bool {
    match any_of {
        Matches::Composite(each) => each.iter().any(|parts| has_together(found, parts)),
        _ => values(found, param).any(|(value, _)| value::meets(any_of, value)),
    }
}

/// search.html#combining, composites: every part is met by a value of one and the same element.
fn has_together(found: &Found, parts: &[Part]) -> bool {
    let groups = found.values.iter().map(|value| value.group).filter(|group| *group != NO_GROUP);
    groups.into_iter().any(|group| {
        parts
            .iter()
            .all(|Part { param, is }| values(found, param).any(|(value, own)| own == group && value::meets(is, value)))
    })
}

/// Whether all words occur, the last one as a beginning if it is long enough, else as a word like the others.
fn all_occur(words: &[String], there: &[String]) -> bool {
    let Some((last, others)) = words.split_last() else { return false };
    let beginning: String = last.chars().take(MAX_BEGINNING).collect();
    let occurs = match last.chars().count() >= MIN_BEGINNING {
        true => there.iter().any(|word| word.starts_with(&beginning)),
        false => there.contains(last),
    };
    occurs && others.iter().all(|word| there.contains(word))
}
