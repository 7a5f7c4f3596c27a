//! Backups of a PostgreSQL database, by its own programs.

use mecum_phr::backup;
use mecum_phr::installation::{Installation, KeyPlace, Site, Workload};
use mecum_testkit::harness;

use crate::house::{House, create, files_in};

#[test]
fn dumps_of_postgresql_are_proven_and_restored_to_an_empty_database() {
    let (Some(database), Some(empty)) = (harness::postgres(), harness::postgres()) else { return };
    let url = |database: &harness::TestDatabase| match database.place() {
        harness::Place::Postgres(url) => Some(url.to_owned()),
        harness::Place::Sqlite(_) => None,
    };
    let house = House::new(url(&database));
    let folder = house.backup();
    let names: Vec<_> =
        files_in(&folder).iter().filter_map(|file| file.extension()?.to_str().map(str::to_owned)).collect();
    assert_eq!(names.iter().filter(|ending| *ending == "dump").count(), 3);
    assert!(house.verify(&folder).unwrap().is_whole());

    let there = tempfile::tempdir().unwrap();
    let site = Site { data_folder: there.path().join("data"), database_url: url(&empty) };
    let restored = backup::restore(&folder, &site, house.key(), &mut |_| {}).unwrap();
    assert_eq!((restored.findings.len(), restored.n_records, restored.n_commits), (0, 2, 2));
    let installation = Installation::find(site).unwrap().unwrap();
    let key_file = there.path().join("config/key");
    installation.restore_key(&house.code, &key_file).unwrap();
    let phr = installation.open(KeyPlace::File(key_file), Workload::COMMAND).unwrap();
    create(&phr, house.record, "life goes on").unwrap();
}
