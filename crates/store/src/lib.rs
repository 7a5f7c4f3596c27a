//! Rows and transactions: the record kept in SQLite or PostgreSQL.
//!
//! - [`db`]: the low waist, one synchronous door to both databases, which knows nothing of FHIR
//! - [`keys`], [`seal`], [`codec`], [`blobs`]: secrets, sealing, compression, large contents
//! - [`body`]: the stored form of a resource
//! - `version`, `change`, `read`, `page`, `log`, `lookup`, `filter`: versions in, versions out
//! - `index`, `query`: what versions can be found by, and finding them
//! - `head`, `chain`, `commit`, `staging`, `holder`, `sweep`: the chain of commits, and how a large one is prepared unseen
//! - `place_seal`: where a search goes on, as a client carries it
//! - `records`, `people`, `sources`, `origin`, `imports`, `tokens`, `jobs`, `sessions`: what stands around the versions
//! - `scratch`: room for a while, sealed
//! - `access_log`: who saw what
//! - [`maintenance`]: proof and backup, the one part that reads without a permit

pub mod blobs;
pub mod body;
pub mod codec;
pub mod db;
pub mod keys;
pub mod maintenance;
pub mod schema;
pub mod seal;

mod access_log;
mod chain;
mod change;
mod commit;
mod error;
mod filter;
mod head;
mod holder;
mod imports;
mod index;
mod jobs;
mod log;
mod lookup;
mod open;
mod origin;
mod page;
mod people;
mod place_seal;
mod query;
mod read;
mod records;
mod scratch;
mod sessions;
mod sources;
mod staging;
mod sweep;
mod timeline;
mod tokens;
mod version;

pub use access_log::{AccessLine, NewAccessLine};
pub use chain::{Commit, CommitWords};
pub use change::{Change, Content, Expected, NewOrigin, ORIGIN_DIGEST_BYTES, OriginDigest};
pub use commit::{Committed, Part, Written};
pub use error::StoreError;
pub use head::ChainHead;
pub use imports::{ImportIssue, ImportRow, ImportState, NewImport};
pub use index::identifiers_of;
pub use jobs::JobRow;
pub use log::CommitTarget;
pub use lookup::{LineMet, origin_digest};
pub use maintenance::{Finding, Verified};
pub use open::{
    ACCESS_FILE, ACCESS_SCHEMA, BLOBS_FOLDER, KEYS_FILE, KEYS_SCHEMA, Place, RECORD_FILE, RECORD_SCHEMA, Workload,
};
pub use page::{Cursor, Walk, Which};
pub use people::{Claimed, NewPerson, PersonKey, PersonName};
pub use query::{PageWish, SearchPage};
pub use records::{Profile, RecordRow};
pub use scratch::{Scratch, Segment};
pub use sessions::{SESSION_IDLE_US, SessionRow};
pub use sources::SourceRow;
pub use staging::Staging;
pub use timeline::{TimePlace, Timed};
pub use tokens::TokenRow;
pub use version::Version;

/// Everything that is kept: the records, who saw them, the keys that open them, and the blobs.
pub struct Store {
    pub(crate) main: db::Db,
    pub(crate) access: db::Db,
    pub(crate) keys: keys::KeyStore,
    pub(crate) blobs: blobs::Blobs,
    pub(crate) heads: seal::HeadKey,
}

impl Store {
    /// Whether reads are answered by this process alone, and so within moments, without waiting for another one.
    #[must_use]
    pub fn is_in_process(&self) -> bool {
        self.main.is_in_process()
    }
}
