//! Keys in files, codes and passphrases: what is refused, and that nothing is ever overwritten or shown.

use std::fs;
use std::path::Path;

use mecum_store::db::PageKey;
use mecum_store::keys::{
    Installation, InstallationKey, KeyError, KeySource, KeyStore, Passphrase, RecoveryCodeError, default_key_file,
    read_key_file, write_key_file,
};
use mecum_store::seal::{Aad, HeadKey, RecordKey};
use proptest::prelude::*;
use tempfile::TempDir;

fn code_of(key: &InstallationKey) -> String {
    key.recovery_code().to_string()
}

fn refusal(code: &str) -> RecoveryCodeError {
    InstallationKey::from_recovery_code(code).err().expect("the code is wrong and was taken")
}

fn passphrase(text: &str, data_folder: &Path) -> KeySource {
    KeySource::Passphrase { passphrase: Passphrase::new(text.to_owned()), data_folder: data_folder.to_owned() }
}

#[test]
fn a_recovery_code_is_sixty_letters_in_groups_of_five_and_gives_the_key_back() {
    let key = InstallationKey::generate();
    let code = code_of(&key);
    let groups: Vec<&str> = code.split('-').collect();
    assert_eq!(groups.len(), 12);
    assert!(groups.iter().all(|group| group.len() == 5 && !group.contains(['I', 'L', 'O', 'U'])));
    assert_eq!(code_of(&InstallationKey::from_recovery_code(&code).unwrap()), code);
    assert_ne!(code_of(&InstallationKey::generate()), code);
}

#[test]
fn a_recovery_code_may_be_typed_in_small_letters_with_spaces_and_look_alikes() {
    let code = code_of(&InstallationKey::generate());
    let typed = code.to_lowercase().replace('-', " \t").replace('0', "o").replace('1', "l");
    assert_eq!(code_of(&InstallationKey::from_recovery_code(&format!("\n {typed}\u{a0}")).unwrap()), code);
    let typed = code.replace('-', "\u{2013}").replace('0', "O").replace('1', "I");
    assert_eq!(code_of(&InstallationKey::from_recovery_code(&typed).unwrap()), code);
    assert_eq!(code_of(&InstallationKey::from_recovery_code(&code.replace('-', "")).unwrap()), code);
}

#[test]
fn every_single_slip_in_a_recovery_code_is_found_in_its_group() {
    let code = code_of(&InstallationKey::generate());
    for (at, letter) in code.char_indices().filter(|(_, letter)| *letter != '-') {
        for other in "0123456789ABCDEFGHJKMNPQRSTVWXYZ".chars().filter(|other| *other != letter) {
            let typed = format!("{}{other}{}", &code[..at], &code[at + 1..]);
            assert_eq!(refusal(&typed), RecoveryCodeError::MistypedGroup { group: at / 6 + 1 }, "{other} at {at}");
        }
    }
}

#[test]
fn neighbours_exchanged_in_a_recovery_code_are_found() {
    let code = code_of(&InstallationKey::generate()).replace('-', "");
    for at in 0..code.len() - 1 {
        let (one, other) = (&code[at..=at], &code[at + 1..at + 2]);
        if one != other {
            let typed = format!("{}{other}{one}{}", &code[..at], &code[at + 2..]);
            assert_eq!(refusal(&typed), RecoveryCodeError::MistypedGroup { group: at / 5 + 1 }, "at {at}");
        }
    }
}

#[test]
fn a_recovery_code_too_short_too_long_or_with_a_foreign_letter_says_so() {
    let code = code_of(&InstallationKey::generate());
    assert_eq!(refusal(""), RecoveryCodeError::Length { count: 0 });
    assert_eq!(refusal(&code[1..]), RecoveryCodeError::Length { count: 59 });
    assert_eq!(refusal(&format!("{code}0")), RecoveryCodeError::Length { count: 61 });
    assert_eq!(refusal(&format!("{}U{}", &code[..6], &code[7..])), RecoveryCodeError::Letter { place: 6 });
    assert_eq!(refusal(&"é".repeat(1000)), RecoveryCodeError::Letter { place: 1 });
}

