//! Keys: one installation key outside the data folder, and the keys of records and databases wrapped by it.
//!
//! - `installation_key`, `recovery_code`, `passphrase`: the one secret and the forms it takes
//! - `key_file`, `installation`, `source`: where it comes from
//! - `store`, `wrapped`, `cache`, `embedded`, `lock`: the key store, its rows, and how it is rotated
//! - `durable`: files that are private and survive a power cut

mod cache;
pub(crate) mod durable;
mod embedded;
mod error;
mod installation;
mod installation_key;
mod key_file;
mod lock;
mod passphrase;
mod recovery_code;
mod source;
mod store;
mod wrapped;

pub use embedded::rotate_file;
pub use error::KeyError;
pub use installation::Installation;
pub use installation_key::InstallationKey;
pub use key_file::{default_key_file, read_key_file, write_key_file};
pub use passphrase::{MIN_PASSPHRASE_CHARS, Passphrase};
pub use recovery_code::RecoveryCodeError;
pub use source::KeySource;
pub use store::KeyStore;
