//! How a person reads a resource: short texts in plain words, digits and dates as they were written.
//!
//! - [`text_of`]: an element of any datatype in one line.
//! - [`headline`](headline()): a resource in one line: what, which value, when, and how it stands.
//! - [`attachments`](attachments()): what is attached to a resource.
//! - [`label`](label()): an element's name as words.

mod attachment;
mod datatype;
mod headline;
mod label;
mod standing;
mod title;
mod value;
mod when;

pub use attachment::{Attachment, attachments};
pub use datatype::{concept, text_of};
pub use headline::{Headline, headline};
pub use label::label;
pub use standing::{Standing, standing};
pub use value::{value_text, values};
pub use when::When;
