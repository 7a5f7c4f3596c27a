//! Bundles (R4 bundle.html): many resources in one text.
//!
//! - [`Bundle`], [`Entry`], [`Request`], [`Response`]: reading one in place.
//! - [`BundleWriter`]: writing one from resources that are text already, piece by piece if it is long; [`BundleHead`],
//!   [`NewEntry`], [`NewRequest`], [`NewResponse`] are its parts.
//! - [`BundleType`], [`Method`], [`SearchMode`]: their codes.

mod code;
mod read;
mod write;

pub use code::{BundleType, Method, SearchMode};
pub use read::{Bundle, Entry, Request, Response};
pub use write::{BundleHead, BundleWriter, NewEntry, NewRequest, NewResponse};
