//! The log of commits, what one changed, and taking it back, on both databases.

#![expect(clippy::unwrap_used, reason = "a test that cannot set its scene up has failed")]

mod house;
mod look;
mod subject;
mod undo;
