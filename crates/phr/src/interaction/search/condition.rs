//! Conditions: the resources that a conditional create or reference describes by a search (R4 http.html#ccreate; REST-5, REST-23).

use mecum_fhir::form;
use mecum_fhir::reference::ResourceType;
use mecum_fhir::search::query::{Handling, QueryContext, QueryLimits, Scope, SearchQuery};
use mecum_record::access::ResourceKey;
use mecum_record::caller::Caller;
use mecum_record::ids::RecordId;

use super::decide::decided;
use super::one::page;
use crate::{Failure, Phr};

/// A search that is to find one resource or none. Not `Debug`: what is searched for is health data.
pub(crate) struct Condition {
    query: SearchQuery,
}

impl Condition {
    /// Reads `identifier=a|b&status=final`, with or without the question mark; `base` is this service's own address.
    ///
    /// # Errors
    /// [`Failure::Malformed`] for what cannot be read; [`Failure::Precondition`] for what would describe everything.
    pub(crate) fn parse(phr: &Phr, resource_type: ResourceType, text: &str, base: &str) -> Result<Condition, Failure> {
        let text = text.trim();
        let text = text.strip_prefix('?').unwrap_or(text);
        let unreadable = |_| Failure::malformed("invalid", "", "a condition is written as the query of a search");
        let parameters = form::parameters(text).map_err(unreadable)?;
        let limits = QueryLimits::default();
        let context = QueryContext { base_url: base, zone_offset_minutes: 0, now_us: phr.now_us(), limits };
        let query = SearchQuery::parse(&Scope::Type(resource_type), parameters, Handling::Strict, &context)
            .map_err(|fault| Failure::malformed(fault.code().code(), "", fault.to_string()))?;
        if query.clauses.is_empty() {
            return Err(Failure::Precondition("a condition must say which resource is meant".to_owned()));
        }
        Ok(Condition { query })
    }

    /// Up to two of the resources of a record that it describes.
    ///
    /// # Errors
    /// [`Failure::Forbidden`] for whoever may not search the type.
    pub(crate) fn matches(&self, phr: &Phr, caller: &Caller, record: RecordId) -> Result<Vec<ResourceKey>, Failure> {
        let permit = decided(phr, caller, record, &self.query)?;
        let page = page(phr, &permit, &self.query, (None, 2))?;
        Ok(page.matches.into_iter().map(|version| version.key).collect())
    }
}