proptest! {
    #[test]
    fn a_recovery_code_with_two_letters_wrong_is_never_taken(one in 0usize..60, other in 0usize..60, by in 1u8..32, by_too in 1u8..32) {
        prop_assume!(one != other);
        let alphabet = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
        let mut code = code_of(&InstallationKey::generate()).replace('-', "").into_bytes();
        for (at, by) in [(one, by), (other, by_too)] {
            let symbol = alphabet.iter().position(|letter| *letter == code[at]).unwrap();
            code[at] = alphabet[(symbol + usize::from(by)) % 32];
        }
        let typed = String::from_utf8(code).unwrap();
        prop_assert!(InstallationKey::from_recovery_code(&typed).is_err());
    }

    #[test]
    fn no_text_makes_reading_a_recovery_code_panic(text in any::<String>()) {
        prop_assert!(InstallationKey::from_recovery_code(&text).is_err());
    }
}

#[test]
fn a_key_file_gives_its_key_back_and_is_one_line() {
    let folder = tempfile::tempdir().unwrap();
    let path = default_key_file(folder.path(), "0123456789abcdef");
    assert_eq!(path, folder.path().join("mecum/0123456789abcdef.key"));
    let key = InstallationKey::generate();
    write_key_file(&path, &key).unwrap();
    assert_eq!(code_of(&read_key_file(&path).unwrap()), code_of(&key));
    let text = fs::read_to_string(&path).unwrap();
    assert_eq!(text, format!("mecum-installation-key {}\n", code_of(&key)));
    assert_eq!(fs::read_dir(path.parent().unwrap()).unwrap().count(), 1, "something is left beside the key file");
}

#[test]
fn a_key_file_is_never_overwritten() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.key");
    let key = InstallationKey::generate();
    write_key_file(&path, &key).unwrap();
    let again = write_key_file(&path, &InstallationKey::generate());
    assert!(matches!(again, Err(KeyError::KeyFileExists(at)) if at == path));
    assert!(matches!(KeySource::File(path.clone()).create(), Err(KeyError::KeyFileExists(_))));
    assert_eq!(code_of(&read_key_file(&path).unwrap()), code_of(&key));
}

#[cfg(unix)]
#[test]
fn a_key_file_is_private_and_one_that_others_may_read_is_refused_with_what_to_do() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("keys/a.key");
    write_key_file(&path, &InstallationKey::generate()).unwrap();
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!((mode(&path), mode(path.parent().unwrap())), (0o600, 0o700));
    for open in [0o640, 0o604, 0o620, 0o610, 0o644, 0o666] {
        fs::set_permissions(&path, fs::Permissions::from_mode(open)).unwrap();
        let error = read_key_file(&path).err().unwrap();
        assert!(matches!(error, KeyError::KeyFileNotPrivate { mode, .. } if mode == open));
        assert!(error.to_string().ends_with(&format!("run: chmod 600 {}", path.display())));
    }
    for private in [0o600, 0o400] {
        fs::set_permissions(&path, fs::Permissions::from_mode(private)).unwrap();
        assert!(read_key_file(&path).is_ok());
    }
}

#[test]
fn a_missing_cut_or_altered_key_file_is_refused_without_showing_what_is_in_it() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.key");
    assert!(matches!(read_key_file(&path), Err(KeyError::NoKeyFile(_))));
    write_key_file(&path, &InstallationKey::generate()).unwrap();
    let whole = fs::read(&path).unwrap();
    for len in 0..whole.len() {
        fs::write(&path, &whole[..len]).unwrap();
        assert!(matches!(read_key_file(&path), Err(KeyError::NotAKeyFile(_))), "cut to {len}");
    }
    for at in 0..whole.len() {
        let mut altered = whole.clone();
        altered[at] ^= 0x81;
        fs::write(&path, &altered).unwrap();
        let error = read_key_file(&path).err().unwrap();
        assert!(matches!(error, KeyError::NotAKeyFile(_)), "byte {at}");
        let shown = format!("{error} {error:?}");
        assert!(!String::from_utf8_lossy(&whole).split(['-', ' ']).skip(3).any(|group| shown.contains(group.trim())));
    }
    fs::write(&path, vec![b'x'; 1 << 20]).unwrap();
    assert!(matches!(read_key_file(&path), Err(KeyError::NotAKeyFile(_))));
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
