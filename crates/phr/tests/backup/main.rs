//! Backups: made while others write, proven, found out when altered, restored on another machine.

#![expect(clippy::unwrap_used, reason = "a test that cannot set its scene up has failed")]

mod house;
mod postgres;
mod prove;
mod restore;
