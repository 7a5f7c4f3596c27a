//! Search answered slowly and obviously, in memory (R4 search.html): what the databases' answers are held against.
//!
//! - [`World`]: resources with their values; [`World::answer`] is the answer to a query, [`World::included`] what comes with it.
//! - [`Asked`]: a query as an address.
//! - [`question()`]: a question about whatever resources there are, by [`Draws`].
//! - [`story`]: a few resources, and questions with their answers.
//! - `clause`, `value`, `order`: whether a clause holds, whether a value is met, and who comes first.

mod asked;
mod clause;
mod include;
mod order;
mod question;
pub mod story;
mod value;
mod world;

pub use asked::Asked;
pub use question::{Draws, question};
pub use world::{Found, World};
