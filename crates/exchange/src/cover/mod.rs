//! What Mecum itself adds to an export: the cover page, the manifest, the closing Provenance and the Bundle around them
//! (PHR-5, PHR-22, PHR-54, PHR-57, PHR-70, PHR-94).
//!
//! - [`Export`]: what all of them say; equal arguments give equal text.
//! - [`cover`], [`manifest()`], [`closing()`]: the lines of a `.phr`, first, second and last.
//! - [`document`], [`collection`], [`add`]: the Bundle of the default output format.
//! - [`Generated`]: the mark they carry, by which an import knows them and drops them; they are no health data.

mod bundle;
mod closing;
mod composition;
mod export;
mod manifest;
mod mark;
mod ride;
mod section;

pub use bundle::{add, collection, document};
pub use closing::closing;
pub(crate) use closing::lines_of_closing;
pub use composition::cover;
pub use export::{Confidentiality, Export};
pub use manifest::{RideAlong, manifest};
pub use mark::Generated;
pub use ride::{RideContent, ride_along};
