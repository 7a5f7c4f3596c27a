//! The pages for people: server-rendered, readable without script, nothing from elsewhere (design §9).
//!
//! - `door`: the sign-in link, its button, signing out
//! - `session`: the cookie, and what a signed-in request knows
//! - `shell`: what stands around every page
//! - `page`: a rendered page as an answer, with its headers
//! - `words`: the texts, by message catalogue
//! - `assets`: the style sheet and the script
//! - `trouble`: pages that say what went wrong and what to do

mod assets;
mod chart;
mod door;
mod entry;
mod facts;
mod file;
mod home;
mod html;
mod line;
mod narrative;
mod page;
mod routes;
mod session;
mod shell;
mod timeline;
mod trend;
mod trouble;
mod when;
mod words;

pub(crate) use routes::{guard, portal_routes};
