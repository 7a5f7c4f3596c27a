//! Keys in files, codes and passphrases, and the key store that they open.

#![expect(clippy::unwrap_used, reason = "what a test cannot go on without fails it")]

mod embedded;
mod file;
mod passphrase;
mod recovery;
mod shared;

use mecum_store::db::PageKey;
use mecum_store::keys::{InstallationKey, KeySource, KeyStore, Passphrase};
use mecum_store::seal::{Aad, HeadKey, RecordKey};
use tempfile::TempDir;

fn code_of(key: &InstallationKey) -> String {
    key.recovery_code().to_string()
}

/// Whether a type can be shown with `{:?}`: the inherent constant is found first, where it applies.
struct Shown<T>(std::marker::PhantomData<T>);
trait Otherwise {
    const IS: bool = false;
}
impl<T> Otherwise for Shown<T> {}
impl<T: std::fmt::Debug> Shown<T> {
    const IS: bool = true;
}

#[test]
fn no_type_that_holds_a_key_can_be_shown() {
    let shown = [
        Shown::<InstallationKey>::IS,
        Shown::<Passphrase>::IS,
        Shown::<KeySource>::IS,
        Shown::<KeyStore>::IS,
        Shown::<PageKey>::IS,
        Shown::<RecordKey>::IS,
        Shown::<HeadKey>::IS,
        Shown::<Aad>::IS,
    ];
    assert_eq!(shown, [false; 8]);
    assert_eq!([Shown::<TempDir>::IS], [true], "the test cannot tell");
}
