//! The resources that a query is asked of, with what each can be found by.

use mecum_fhir::reference::ResourceType;
use mecum_fhir::resource::Resource;
use mecum_fhir::search::query::SearchQuery;
use mecum_fhir::search::value::{Indexed, RefTarget};
use mecum_fhir::search::{Words, extract, words_of};

use super::{clause, order};

/// Every resource there is: what is not here, no chain leads to.
pub struct World {
    base_url: String,
    found: Vec<Found>,
}

/// A resource as search sees it.
pub struct Found {
    /// Its type.
    pub resource_type: ResourceType,
    /// Its id.
    pub id: String,
    /// When its current version was committed, in microseconds since the epoch.
    pub last_updated_us: i64,
    /// What its parameters select.
    pub values: Vec<Indexed>,
    /// What it says in words.
    pub words: Words,
}

impl World {
    /// The resources that have an id, each with the time of its last commit. What lies at `base_url` is here;
    /// `zone_offset_minutes`, east positive, holds for dates without a zone.
    pub fn of<'r>(
        resources: impl IntoIterator<Item = (&'r Resource, i64)>,
        base_url: &str,
        zone_offset_minutes: i32,
    ) -> World {
        let found = resources.into_iter().filter_map(|(resource, last_updated_us)| {
            Some(Found {
                resource_type: resource.resource_type(),
                id: resource.id()?.into_owned(),
                last_updated_us,
                values: extract(resource, base_url, zone_offset_minutes),
                words: words_of(resource),
            })
        });
        World { base_url: base_url.to_owned(), found: found.collect() }
    }

    /// Whether the resource is what the query asks for.
    pub fn matches(&self, query: &SearchQuery, found: &Found) -> bool {
        query.types.contains(&found.resource_type)
            && query.clauses.iter().all(|clause| clause::holds(clause, found, self))
    }

    /// All matches in their order, whatever size of page is asked for.
    pub fn answer(&self, query: &SearchQuery) -> Vec<&Found> {
        let mut answer: Vec<&Found> = self.found.iter().filter(|found| self.matches(query, found)).collect();
        answer.sort_by(|one, other| order::compare(&query.sort, one, other));
        answer
    }

    /// The address of the server that is asked.
    pub fn base_url(&self) -> &str {
        &self.base_url
    }

    /// Every resource.
    pub fn found(&self) -> &[Found] {
        &self.found
    }

    /// The resource of that type and id.
    pub fn get(&self, resource_type: ResourceType, id: &str) -> Option<&Found> {
        self.found.iter().find(|found| found.resource_type == resource_type && found.id == id)
    }
}

impl Found {
    /// `Type/id`.
    pub fn address(&self) -> String {
        format!("{}/{}", self.resource_type, self.id)
    }

    /// Whether that is a reference to it.
    pub fn is_at(&self, target: &RefTarget) -> bool {
        matches!(target, RefTarget::Resource(of, id) if *of == self.resource_type && *id == self.id)
    }
}
