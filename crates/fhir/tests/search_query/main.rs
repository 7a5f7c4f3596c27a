//! Queries as they are understood, and what is said about those that are not (R4 search.html; REST-30…46).
#![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

mod describe;
mod faults;
mod kinds;
mod names;
mod results;
mod robustness;

use mecum_fhir::date::{Interval, bounds_of};
use mecum_fhir::reference::{Id, ResourceType};
use mecum_fhir::search::query::{FaultKind, Handling, QueryContext, QueryFault, QueryLimits, Scope, SearchQuery};

use describe::describe;

/// 2020-06-01T12:00:00Z
const NOW_US: i64 = 1_591_012_800_000_000;

fn context() -> QueryContext<'static> {
    QueryContext {
        base_url: "https://phr.example/fhir",
        zone_offset_minutes: 120,
        now_us: NOW_US,
        limits: QueryLimits::default(),
    }
}

fn type_named(name: &str) -> ResourceType {
    ResourceType::parse(name).unwrap()
}

/// `Observation`, nothing for the base, `Patient/1/*` or `Patient/1/Observation`.
fn scope(address: &str) -> Scope {
    let parts: Vec<&str> = address.split('/').filter(|part| !part.is_empty()).collect();
    match parts.as_slice() {
        [] => Scope::Base,
        [of] => Scope::Type(type_named(of)),
        [of, id, held] => {
            let resource_type = (*held != "*").then(|| type_named(held));
            Scope::Compartment { of: type_named(of), id: Id::parse(id).unwrap(), resource_type }
        }
        _ => panic!("{address} is no scope"),
    }
}

/// Parameters between `&`, without percent-encoding.
fn pairs(query: &str) -> Vec<(&str, &str)> {
    query.split('&').filter(|pair| !pair.is_empty()).map(|pair| pair.split_once('=').unwrap_or((pair, ""))).collect()
}

fn parse(address: &str, handling: Handling) -> Result<SearchQuery, QueryFault> {
    let (path, query) = address.split_once('?').unwrap();
    SearchQuery::parse(&scope(path), pairs(query), handling, &context())
}

/// A query that must be understood.
fn read(address: &str) -> SearchQuery {
    parse(address, Handling::Strict).unwrap_or_else(|fault| panic!("{address}: {fault}"))
}

/// The clauses of a query that must be understood, in words.
fn clauses(address: &str) -> String {
    read(address).clauses.iter().map(describe).collect::<Vec<_>>().join(" & ")
}

/// The fault of a query that must not be understood: what sort, and what is said.
fn fault(address: &str) -> (FaultKind, String) {
    let strict = parse(address, Handling::Strict).err().unwrap_or_else(|| panic!("{address} is understood"));
    (strict.kind(), strict.to_string())
}

/// The stretch of a date as written.
fn stretch(date: &str) -> Interval {
    bounds_of(date, 120).unwrap()
}
