//! The `.sphr` container: a ZIP of `.phr` files and what rides along (PHR-20 to PHR-33).
//!
//! - [`Limits`], [`Refusal`]: what an archive may be, and why one was turned away.
//! - [`Archive`]: an archive whose every name and header was checked before anything is read from it.
//! - [`Manifest`]: our own index inside the archive.
//! - [`Writer`]: the streaming writer, plain or sealed.
//! - [`open()`]: from a file of any sealing to its archive.

mod imprint;
mod limits;
mod locked;
mod manifest;
mod member;
mod name;
mod open;
mod read;
mod readme;
mod refusal;
mod resolve;
mod scan;
mod sink;
mod verify;
mod write;
mod write_error;
mod zip_lock;

pub use imprint::Imprint;
pub use limits::Limits;
pub use manifest::{Manifest, ManifestFile};
pub use member::{Member, MemberId, MemberKind, MemberReader};
pub use name::neutral_media_name;
pub use open::{OpenError, open};
pub use read::{Archive, Protection};
pub use refusal::Refusal;
pub use resolve::resolve_link;
pub use verify::Difference;
pub use write::{MediaWritten, Writer};
pub use write_error::WriteError;
