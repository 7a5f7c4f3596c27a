//! Releasing health data: nothing leaves but inside [`Released`], which only this module makes, after a disclosure is open on
//! disk or as an own look (I4, design §3).

mod desk;
mod entry;
mod released;

pub use desk::{Desk, Stream};
pub use entry::Asked;
pub use released::Released;
