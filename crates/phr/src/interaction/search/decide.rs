//! The permit of a search: one decision for each type that is named, else one for whatever may be searched.

use mecum_fhir::search::query::SearchQuery;
use mecum_record::access::{Act, Permit};
use mecum_record::caller::Caller;
use mecum_record::ids::RecordId;

use super::named_types;
use crate::permission::{may, permit_all};
use crate::{Failure, Phr};

/// May this caller search these types in this record now?
///
/// # Errors
/// [`Failure::Forbidden`] when one of the types that are named may not be searched; [`Failure::NotFound`] when the caller may not
/// know that the record is there.
pub(super) fn decided(phr: &Phr, caller: &Caller, record: RecordId, query: &SearchQuery) -> Result<Permit, Failure> {
    permit_all(phr, caller, &acts_of(query), record)
}

/// The same for one of many records, where a refusal is no refusal of the search.
///
/// # Errors
/// What the store says.
pub(super) fn may_search(
    phr: &Phr,
    caller: &Caller,
    record: RecordId,
    query: &SearchQuery,
) -> Result<Option<Permit>, Failure> {
    may(phr, caller, &acts_of(query), record)
}

/// Each decision gives the same filter: everything that may be searched.
fn acts_of(query: &SearchQuery) -> Vec<Act> {
    match named_types(query) {
        [] => vec![Act::SearchSystem],
        types => types.iter().copied().map(Act::SearchType).collect(),
    }
}
