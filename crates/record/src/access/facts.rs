//! Facts: the few derived values that rules may speak about, computed when a resource is written (design §2).

use mecum_fhir::reference::ResourceType;
use mecum_fhir::resource::Resource;

use super::{Category, CategorySet, Label, LabelSet};
use crate::ids::SourceId;

/// The version of the rules below. Raised when they change, so that older facts are known to be owed a recomputation (design §6).
pub const FACT_RULES: i64 = 1;

/// The clinically relevant time of a resource, in microseconds since the epoch; `until_us` is exclusive (PHR-55).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Dated {
    /// First moment.
    pub from_us: i64,
    /// First moment after.
    pub until_us: i64,
}

impl Dated {
    /// Whether the two intervals share a moment.
    #[must_use]
    pub fn overlaps(self, other: Dated) -> bool {
        self.from_us < other.until_us && other.from_us < self.until_us
    }
}

/// What rules may know of one version of a resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Facts {
    /// The resource's type.
    pub resource_type: ResourceType,
    /// Its sensitivity labels.
    pub labels: LabelSet,
    /// Its categories.
    pub categories: CategorySet,
    /// Its clinically relevant time; `None` when it has none.
    pub dated: Option<Dated>,
    /// The source it came from; `None` when it was written here.
    pub source: Option<SourceId>,
}

impl Facts {
    /// The facts of a resource as it is stored.
    ///
    /// Dates without a zone are read as UTC, so that the same resource has the same facts on every machine.
    #[must_use]
    pub fn of(resource: &Resource, source: Option<SourceId>) -> Facts {
        let labels = resource
            .security_labels()
            .filter_map(|coding| Label::of(coding.system.as_deref()?, coding.code.as_deref()?))
            .fold(LabelSet::default(), LabelSet::with);
        let categories = resource
            .categories()
            .filter_map(|coding| Category::of(coding.code.as_deref()?))
            .fold(CategorySet::default(), CategorySet::with);
        let dated = resource
            .clinical_interval()
            .map(|interval| Dated { from_us: interval.start_us, until_us: interval.end_us });
        Facts { resource_type: resource.resource_type(), labels, categories, dated, source }
    }
}
