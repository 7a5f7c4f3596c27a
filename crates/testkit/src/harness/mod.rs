//! What tests need from the outside world: throw-away databases of both kinds, sample files, a clock and a source of randomness that
//! do what they are told.

mod clock;
mod database;
mod postgres;
mod random;
mod samples;
mod validator;

pub use clock::Clock;
pub use database::{Place, TestDatabase, databases, postgres, sqlite};
pub use random::Random;
pub use samples::samples;
pub use validator::Validator;

/// Whether this runs where nothing may be passed over.
fn is_ci() -> bool {
    std::env::var("CI").is_ok_and(|value| value == "true")
}
