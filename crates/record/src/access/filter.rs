//! The consent filter: a value that exists once and is read twice, in memory here and as SQL in `store` (I5).

use mecum_fhir::reference::ResourceType;

use super::{Category, Dated, Facts, Label};
use crate::ids::SourceId;

/// A resource of one record, by type and id.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ResourceKey {
    /// The resource's type.
    pub resource_type: ResourceType,
    /// The id under which this installation serves it.
    pub id: String,
}

/// Which resources a permit lets through. There is no absent filter: "all of the record" is [`ResourceFilter::Every`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ResourceFilter {
    /// Every resource.
    Every,
    /// No resource.
    Nothing,
    /// All of these hold.
    And(Vec<ResourceFilter>),
    /// At least one of these holds.
    Or(Vec<ResourceFilter>),
    /// This does not hold.
    Not(Box<ResourceFilter>),
    /// Of this type.
    TypeIs(ResourceType),
    /// Carries this sensitivity label.
    HasLabel(Label),
    /// Of this category.
    CategoryIs(Category),
    /// Dated, and at least partly within this time.
    DatedWithin(Dated),
    /// Has no clinically relevant date.
    Undated,
    /// Came from this source.
    FromSource(SourceId),
    /// This very resource.
    ResourceIs(ResourceKey),
}

impl ResourceFilter {
    /// Whether a resource with these facts and this id passes.
    #[must_use]
    pub fn matches(&self, facts: &Facts, id: &str) -> bool {
        match self {
            Self::Every => true,
            Self::Nothing => false,
            Self::And(parts) => parts.iter().all(|part| part.matches(facts, id)),
            Self::Or(parts) => parts.iter().any(|part| part.matches(facts, id)),
            Self::Not(part) => !part.matches(facts, id),
            Self::TypeIs(resource_type) => facts.resource_type == *resource_type,
            Self::HasLabel(label) => facts.labels.has(*label),
            Self::CategoryIs(category) => facts.categories.has(*category),
            Self::DatedWithin(window) => facts.dated.is_some_and(|dated| dated.overlaps(*window)),
            Self::Undated => facts.dated.is_none(),
            Self::FromSource(source) => facts.source == Some(*source),
            Self::ResourceIs(key) => facts.resource_type == key.resource_type && id == key.id,
        }
    }

    /// This filter, narrowed by another: what passes, passes both.
    #[must_use]
    pub fn and(self, other: ResourceFilter) -> ResourceFilter {
        match (self, other) {
            (Self::Every, only) | (only, Self::Every) => only,
            (Self::Nothing, _) | (_, Self::Nothing) => Self::Nothing,
            (one, two) => Self::And(vec![one, two]),
        }
    }
}
