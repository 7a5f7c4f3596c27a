//! What a query wants beside its matches (search.html#include): what they refer to, and what refers to them.

use mecum_fhir::search::query::{Include, SearchQuery};
use mecum_fhir::search::value::{IndexValue, RefTarget};
use mecum_fhir::search_param::{SearchParamKind, search_param_numbered};

use super::world::{Found, World};

impl World {
    /// What is included with these matches, in order of type name and id, without the matches themselves. What iterates
    /// looks at what was included too, until there is nothing more.
    pub fn included<'w>(&'w self, query: &SearchQuery, matches: &[&'w Found]) -> Vec<&'w Found> {
        let mut there: Vec<&Found> = matches.to_vec();
        let mut n_seen = 0;
        while n_seen < there.len() {
            let is_match = n_seen < matches.len();
            let of = there[n_seen];
            n_seen += 1;
            for other in self.found() {
                let is_wanted =
                    query.includes.iter().any(|include| (is_match || include.iterates) && leads(include, of, other))
                        || query
                            .rev_includes
                            .iter()
                            .any(|include| (is_match || include.iterates) && leads(include, other, of));
                if is_wanted && !there.iter().any(|known| std::ptr::eq(*known, other)) {
                    there.push(other);
                }
            }
        }
        let mut included = there.split_off(matches.len());
        included.sort_by_key(|found| (found.resource_type.name(), &found.id));
        included
    }
}

/// Whether a resource refers to another in the way that is meant; `*` is any reference parameter.
fn leads(include: &Include, from: &Found, to: &Found) -> bool {
    let is_meant = |number: u16| match include.param {
        Some(param) => param.number() == number,
        None => search_param_numbered(number).is_some_and(|param| param.kind() == SearchParamKind::Reference),
    };
    let is_there = |target: &RefTarget| to.is_at(target);
    include.from == from.resource_type
        && include.target.is_none_or(|target| target == to.resource_type)
        && from.values.iter().any(|value| {
            is_meant(value.param) && matches!(&value.value, IndexValue::Reference(target) if is_there(target))
        })
}
