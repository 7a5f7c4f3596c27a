//! Dates and types of a request as a filter over facts (PHR-52, PHR-55).

use mecum_fhir::date::{Interval, PartialDate};
use mecum_fhir::reference::ResourceType;
use mecum_record::access::{Dated, ResourceFilter};
use mecum_store::Which;

use super::ExportRequest;
use crate::Failure;

/// What is asked for.
pub(super) struct Selection {
    /// What passes by itself.
    pub(super) filter: ResourceFilter,
    /// Whether what it refers to goes with it.
    pub(super) follows_references: bool,
    /// Whether Provenances are asked for.
    pub(super) has_provenance: bool,
    /// Which versions.
    pub(super) which: Which,
}

impl Selection {
    /// The selection that a request makes.
    ///
    /// # Errors
    /// [`Failure::Invalid`] for dates that cannot be read, a start after the end, and an empty list of types.
    pub(super) fn of(request: &ExportRequest) -> Result<Selection, Failure> {
        let in_window = in_window(request.start.as_deref(), request.end.as_deref())?;
        let of_types = match request.types.as_deref() {
            None => ResourceFilter::Every,
            Some([]) => return Err(Failure::invalid("invalid", "_type", "no type is named")),
            Some(types) => ResourceFilter::Or(types.iter().copied().map(ResourceFilter::TypeIs).collect()),
        };
        Ok(Selection {
            has_provenance: request.types.as_ref().is_none_or(|types| types.contains(&ResourceType::PROVENANCE)),
            follows_references: in_window.is_some() && request.types.is_none() && request.since_us.is_none(),
            filter: in_window.unwrap_or(ResourceFilter::Every).and(of_types),
            which: if request.history { Which::All } else { Which::Current },
        })
    }
}

/// What happened between two dates, or has no date; the Patient always. `None` without dates (PHR-55).
///
/// # Errors
/// [`Failure::Invalid`] for dates that cannot be read, and a start after the end.
pub(crate) fn in_window(start: Option<&str>, end: Option<&str>) -> Result<Option<ResourceFilter>, Failure> {
    let of = |window| {
        ResourceFilter::Or(vec![
            ResourceFilter::DatedWithin(window),
            ResourceFilter::Undated,
            ResourceFilter::TypeIs(ResourceType::PATIENT),
        ])
    };
    Ok(window(start, end)?.map(of))
}

/// From the first moment of the start to the last of the end. Dates without a zone are read as UTC, as those of the facts are.
fn window(start: Option<&str>, end: Option<&str>) -> Result<Option<Dated>, Failure> {
    let start = start.map(|text| bounds("start", text)).transpose()?;
    let end = end.map(|text| bounds("end", text)).transpose()?;
    if start.is_none() && end.is_none() {
        return Ok(None);
    }
    let from_us = start.map_or(Interval::OPEN_START_US, |start| start.start_us);
    let until_us = end.map_or(Interval::OPEN_END_US, |end| end.end_us);
    if from_us >= until_us {
        return Err(Failure::invalid("invalid", "start", "the start is after the end"));
    }
    Ok(Some(Dated { from_us, until_us }))
}

fn bounds(parameter: &'static str, text: &str) -> Result<Interval, Failure> {
    match PartialDate::parse_search(text) {
        Ok(date) => Ok(date.bounds(0)),
        Err(fault) => Err(Failure::invalid("invalid", parameter, fault.to_string())),
    }
}

/// Whether a filter can let anything of a type through, whatever else is true of it.
pub(super) fn admits(filter: &ResourceFilter, resource_type: ResourceType) -> bool {
    match filter {
        ResourceFilter::Nothing => false,
        ResourceFilter::And(parts) => parts.iter().all(|part| admits(part, resource_type)),
        ResourceFilter::Or(parts) => parts.iter().any(|part| admits(part, resource_type)),
        ResourceFilter::TypeIs(only) => *only == resource_type,
        ResourceFilter::ResourceIs(key) => key.resource_type == resource_type,
        ResourceFilter::Not(part) => **part != ResourceFilter::TypeIs(resource_type),
        ResourceFilter::Every
        | ResourceFilter::HasLabel(_)
        | ResourceFilter::CategoryIs(_)
        | ResourceFilter::DatedWithin(_)
        | ResourceFilter::Undated
        | ResourceFilter::FromSource(_) => true,
    }
}
