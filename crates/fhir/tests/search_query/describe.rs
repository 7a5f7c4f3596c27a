//! Clauses in words, so that tests are tables.

use mecum_fhir::search::query::{Clause, Matches, Part, RefMatch, StringMatch, TokenMatch, UnitMatch, UriMatch};
use mecum_fhir::search::value::RefTarget;

/// What a clause asks, for reading.
pub(crate) fn describe(clause: &Clause) -> String {
    match clause {
        Clause::Id(ids) => format!("id {}", ids.join("|")),
        Clause::LastUpdated(dates) => format!("updated {}", list(dates, |date| date.prefix.letters().to_owned())),
        Clause::Has { param, any_of } => format!("{} {}", param.code(), matches(any_of)),
        Clause::HasNot { param, any_of } => format!("{} not {}", param.code(), matches(any_of)),
        Clause::Missing { param, is_missing } => format!("{} missing {is_missing}", param.code()),
        Clause::Chain { param, to } => {
            format!("{} -> {}", param.code(), list(to, |(of, clause)| format!("{of}({})", describe(clause))))
        }
        Clause::ReferredBy { from, param, clause } => format!("<- {from}.{} ({})", param.code(), describe(clause)),
        Clause::Compartment { of, id } => format!("in {of}/{id}"),
        Clause::PerType(of) => list(of, |(of, clause)| format!("{of}({})", describe(clause))),
        Clause::Words { narrative_only, any_of } => {
            format!(
                "{} {}",
                if *narrative_only { "narrative" } else { "content" },
                list(any_of, |words| words.join(" "))
            )
        }
    }
}

fn matches(any_of: &Matches) -> String {
    match any_of {
        Matches::Token(tokens) => list(tokens, token),
        Matches::String(strings) => list(strings, string),
        Matches::Reference(references) => list(references, reference),
        Matches::Date(dates) => list(dates, |date| date.prefix.letters().to_owned()),
        Matches::Number(numbers) => list(numbers, |number| number.prefix.letters().to_owned()),
        Matches::Quantity(quantities) => list(quantities, |quantity| {
            let unit = quantity.unit.as_ref().map(unit).unwrap_or_default();
            format!("{}{unit}", quantity.number.prefix.letters())
        }),
        Matches::Uri(uris) => list(uris, uri),
        Matches::Composite(groups) => list(groups, |parts| {
            parts
                .iter()
                .map(|Part { param, is }| format!("{}={}", param.code(), matches(is)))
                .collect::<Vec<_>>()
                .join("$")
        }),
    }
}

fn list<T>(items: &[T], describe: impl Fn(&T) -> String) -> String {
    format!("[{}]", items.iter().map(describe).collect::<Vec<_>>().join(" or "))
}

fn token(TokenMatch { system, code }: &TokenMatch) -> String {
    let any = |text: &Option<String>| text.as_ref().map_or("any".to_owned(), |text| format!("'{text}'"));
    format!("{}:{}", any(system), any(code))
}

fn string(string: &StringMatch) -> String {
    match string {
        StringMatch::Starts(text) => format!("'{text}…'"),
        StringMatch::Contains(text) => format!("'…{text}…'"),
        StringMatch::Exact(text) => format!("'{text}'"),
    }
}

fn reference(reference: &RefMatch) -> String {
    match reference {
        RefMatch::To(RefTarget::Resource(of, id)) => format!("{of}/{id}"),
        RefMatch::To(RefTarget::Url(url)) => format!("<{url}>"),
        RefMatch::ToId { types, id } => {
            format!("{}/{id}", types.iter().map(|of| of.name()).collect::<Vec<_>>().join("+"))
        }
    }
}

fn unit(UnitMatch { system, unit, canonical }: &UnitMatch) -> String {
    let system = system.as_deref().unwrap_or("any");
    let canonical = canonical.as_ref().map(|(spelling, _)| format!("={spelling}")).unwrap_or_default();
    format!(" {system}:{unit}{canonical}")
}

fn uri(uri: &UriMatch) -> String {
    match uri {
        UriMatch::Is(uri) => uri.clone(),
        UriMatch::Below(uri) => format!("below {uri}"),
        UriMatch::Above(uri) => format!("above {uri}"),
    }
}
