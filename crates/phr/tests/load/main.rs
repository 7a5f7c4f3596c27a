//! Files of many people, each person into a record of their own.

#![expect(clippy::unwrap_used, reason = "a test that cannot set its scene up has failed")]

mod clinic;
mod house;
mod people;
mod samples;
