//! Files of many people, each person into a record of their own.

mod clinic;
mod house;
mod people;
mod samples;
