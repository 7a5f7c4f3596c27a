//! Proof of the blobs: whatever is done to their files is found.

use std::fs;
use std::path::PathBuf;

use mecum_record::ids::RecordId;
use mecum_store::Store;

use crate::filled::filled;
use crate::house::{House, assert_whole, findings};

/// Each file of a record's blobs.
fn blob_files(house: &House, record: RecordId) -> Vec<PathBuf> {
    let shelves = fs::read_dir(house.blob_folder().join(record.to_string())).unwrap();
    let mut files: Vec<PathBuf> = shelves
        .flat_map(|shelf| fs::read_dir(shelf.unwrap().path()).unwrap().map(|file| file.unwrap().path()))
        .collect();
    files.sort();
    files
}

fn assert_blob_found(store: &Store, told: &str) {
    let found = findings(store);
    assert!(found.iter().any(|what| what.starts_with("blob: ")), "{told}: {found:?}");
}

#[test]
fn a_blob_that_is_not_as_written_is_found() {
    for house in House::each() {
        let store = house.open();
        let [record, other] = filled(&store);
        let (mine, theirs) = (blob_files(&house, record), blob_files(&house, other));
        assert_eq!((mine.len(), theirs.len()), (2, 2));
        for path in &mine {
            let sealed = fs::read(path).unwrap();
            for at in [0, 5, 20, sealed.len() / 2, sealed.len() - 1] {
                let mut altered = sealed.clone();
                altered[at] ^= 1;
                fs::write(path, altered).unwrap();
                assert_blob_found(&store, &format!("byte {at} altered"));
            }
            for length in [0, 10, sealed.len() - 1] {
                fs::write(path, &sealed[..length]).unwrap();
                assert_blob_found(&store, &format!("cut off at {length}"));
            }
            fs::write(path, [sealed.as_slice(), b"x"].concat()).unwrap();
            assert_blob_found(&store, "a byte added");
            fs::remove_file(path).unwrap();
            assert_blob_found(&store, "deleted");
            for stranger in mine.iter().chain(&theirs).filter(|stranger| *stranger != path) {
                fs::copy(stranger, path).unwrap();
                assert_blob_found(&store, "another blob's file");
            }
            fs::write(path, sealed).unwrap();
        }
        assert_whole(&store);
    }
}
