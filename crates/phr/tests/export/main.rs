//! Carrying a record away: what came in goes out as it came, no more than the caller may see, and never looks whole when it is not.

mod archive;
mod dates;
#[path = "../import/house.rs"]
mod house;
mod lines;
mod permission;
mod record;
