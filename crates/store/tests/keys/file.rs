//! The key file: private, whole, and never overwritten.

use std::fs;
use std::path::Path;

use mecum_store::keys::{InstallationKey, KeyError, KeySource, default_key_file, read_key_file, write_key_file};

use super::code_of;

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
