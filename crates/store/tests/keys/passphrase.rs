//! A passphrase as the key, and the installation file with its salt.

use std::fs;
use std::path::Path;

use mecum_store::keys::{Installation, KeyError, KeySource, Passphrase};

use super::code_of;

fn passphrase(text: &str, data_folder: &Path) -> KeySource {
    KeySource::Passphrase { passphrase: Passphrase::new(text.to_owned()), data_folder: data_folder.to_owned() }
}

#[test]
fn a_passphrase_gives_the_same_key_again_and_another_passphrase_another() {
    let folder = tempfile::tempdir().unwrap();
    let made = Installation::create(folder.path()).unwrap();
    let source = passphrase("correct horse battery", folder.path());
    assert!(matches!(source.read(), Err(KeyError::NoPassphrase)));
    let key = code_of(&source.create().unwrap());
    assert_eq!(code_of(&source.read().unwrap()), key);
    assert_ne!(code_of(&passphrase("correct horse batterz", folder.path()).read().unwrap()), key);
    let found = Installation::read(folder.path()).unwrap().unwrap();
    assert_eq!((found.id(), found.has_passphrase(), made.has_passphrase()), (made.id(), true, false));
    assert!(matches!(source.create(), Err(KeyError::KeyFileExists(_))), "the salt would be lost");
    assert_eq!(code_of(&source.read().unwrap()), key);
}

#[test]
fn the_same_passphrase_is_another_key_in_another_installation() {
    let key_in_new_folder = || {
        let folder = tempfile::tempdir().unwrap();
        Installation::create(folder.path()).unwrap();
        code_of(&passphrase("correct horse battery", folder.path()).create().unwrap())
    };
    assert_ne!(key_in_new_folder(), key_in_new_folder());
}

#[test]
fn a_new_passphrase_has_at_least_twelve_characters() {
    let folder = tempfile::tempdir().unwrap();
    Installation::create(folder.path()).unwrap();
    let short = passphrase("ä-eleven-äö", folder.path()).create();
    assert!(matches!(short, Err(KeyError::PassphraseTooShort { min_chars: 12 })));
    assert!(!Installation::read(folder.path()).unwrap().unwrap().has_passphrase());
}

#[test]
fn an_installation_is_named_once_and_its_file_is_read_with_care() {
    let folder = tempfile::tempdir().unwrap();
    assert!(Installation::read(folder.path()).unwrap().is_none());
    let made = Installation::create(folder.path()).unwrap();
    assert!(made.id().len() == 16 && made.id().bytes().all(|byte| byte.is_ascii_hexdigit()));
    assert!(matches!(Installation::create(folder.path()), Err(KeyError::Io { .. })));
    assert_eq!(Installation::read(folder.path()).unwrap().unwrap().id(), made.id());
    let salt = "00".repeat(16);
    let stretching = |memory: u32, passes: u32| {
        format!(
            r#"{{"mecum":1,"id":"0123456789abcdef","argon2id":{{"salt":"{salt}","memoryKib":{memory},"passes":{passes},"lanes":1}}}}"#
        )
    };
    let path = folder.path().join("installation.json");
    fs::write(&path, stretching(65536, 3)).unwrap();
    assert!(Installation::read(folder.path()).unwrap().unwrap().has_passphrase());
    let refused = [
        String::new(),
        "[]".to_owned(),
        r#"{"mecum":2,"id":"0123456789abcdef"}"#.to_owned(),
        r#"{"mecum":1,"id":"../../elsewhere"}"#.to_owned(),
        r#"{"mecum":1,"id":"0123456789abcdef","argon2id":{}}"#.to_owned(),
        stretching(8, 3),
        stretching(65536, 1),
        stretching(u32::MAX, 3),
        stretching(65536, u32::MAX),
    ];
    for text in refused {
        fs::write(&path, &text).unwrap();
        assert!(matches!(Installation::read(folder.path()), Err(KeyError::NotAnInstallation(_))), "{text}");
    }
}
