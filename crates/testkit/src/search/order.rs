//! Who comes first (search.html#sort): what has no value comes last either way.

use std::cmp::Ordering;

use mecum_fhir::search::normalise;
use mecum_fhir::search::query::{SortBy, SortKey};
use mecum_fhir::search::value::{IndexValue, NumberKey, RefTarget, Stretch};
use mecum_fhir::search_param::{SearchParam, SearchParamKind};

use super::world::Found;

/// What is compared, in the order of its bytes or numbers.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Sorted {
    At(i64),
    Text(String),
    Stretch(Stretch),
    Number(NumberKey),
    Target(u16, String),
}

/// Which of two matches comes first: without keys by type name and id, else ties by type code and id.
pub(super) fn compare(keys: &[SortKey], one: &Found, other: &Found) -> Ordering {
    if keys.is_empty() {
        return (one.resource_type.name(), &one.id).cmp(&(other.resource_type.name(), &other.id));
    }
    let by_keys = keys.iter().map(|key| by_key(key, one, other)).find(|order| order.is_ne());
    let ties = (one.resource_type.code(), &one.id).cmp(&(other.resource_type.code(), &other.id));
    by_keys.unwrap_or(ties)
}

fn by_key(key: &SortKey, one: &Found, other: &Found) -> Ordering {
    match (sorted(key, one), sorted(key, other)) {
        (Some(one), Some(other)) if key.descending => other.cmp(&one),
        (Some(one), Some(other)) => one.cmp(&other),
        (one, other) => one.is_none().cmp(&other.is_none()),
    }
}

/// Ascending the lowest value, descending the highest.
fn sorted(key: &SortKey, found: &Found) -> Option<Sorted> {
    match key.by {
        SortBy::Id => Some(Sorted::Text(found.id.clone())),
        SortBy::LastUpdated => Some(Sorted::At(found.last_updated_us)),
        SortBy::Param(param) => {
            let own = found.values.iter().filter(|value| value.param == param.number());
            let values = own.filter_map(|value| compared(param, &value.value));
            if key.descending { values.max() } else { values.min() }
        }
    }
}

/// A value as it is compared; none of a value beside those of the parameter's own kind.
fn compared(param: &SearchParam, value: &IndexValue) -> Option<Sorted> {
    match (param.kind(), value) {
        (SearchParamKind::Token, IndexValue::Token { code, .. }) => Some(Sorted::Text(code.clone())),
        (SearchParamKind::String, IndexValue::String(text)) => Some(Sorted::Text(normalise(text))),
        (SearchParamKind::Reference, IndexValue::Reference(target)) => Some(match target {
            RefTarget::Resource(of, id) => Sorted::Target(of.code(), id.clone()),
            RefTarget::Url(url) => Sorted::Target(0, url.clone()),
        }),
        (SearchParamKind::Date, IndexValue::Date(stretch)) => Some(Sorted::Stretch(*stretch)),
        (SearchParamKind::Number, IndexValue::Number(key)) => Some(Sorted::Number(key.clone())),
        (SearchParamKind::Quantity, IndexValue::Quantity(quantity)) => Some(Sorted::Number(quantity.number.clone())),
        (SearchParamKind::Uri, IndexValue::Uri(uri)) => Some(Sorted::Text(uri.clone())),
        _ => None,
    }
}
