//! The words of the rooms below that a door says: who asks, which record, what kind of source, what a token may, how files are sealed,
//! what a resource is called and how it reads.

pub use mecum_exchange::{seal, sphr};
pub use mecum_fhir::date::format_instant;
pub use mecum_fhir::reading::{Headline, Standing};
pub use mecum_fhir::reference::{Id, ResourceType};
pub use mecum_record::access::ResourceKey;
pub use mecum_record::access::ScopeSet;
pub use mecum_record::caller::Caller;
pub use mecum_record::ids::{CommitId, ImportId, RecordId, VersionId};
pub use mecum_record::source::SourceKind;
