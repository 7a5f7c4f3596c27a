//! Which records are worth asking: the directory of values holds more than is true, never less, so whoever is not in it has no match.

use std::collections::BTreeSet;

use mecum_fhir::compartment::compartment;
use mecum_fhir::reference::ResourceType;
use mecum_fhir::search::normalise;
use mecum_fhir::search::query::{Clause, Matches, RefMatch, SearchQuery, StringMatch, UriMatch};
use mecum_fhir::search::value::RefTarget;
use mecum_fhir::search_param::{SearchParam, search_param};
use mecum_record::access::ResourceKey;
use mecum_record::ids::RecordId;

use crate::Store;
use crate::db::Value;
use crate::error::StoreError;
use crate::index::{reference_directory_code, string_directory_code, token_directory_code, uri_directory_code};
use crate::origin::placeholders;

/// A value that more records have tells nothing worth knowing.
const MAX_RECORDS: usize = 100_000;

/// More values than these are not looked up: asking is as quick.
const MAX_VALUES: usize = 2_000;

/// What a record must have for a clause to hold in it: one of these.
#[derive(Default)]
struct Wanted {
    codes: Vec<i64>,
    /// Resources that must be there.
    resources: Vec<ResourceKey>,
}

impl Store {
    /// The records in which a query may have matches: where to ask, never what is there. `None` when nothing in the query tells
    /// records apart. Records whose index has still to be made are always among them.
    ///
    /// # Errors
    /// What the database says.
    pub fn records_worth_asking(&self, query: &SearchQuery) -> Result<Option<BTreeSet<RecordId>>, StoreError> {
        let mut worth: Option<BTreeSet<RecordId>> = None;
        for clause in &query.clauses {
            let Some(wanted) = wanted_by(clause, &query.types) else { continue };
            if let Some(found) = self.with_one_of(&wanted)? {
                worth = Some(worth.map_or_else(|| found.clone(), |before| &before & &found));
            }
        }
        if let Some(worth) = &mut worth {
            worth.extend(self.owed_indexes()?);
        }
        Ok(worth)
    }

    /// The records that have one of these values or resources; `None` when they are too many to tell.
    fn with_one_of(&self, wanted: &Wanted) -> Result<Option<BTreeSet<RecordId>>, StoreError> {
        if wanted.codes.len() + wanted.resources.len() > MAX_VALUES {
            return Ok(None);
        }
        let mut found = BTreeSet::new();
        for key in &wanted.resources {
            found.extend(self.locate(key)?);
        }
        let sql = format!(
            "SELECT DISTINCT record_id FROM value_record WHERE digest IN ({}) LIMIT {}",
            placeholders(1),
            MAX_RECORDS + 1
        );
        let codes: Vec<Value<'_>> = wanted.codes.iter().map(|code| (*code).into()).collect();
        self.main.read(|tx| {
            crate::origin::in_chunks(tx, &sql, &[], &codes, |row| {
                found.insert(RecordId(row.int(0)?));
                Ok(())
            })
        })?;
        Ok((found.len() <= MAX_RECORDS).then_some(found))
    }
}

/// What a record must have for the clause to hold in it; `None` when the directory says nothing of that.
fn wanted_by(clause: &Clause, types: &[ResourceType]) -> Option<Wanted> {
    match clause {
        Clause::Id(ids) => {
            let of_type = |of: &ResourceType| {
                let of = *of;
                ids.iter().map(move |id| ResourceKey { resource_type: of, id: id.clone() })
            };
            Some(Wanted { resources: types.iter().flat_map(of_type).collect(), ..Wanted::default() })
        }
        Clause::Has { param, any_of } => wanted_value(param, any_of),
        Clause::Chain { to, .. } => together(to),
        Clause::PerType(each) => together(each),
        Clause::ReferredBy { from, clause, .. } => wanted_by(clause, &[*from]),
        Clause::Compartment { of, id } => {
            let target = RefTarget::Resource(*of, id.clone());
            let codes = types.iter().flat_map(|held| {
                let params = compartment(of.name()).map_or(&[][..], |centre| centre.params(held.name()));
                params.iter().filter_map(|code| search_param(held.name(), code))
            });
            let codes = codes.map(|param| reference_directory_code(param.number(), &target)).collect();
            Some(Wanted { codes, resources: vec![ResourceKey { resource_type: *of, id: id.clone() }] })
        }
        Clause::LastUpdated(_) | Clause::HasNot { .. } | Clause::Missing { .. } | Clause::Words { .. } => None,
    }
}

/// What is wanted by one of several clauses; nothing can be said if one of them says nothing.
fn together(each: &[(ResourceType, Clause)]) -> Option<Wanted> {
    let mut all = Wanted::default();
    for (of, clause) in each {
        let one = wanted_by(clause, &[*of])?;
        all.codes.extend(one.codes);
        all.resources.extend(one.resources);
    }
    Some(all)
}

fn wanted_value(param: &SearchParam, any_of: &Matches) -> Option<Wanted> {
    let number = param.number();
    let mut wanted = Wanted::default();
    match any_of {
        Matches::Token(asked) => {
            for one in asked {
                wanted.codes.push(token_directory_code(number, one.code.as_deref()?));
            }
        }
        Matches::String(asked) => {
            for one in asked {
                let beginning = match one {
                    StringMatch::Starts(beginning) => beginning.clone(),
                    StringMatch::Exact(whole) => normalise(whole),
                    StringMatch::Contains(_) => return None,
                };
                if beginning.is_empty() {
                    return None;
                }
                wanted.codes.push(string_directory_code(number, &beginning));
            }
        }
        Matches::Reference(asked) => {
            for one in asked {
                match one {
                    RefMatch::To(target) => wanted.leads_to(number, target.clone()),
                    RefMatch::ToId { types, id } => {
                        types.iter().for_each(|of| wanted.leads_to(number, RefTarget::Resource(*of, id.clone())));
                    }
                }
            }
        }
        Matches::Uri(asked) => {
            for one in asked {
                let UriMatch::Is(uri) = one else { return None };
                wanted.codes.push(uri_directory_code(number, uri));
            }
        }
        _ => return None,
    }
    Some(wanted)
}

impl Wanted {
    /// References of a record to its own resources are not in the directory of values: the record that has the target may have them.
    fn leads_to(&mut self, param: u16, target: RefTarget) {
        self.codes.push(reference_directory_code(param, &target));
        if let RefTarget::Resource(resource_type, id) = target {
            self.resources.push(ResourceKey { resource_type, id });
        }
    }
}
