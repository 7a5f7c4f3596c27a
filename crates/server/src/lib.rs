//! The HTTP door: FHIR REST, operations, health. Everything here is protocol; what may be done is decided in `mecum_phr`.
//!
//! - `router`: every route on one page
//! - `serve`: listening, the access log's beat, shutting down
//! - `app`: what every request shares; the one dispatch onto a thread that may block
//! - `caller`, `incoming`, `body`: what a request says of itself
//! - `error`, `respond`: what an answer looks like
//! - `fhir`: one file per interaction or operation
//! - `portal`: the pages for people
//! - `watch`: the log line and the counters of a request
//! - `health`: for whoever runs the program

mod app;
mod body;
mod caller;
mod error;
mod fhir;
mod health;
mod http_date;
mod incoming;
mod portal;
mod respond;
mod router;
mod serve;
mod watch;

pub use portal::portal_addresses;
pub use router::router;
pub use serve::{ServeError, ServerConfig, serve};
