//! The words of the rooms below that a door says: who asks, which record, what kind of source, what a token may, how files are sealed.

pub use mecum_exchange::{seal, sphr};
pub use mecum_fhir::date::format_instant;
pub use mecum_record::access::ScopeSet;
pub use mecum_record::caller::Caller;
pub use mecum_record::ids::{CommitId, ImportId, RecordId};
pub use mecum_record::source::SourceKind;
