//! Restoring: on another machine, with the recovery code alone.

use std::fs;
use std::sync::atomic::{AtomicBool, Ordering};

use mecum_phr::backup;
use mecum_phr::disclose::Asked;
use mecum_phr::installation::{Installation, KeyPlace, Site, Workload};
use mecum_phr::{Failure, interaction};

use crate::house::{House, app, create};

#[test]
fn a_backup_made_while_somebody_writes_holds_all_that_was_acknowledged_before() {
    let house = House::new(None);
    let (is_over, mut acknowledged) = (AtomicBool::new(false), Vec::new());
    for n in 0..20 {
        acknowledged.push(create(&house.phr, house.record, &format!("n{n}")).unwrap());
    }
    let folder = std::thread::scope(|scope| {
        let writer = scope.spawn(|| {
            let mut n_written = 0;
            while !is_over.load(Ordering::SeqCst) || n_written == 0 {
                create(&house.phr, house.record, "meanwhile").unwrap();
                n_written += 1;
            }
        });
        let folder = house.backup();
        is_over.store(true, Ordering::SeqCst);
        writer.join().unwrap();
        folder
    });
    assert_eq!(house.verify(&folder).unwrap().findings, Vec::new());

    // Another machine: nothing but the backup and the recovery code.
    let there = tempfile::tempdir().unwrap();
    let site = Site { data_folder: there.path().join("data"), database_url: None };
    let restored = backup::restore(&folder, &site, house.key(), &mut |_| {}).unwrap();
    assert!(restored.is_whole() && restored.n_commits >= 22);
    let installation = Installation::find(site).unwrap().unwrap();
    let key_file = there.path().join("config/key");
    installation.restore_key(&house.code, &key_file).unwrap();
    let phr = installation.open(KeyPlace::File(key_file), Workload::COMMAND).unwrap();
    for key in &acknowledged {
        let read = interaction::read(&phr, &app(house.record), key, &Asked::new("GET")).unwrap().deliver();
        let here = interaction::read(&house.phr, &app(house.record), key, &Asked::new("GET")).unwrap().deliver();
        assert!(read.text.is_some() && read.text == here.text);
    }
    create(&phr, house.record, "life goes on").unwrap();
}

#[test]
fn restoring_refuses_a_folder_that_is_not_empty_and_leaves_it_as_it_is() {
    let house = House::new(None);
    let folder = house.backup();
    let to = house.folder.path().join("taken");
    fs::create_dir(&to).unwrap();
    fs::write(to.join("letter.txt"), b"dear").unwrap();
    let site = Site { data_folder: to.clone(), database_url: None };
    let refused = backup::restore(&folder, &site, house.key(), &mut |_| {});
    assert!(matches!(refused, Err(Failure::Conflict(_))));
    assert_eq!(fs::read(to.join("letter.txt")).unwrap(), b"dear");
    assert!(!to.join("record.db").exists());
}

#[test]
fn a_damaged_backup_or_a_wrong_key_leaves_nothing_behind() {
    let (house, other) = (House::new(None), House::new(None));
    let folder = house.backup();
    let site = Site { data_folder: house.folder.path().join("new"), database_url: None };
    let refused = backup::restore(&folder, &site, other.key(), &mut |_| {});
    assert!(matches!(refused, Err(Failure::Conflict(_))));
    assert!(!site.data_folder.exists());
    let access = folder.join("access.db");
    let mut altered = fs::read(&access).unwrap();
    let middle = altered.len() / 2;
    altered[middle] ^= 1;
    fs::write(&access, altered).unwrap();
    let refused = backup::restore(&folder, &site, house.key(), &mut |_| {});
    assert!(matches!(refused, Err(Failure::Broken(text)) if text.contains("access.db is altered")));
    assert!(!site.data_folder.exists());
}
