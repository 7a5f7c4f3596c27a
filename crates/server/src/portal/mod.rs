//! The pages for people: server-rendered, readable without script, nothing from elsewhere (design §9).
//!
//! - `door`: the sign-in link, its button, signing out
//! - `session`: the cookie, and what a signed-in request knows
//! - `shell`: what stands around every page
//! - `page`: a rendered page as an answer, with its headers
//! - `words`: the texts, by message catalogue
//! - `assets`: the style sheet and the script
//! - `form`: what a page sent
//! - `history`, `commit`, `undo`, `verify`: the chain of commits
//! - `access`: who looked
//! - `search`: looking for words
//! - `import`, `export`: bringing files in and carrying them away
//! - `trouble`: pages that say what went wrong and what to do

mod access;
mod assets;
mod chart;
mod commit;
mod difference;
mod door;
mod entry;
mod export;
mod facts;
mod file;
mod form;
mod history;
mod home;
mod html;
mod import;
mod line;
mod narrative;
mod page;
mod routes;
mod search;
mod session;
mod shell;
mod timeline;
mod trend;
mod trouble;
mod undo;
mod verify;
mod when;
mod who;
mod words;

pub(crate) use import::Jobs;
pub(crate) use routes::{guard, portal_routes};

pub use routes::portal_addresses;
