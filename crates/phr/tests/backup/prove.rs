//! Proof of a backup, and that nothing in it can be altered unseen.

use std::fs;

use mecum_phr::Failure;
use mecum_phr::backup::{self, BackupKey};
use mecum_record::access::Denied;
use zeroize::Zeroizing;

use crate::house::{House, app, files_in};

#[test]
fn a_backup_of_a_store_in_use_is_whole_and_holds_no_key() {
    let house = House::new(None);
    let folder = house.backup();
    let verified = house.verify(&folder).unwrap();
    assert_eq!(verified.findings, Vec::new());
    assert_eq!((verified.n_records, verified.n_commits), (2, 2));
    let names: Vec<_> = files_in(&folder).iter().map(|file| file.strip_prefix(&folder).unwrap().to_owned()).collect();
    let has = |name: &str| names.iter().any(|path| path.to_str() == Some(name));
    assert!(["record.db", "access.db", "keys.db", "installation.json", "manifest.json"].into_iter().all(has));
    assert!(names.iter().any(|path| path.starts_with("blobs/1")));
    let key = fs::read(house.folder.path().join("config/key")).unwrap();
    for file in files_in(&folder) {
        assert!(!fs::read(&file).unwrap().windows(key.len()).any(|part| part == key), "{}", file.display());
    }
    let before = files_in(&folder);
    house.verify(&folder).unwrap();
    assert_eq!(files_in(&folder), before, "verifying leaves nothing behind");
}

#[test]
fn a_flipped_byte_in_any_file_of_a_backup_is_found() {
    let house = House::new(None);
    let folder = house.backup();
    for file in files_in(&folder) {
        let sound = fs::read(&file).unwrap();
        for at in [0, sound.len() / 3, sound.len() / 2, sound.len() - 1] {
            let mut altered = sound.clone();
            altered[at] ^= 0x20;
            fs::write(&file, &altered).unwrap();
            let verified = house.verify(&folder);
            let is_found = verified.as_ref().is_ok_and(|verified| !verified.is_whole())
                || matches!(verified, Err(Failure::Malformed(_)));
            assert!(is_found, "byte {at} of {}", file.display());
        }
        fs::write(&file, &sound).unwrap();
    }
    assert!(house.verify(&folder).unwrap().is_whole());
}

#[test]
fn a_missing_and_a_foreign_file_are_found() {
    let house = House::new(None);
    let folder = house.backup();
    fs::write(folder.join("notes.txt"), b"mine").unwrap();
    let told = house.verify(&folder).unwrap().findings;
    assert_eq!(told[0].what, "notes.txt is no part of this backup");
    fs::remove_file(folder.join("notes.txt")).unwrap();
    fs::remove_file(folder.join("access.db")).unwrap();
    assert_eq!(house.verify(&folder).unwrap().findings[0].what, "access.db is missing");
    fs::remove_file(folder.join("manifest.json")).unwrap();
    assert!(matches!(house.verify(&folder), Err(Failure::Malformed(_))));
}

#[test]
fn another_installations_key_opens_no_backup() {
    let (house, other) = (House::new(None), House::new(None));
    let folder = house.backup();
    assert!(matches!(other.verify(&folder), Err(Failure::Conflict(text)) if text.contains("key")));
    let nonsense = BackupKey::RecoveryCode(Zeroizing::new("12345".to_owned()));
    assert!(backup::verify(&folder, nonsense, &mut |_| {}).is_err());
}

#[test]
fn an_app_makes_no_backup() {
    let house = House::new(None);
    let to = house.folder.path().join("backups");
    let made = backup::create(&house.phr, &app(house.record), &house.site, &to, &mut |_| {});
    assert!(matches!(made, Err(Failure::Forbidden(Denied::OutOfScope))));
    assert!(!to.exists());
}
